import json
import logging
import sys

import pytest

from shared_utils.logging import (
    bind_correlation_id,
    configure_logging,
    correlation,
    correlation_id,
    get_logger,
    mask_fields,
    mask_secrets,
    unbind_correlation_id,
)
from shared_utils.observability.tracing import traced

PARTS = ("eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJ1c2VyIn0", "c2lnbmF0dXJl")
TOKEN = ".".join(PARTS)


@pytest.fixture
def lines(capsys):
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    configure_logging(service="demo", level="DEBUG", fmt="json")
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    root.handlers[:], root.level = before
    logging.captureWarnings(False)


def test_a_record_is_one_json_object_on_one_line(lines):
    get_logger("demo.part").info("loaded %s rows\nof %s", 3, "B3", extra={"fields": {"rows": 3, "file": "ação"}})
    [line] = lines()
    assert line["message"] == "loaded 3 rows\nof B3"
    assert (line["level"], line["logger"], line["service"]) == ("INFO", "demo.part", "demo")
    assert (line["rows"], line["file"]) == (3, "ação")
    assert line["ts"].endswith("+00:00")


def test_ids_are_those_of_the_context(lines):
    logger = get_logger("demo")
    with correlation("request-0001"), traced() as traceparent:
        logger.info("inside")
    logger.info("outside")
    inside, outside = lines()
    assert (inside["correlation_id"], inside["trace_id"]) == ("request-0001", traceparent[3:35])
    assert (outside["correlation_id"], outside["trace_id"]) == (None, None)


def test_fields_cannot_forge_the_frame_of_a_record(lines):
    get_logger("demo").info("real", extra={"fields": {"message": "forged", "level": "DEBUG", "service": "other"}})
    [line] = lines()
    assert (line["message"], line["level"], line["service"]) == ("real", "INFO", "demo")


def test_exceptions_come_with_their_traceback_and_without_secrets(lines):
    try:
        raise ValueError(f"cannot use {TOKEN}")
    except ValueError:
        get_logger("demo").exception("failed")
    [line] = lines()
    assert "Traceback" in line["exception"]
    assert "eyJ" not in json.dumps(line)


def test_what_json_does_not_know_is_written_as_text(lines):
    get_logger("demo").info("x", extra={"fields": {"path": sys, "set": {1}}})
    [line] = lines()
    assert "module" in line["path"]


def test_configuring_twice_writes_once(lines):
    configure_logging(service="demo", level="INFO", fmt="json")
    get_logger("demo").info("once")
    get_logger("demo").debug("not at this level")
    assert [line["message"] for line in lines()] == ["once"]


def test_uvicorns_own_access_log_is_off(lines):
    get_logger("uvicorn.access").info("GET /?token=secret")
    get_logger("uvicorn.error").info("started")
    assert [line["message"] for line in lines()] == ["started"]


def test_the_text_format_is_for_people_and_masks_too(capsys, lines):
    configure_logging(service="demo", level="INFO", fmt="text")
    get_logger("demo").info("token %s", TOKEN, extra={"fields": {"rows": 3, "password": "hunter2"}})
    text = capsys.readouterr().out
    assert "rows=3 password=***" in text
    assert "eyJ" not in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"got {TOKEN}!", "got ***!"),
        ("postgresql+asyncpg://core:hun%40ter@db:5432/rotina", "postgresql+asyncpg://core:***@db:5432/rotina"),
        ("redis://:secret@cache:6379/0", "redis://:***@cache:6379/0"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic ***"),
        ('{"Authorization": "Bearer abcdefgh"}', '{"Authorization": "Bearer ***"}'),
        ("X-Internal-Key: 0123456789", "X-Internal-Key: ***"),
        ('{"x-internal-key": "0123"}', '{"x-internal-key": "***"}'),
        ("password=hunter2 user=ana", "password=*** user=ana"),
        ("?access_token=abc&x=1", "?access_token=***&x=1"),
        ('"client_secret": "s3cr3t", "a": 1', '"client_secret": "***", "a": 1'),
        ("api_key=sk123", "api_key=***"),
        ("a bearer of good news", "a bearer of good news"),
        ("http://127.0.0.1:8000/health", "http://127.0.0.1:8000/health"),
        ("the password is wrong", "the password is wrong"),
        ("12:30:45 mail ana@example.com", "12:30:45 mail ana@example.com"),
    ],
)
def test_secrets_are_masked_and_the_rest_stays(text, masked):
    assert mask_secrets(text) == masked


def test_masking_keeps_json_valid():
    line = json.dumps({"m": 'Authorization: "Bearer abcdefgh"', "n": f"x={TOKEN}", "password": 'a"b'})
    assert json.loads(mask_secrets(line))["m"].startswith("Authorization")


def test_fields_with_secret_names_are_masked_at_any_depth():
    fields = {
        "a": [{"refresh_token": "x", "tokens_used": 3}],
        "DSN": "y",
        "api-key": "z",
        "internal_key": 1,
        "key": "ok",
    }
    assert mask_fields(fields) == {
        "a": [{"refresh_token": "***", "tokens_used": 3}],
        "DSN": "***",
        "api-key": "***",
        "internal_key": "***",
        "key": "ok",
    }


def test_correlation_ids_nest_and_are_made_when_missing():
    with correlation("outer-id"):
        with correlation(None) as made:
            assert correlation_id() == made
            assert len(made) == 32
        assert correlation_id() == "outer-id"
    assert correlation_id() == ""
    token = bind_correlation_id("bound-id")
    assert correlation_id() == "bound-id"
    unbind_correlation_id(token)
    assert correlation_id() == ""
