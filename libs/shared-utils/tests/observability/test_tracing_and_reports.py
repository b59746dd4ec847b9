import json
import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from pydantic import SecretStr

from shared_utils.observability.errors import init_sentry, scrub
from shared_utils.observability.tracing import (
    current_traceparent,
    extract,
    inject,
    is_traceparent,
    new_traceparent,
    traced,
)

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PARTS = ("eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJ1c2VyIn0", "c2lnbmF0dXJl")
TOKEN = ".".join(PARTS)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT.upper(),
        PARENT + "-x",
        "01" + PARENT[2:],
        "00-0af7-b7ad-01",
    ],
)
def test_malformed_contexts_are_refused(value):
    assert not is_traceparent(value)
    assert extract({"traceparent": value} if value else {}) is None
    assert is_traceparent(new_traceparent(value))


def test_a_child_keeps_the_trace_and_the_flags():
    child = new_traceparent(PARENT[:-2] + "00")
    assert child[:36] == PARENT[:36]
    assert child[-3:] == "-00"
    assert child[36:52] != PARENT[36:52]


def test_the_context_travels_and_ends_with_its_block():
    assert current_traceparent() is None
    with traced(PARENT) as inside:
        headers: dict[str, str] = {}
        inject(headers)
        assert headers == {"traceparent": inside} == {"traceparent": current_traceparent()}
        assert extract(headers) == inside
    assert current_traceparent() is None
    empty: dict[str, str] = {}
    inject(empty)
    assert empty == {}


def test_a_span_of_opentelemetry_wins():
    context = SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=TraceFlags(1))
    with traced(PARENT), trace.use_span(NonRecordingSpan(context)):
        assert current_traceparent() == f"00-{0xABC:032x}-{0xDEF:016x}-01"


def test_without_a_dsn_nothing_is_reported_and_nothing_is_loaded():
    assert init_sentry(None, service="x", environment="test") is False
    assert init_sentry(SecretStr(""), service="x", environment="test") is False
    code = (
        "import sys; import shared_utils.http.app; from shared_utils.observability.errors import init_sentry;"
        "init_sentry(None, service='x', environment='test'); print('sentry_sdk' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert loaded.stdout.strip() == "False"


def test_a_report_names_nobody_and_opens_nothing():
    event = {
        "request": {
            "url": "https://rotina.dev/api?access_token=abc",
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "cookies": {"session": "x"},
            "data": "body",
            "query_string": "access_token=abc",
            "method": "POST",
        },
        "user": {"id": "ana", "ip_address": "10.0.0.1"},
        "exception": {"values": [{"value": f"bad token {TOKEN}"}]},
        "extra": {"password": "hunter2", "rows": 3},
        "breadcrumbs": [{"message": "postgresql://core:hunter2@db/rotina"}],
    }
    scrubbed = scrub(event)
    text = json.dumps(scrubbed)
    for secret in ("eyJ", "hunter2", "access_token", "ana", "10.0.0.1", "body"):
        assert secret not in text
    assert scrubbed["request"] == {"url": "https://rotina.dev/api", "method": "POST"}
    assert scrubbed["extra"] == {"password": "***", "rows": 3}


def test_with_a_dsn_reports_are_scrubbed_on_their_way():
    """In a process of its own: the SDK hooks into the whole process."""
    code = f"""
import json, sentry_sdk
from pydantic import SecretStr
from shared_utils.observability.errors import init_sentry
sent = []
class Transport(sentry_sdk.transport.Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.payload.json)
real = sentry_sdk.init
sentry_sdk.init = lambda **options: real(transport=Transport, **options)
assert init_sentry(SecretStr("http://public@127.0.0.1:1/1"), service="demo", environment="test", release="1")
try:
    secret = "{TOKEN}"
    raise ValueError("bad " + secret)
except ValueError as error:
    sentry_sdk.capture_exception(error)
sentry_sdk.flush()
text = json.dumps(sent)
print(len(sent), "eyJ" in text, sent[0]["tags"]["service"], sent[0]["environment"])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert result.stdout.split() == ["1", "False", "demo", "test"], result.stderr
