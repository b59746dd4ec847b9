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
        "user": {"id": "subject-7", "ip_address": "10.0.0.1", "email": "ana@example.com"},
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
    assert scrubbed["user"] == {"id": "subject-7"}


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


CANARY = "canary-7f3a91c0"
REPORTING = """
import asyncio, json, logging, httpx, sentry_sdk
from contextlib import asynccontextmanager
from fastapi import APIRouter, Request
from pydantic import SecretStr
from shared_utils.http.app import build_app
from shared_utils.observability.errors import note_user
from shared_utils.settings import ServiceSettings
CANARY = "%(canary)s"
sent = []
class Transport(sentry_sdk.transport.Transport):
    def capture_envelope(self, envelope):
        sent.append(envelope.serialize().decode())
real = sentry_sdk.init
sentry_sdk.init = lambda **options: real(transport=Transport, **options)
router = APIRouter(tags=["x"])

@router.post("/things/{number}")
async def broken(number: int, request: Request):
    note_user("subject-7")
    sentry_sdk.set_user({"id": "subject-7", "email": CANARY, "ip_address": "10.0.0.1"})
    body = await request.body()
    local = CANARY + body.decode()
    logging.getLogger("app").info("before", extra={"fields": {"password": CANARY}})
    logging.getLogger("app").info("Authorization: Bearer %%s", CANARY)
    sentry_sdk.add_breadcrumb(category="redis", message="GET " + CANARY)
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda r: httpx.Response(200, json=dict(r.headers)))) as c:
        answer = await c.get("http://elsewhere/?token=" + CANARY)
        print("headers", sorted(set(answer.json()) & {"sentry-trace", "baggage"}))
    raise RuntimeError("went wrong with api_key=" + CANARY)

@asynccontextmanager
async def nothing(_):
    yield {}

app = build_app(
    title="Demo", version="9", lifespan=nothing, routers=[("/api/v1", router)],
    settings=ServiceSettings(environment="test", sentry_dsn=SecretStr("http://public@127.0.0.1:1/1"), log_level="ERROR"),
)

async def main():
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rotina.dev") as client:
        answer = await client.post(
            "/api/v1/things/5?access_token=" + CANARY, content=CANARY, cookies={"session": CANARY},
            headers={"Authorization": "Bearer " + CANARY, "X-Internal-Key": CANARY, "X-Api-Key": CANARY,
                     "traceparent": "%(parent)s"},
        )
        print("status", answer.status_code)

asyncio.run(main())
sentry_sdk.flush()
text = "".join(sent)
lines = [line for one in sent for line in one.splitlines()]
events = [json.loads(line) for line in lines if line.startswith("{") and "exception" in line]
print("leaks", [line[max(0, line.index(CANARY) - 80):][:200] for line in lines if CANARY in line])
event = events[0]
print("event", json.dumps({"user": event.get("user"), "tags": event["tags"], "request": event["request"],
      "release": event["release"], "types": [e["type"] for e in event["exception"]["values"]], "count": len(events),
      "crumbs": [c["category"] for c in event.get("breadcrumbs", {}).get("values", [])]}))
"""


def test_a_report_of_a_real_request_holds_no_canary():
    """In a process of its own, through the whole application, with a transport that keeps what would be sent."""
    code = REPORTING % {"canary": CANARY, "parent": PARENT}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    told = dict(
        line.split(" ", 1)
        for line in result.stdout.splitlines()
        if line.split(" ")[0] in {"headers", "status", "leaks", "event"}
    )
    assert (told["status"], told["headers"], told["leaks"]) == ("500", "[]", "[]")
    event = json.loads(told["event"])
    assert event["user"] == {"id": "subject-7"}
    assert event["request"] == {"url": "http://rotina.dev/api/v1/things/5", "method": "POST"}
    assert (event["types"], event["release"], event["count"]) == (["RuntimeError"], "9", 1)
    assert (event["tags"]["service"], event["tags"]["trace_id"]) == ("demo", PARENT[3:35])
    assert "redis" not in event["crumbs"]
