"""What every service's application does, whatever its routes are."""

import json
import logging
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, Query, Response
from prometheus_client import CollectorRegistry
from pydantic import BaseModel, Field

from shared_schemas.envelope import ApiError, ApiResponse
from shared_utils import errors
from shared_utils.http.envelope import ok, problems
from shared_utils.http.health import ReadinessCheck
from shared_utils.http.statuses import STATUS_BY_CATEGORY, status_of
from shared_utils.logging import correlation_id, get_logger
from shared_utils.observability.tracing import current_traceparent
from shared_utils.testing.serving import served


class Thing(BaseModel):
    name: str = Field(min_length=2)
    size: int


class ThingGone(errors.NotFound):
    """The thing has gone: look for another one."""

    code = "THING_GONE"


class ThingBusy(errors.Conflict):
    """Somebody uses the thing."""

    code = "THING_BUSY"


router = APIRouter(prefix="/things", tags=["things"])
raising: dict[str, Exception] = {}


@router.get("/{number}", responses=problems(ThingGone, ThingBusy))
async def read_thing(number: int) -> ApiResponse[Thing, None]:
    """One thing."""
    return ok(Thing(name=f"thing {number}", size=number))


@router.post("")
async def create_thing(thing: Thing, colour: Annotated[str, Query(max_length=5)] = "red") -> ApiResponse[Thing, None]:
    return ok(Thing(name=f"{thing.name} {colour}", size=thing.size))


@router.post("/raw")
async def measure(body: Annotated[bytes, Body(media_type="application/octet-stream")]) -> ApiResponse[int, None]:
    return ok(len(body))


@router.get("/raise/{name}")
async def raise_it(name: str) -> ApiResponse[None, None]:
    raise raising[name]


@router.get("/context/ids")
async def context() -> ApiResponse[dict[str, Any], None]:
    return ok({"correlation_id": correlation_id(), "traceparent": current_traceparent()})


@router.get("/cached/it")
async def cached(response: Response) -> ApiResponse[None, None]:
    response.headers["Cache-Control"] = "max-age=60"
    return ok(None)


@pytest.fixture(scope="module")
async def client(make_app):
    async with served(make_app(router, larger_bodies={"/api/v1/things/raw": 3_000_000})) as http:
        yield http


@pytest.fixture
async def counted(make_app):
    """An application whose metrics are counted from zero."""
    async with served(make_app(router, registry=CollectorRegistry())) as http:
        yield http


@pytest.fixture
def raises():
    def register(error: Exception) -> str:
        raising["it"] = error
        return "/api/v1/things/raise/it"

    yield register
    raising.clear()


async def test_a_success_is_the_envelope(client):
    response = await client.get("/api/v1/things/7")
    body = response.json()
    assert response.status_code == 200
    assert list(body) == ["status", "data", "meta", "errors", "timestamp", "request_id"]
    assert body["data"] == {"name": "thing 7", "size": 7}
    assert (body["status"], body["meta"], body["errors"]) == ("success", None, None)
    assert body["timestamp"].endswith("Z")
    assert body["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("request_id", ["abcdefgh", "A1-" * 10, "x" * 64])
async def test_a_good_request_id_is_kept(client, request_id):
    response = await client.get("/api/v1/things/1", headers={"X-Request-ID": request_id})
    assert response.headers["X-Request-ID"] == request_id == response.json()["request_id"]


@pytest.mark.parametrize("request_id", ["short", "x" * 65, "new\tline-new", "semi;colon;x", "ünicode-ünicode"])
async def test_a_bad_request_id_is_replaced(client, request_id):
    response = await client.get("/api/v1/things/1", headers={"X-Request-ID": request_id.encode()})
    made = response.headers["X-Request-ID"]
    assert made != request_id
    assert len(made) == 32
    assert response.headers.get_list("X-Request-ID") == [made]


async def test_the_trace_goes_on_with_a_new_span(client):
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    inside = (await client.get("/api/v1/things/context/ids", headers={"traceparent": parent})).json()["data"]
    assert inside["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert inside["traceparent"].split("-")[2] != "b7ad6b7169203331"


async def test_a_malformed_trace_starts_a_new_one(client):
    inside = (await client.get("/api/v1/things/context/ids", headers={"traceparent": "00-zz-zz-01"})).json()["data"]
    assert len(inside["traceparent"]) == 55


async def test_security_headers(client):
    response = await client.get("/api/v1/things/1")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers
    assert "X-XSS-Protection" not in response.headers


async def test_a_route_may_decide_about_caching(client):
    response = await client.get("/api/v1/things/cached/it")
    assert response.headers.get_list("Cache-Control") == ["max-age=60"]


@pytest.mark.parametrize(("category", "status"), list(STATUS_BY_CATEGORY.items()))
async def test_each_category_has_its_status(client, raises, category, status):
    response = await client.get(raises(category("what happened")))
    assert response.status_code == status
    body = ApiError.model_validate(response.json())
    assert (body.status, body.code, body.message) == ("error", category.code, "what happened")
    assert body.request_id == response.headers["X-Request-ID"]


async def test_a_domain_error_has_its_own_code_and_its_docstring_as_message(client, raises):
    response = await client.get(raises(ThingGone(details={"thing": 3})))
    assert response.status_code == 404
    assert response.json()["code"] == "THING_GONE"
    assert response.json()["message"] == "The thing has gone: look for another one."
    assert response.json()["details"] == {"thing": 3}


async def test_details_may_name_fields(client, raises):
    detail = {"field": "params.reference", "message": "unknown", "type": "value_error"}
    response = await client.get(raises(errors.Invalid("Check the params.", details=[detail])))
    assert response.json()["details"] == [detail]


async def test_waiting_is_announced(client, raises):
    assert (await client.get(raises(errors.Unavailable(retry_after=7.2)))).headers["Retry-After"] == "8"
    assert (await client.get(raises(errors.TooManyRequests(retry_after=0.1)))).headers["Retry-After"] == "1"


async def test_who_is_not_signed_in_is_told_how(client, raises):
    assert (await client.get(raises(errors.Unauthenticated()))).headers["WWW-Authenticate"] == "Bearer"


async def test_an_unknown_error_leaks_nothing_and_is_logged(client, raises, caplog):
    response = await client.get(raises(RuntimeError("password=hunter2")))
    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"
    assert "hunter2" not in response.text
    assert response.headers["X-Request-ID"] == response.json()["request_id"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    record = next(record for record in caplog.records if record.levelname == "ERROR")
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)


@pytest.mark.parametrize("error", [ConnectionRefusedError("no database"), ConnectionResetError()])
async def test_a_database_that_is_away_is_a_503(client, raises, error):
    response = await client.get(raises(error))
    assert response.status_code == 503
    assert response.json()["code"] == "UNAVAILABLE"
    assert response.headers["Retry-After"]


async def test_unknown_addresses_and_methods(client):
    missing = await client.get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")
    wrong = await client.delete("/api/v1/things/3")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["Allow"] == "GET"


async def test_validation_errors_name_the_fields(client):
    response = await client.post("/api/v1/things", params={"colour": "purple"}, json={"name": "x"})
    body = response.json()
    assert (response.status_code, body["code"]) == (422, "INVALID")
    assert {detail["field"] for detail in body["details"]} == {"name", "size", "colour"}
    assert body["message"] == "The request is not acceptable: check colour, name, size."
    assert "input" not in response.text


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{broken", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "text/plain"),
        (b"\xff", "application/json"),
    ],
)
async def test_broken_bodies_are_the_clients_fault(client, content, content_type):
    response = await client.post("/api/v1/things", content=content, headers={"Content-Type": content_type})
    assert 400 <= response.status_code < 500
    ApiError.model_validate(response.json())


async def test_a_large_body_is_refused_by_its_announced_length(client):
    response = await client.post("/api/v1/things", content=b"x" * (1024 * 1024 + 1))
    assert (response.status_code, response.json()["code"]) == (413, "TOO_LARGE")


async def test_a_large_body_is_refused_while_it_arrives(client):
    async def chunks():
        for _ in range(40):
            yield b"x" * 65_536

    response = await client.post("/api/v1/things", content=chunks(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "TOO_LARGE")


async def test_some_addresses_take_more(client):
    response = await client.post("/api/v1/things/raw", content=b"x" * 2_000_000)
    assert response.json()["data"] == 2_000_000
    assert (await client.post("/api/v1/things/raw", content=b"x" * 3_000_001)).status_code == 413


async def test_health(make_app):
    async with served(make_app(router)) as client:
        response = await client.get("/health")
        assert response.json()["data"] == {"service": "test-service", "version": "1.2.3", "status": "ok"}
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["data"]["checks"]) == (200, {})


async def test_readiness_names_what_fails_and_keeps_its_reasons(make_app, monkeypatch):
    monkeypatch.setattr("shared_utils.http.health.CHECK_TIMEOUT_SECONDS", 0.05)

    async def good(state: Any) -> None:
        assert state.flag == "up"

    async def bad(_state: Any) -> None:
        raise RuntimeError("password=hunter2")

    async def slow(_state: Any) -> None:
        import asyncio

        await asyncio.Event().wait()

    checks = [ReadinessCheck("good", good), ReadinessCheck("bad", bad), ReadinessCheck("slow", slow)]
    async with served(make_app(router, readiness=checks, state={"flag": "up"})) as client:
        response = await client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["code"] == "NOT_READY"
    assert response.json()["details"] == {"checks": {"good": "ok", "bad": "failed", "slow": "timeout"}}
    assert "hunter2" not in response.text


async def test_metrics_count_routes_and_not_addresses(counted):
    for number in range(30):
        await counted.get(f"/api/v1/things/{number}")
        await counted.get(f"/random/{number}")
    exposition = (await counted.get("/metrics")).text
    assert 'http_requests_total{method="GET",route="/api/v1/things/{number}",status="200"} 30.0' in exposition
    assert 'http_requests_total{method="GET",route="unmatched",status="404"} 30.0' in exposition
    assert "/random/" not in exposition
    assert 'http_request_duration_seconds_count{method="GET",route="/api/v1/things/{number}"} 30.0' in exposition


async def test_the_number_of_series_stays_flat(counted):
    await counted.get("/nowhere/0")
    before = (await counted.get("/metrics")).text.count("\n")
    before = (await counted.get("/metrics")).text.count("\n")
    for number in range(200):
        await counted.get(f"/nowhere/{number}")
        await counted.request(f"VERB{number}", f"/nowhere/{number}")
    after = (await counted.get("/metrics")).text.count("\n")
    assert after - before <= 20  # one series for the method OTHER


async def test_the_access_log_has_the_route_and_the_request_id(client, caplog):
    with caplog.at_level(logging.INFO, logger="access"):
        await client.get("/api/v1/things/5?token=secret", headers={"X-Request-ID": "request-0001"})
        await client.get("/health")
    fields = [record.fields for record in caplog.records if record.name == "access"]
    assert len(fields) == 1
    assert fields[0]["route"] == "/api/v1/things/{number}"
    assert fields[0]["status"] == 200
    assert "secret" not in json.dumps(fields)


async def test_a_forged_forwarded_header_is_not_the_client(client, caplog):
    with caplog.at_level(logging.INFO, logger="access"):
        await client.get("/api/v1/things/5", headers={"X-Forwarded-For": "6.6.6.6"})
    assert [record.fields["client"] for record in caplog.records if record.name == "access"] == ["127.0.0.1"]


async def test_a_log_line_inside_a_request_carries_its_id(make_app, capsys):
    logger = get_logger("inside")
    inside = APIRouter(tags=["inside"])

    @inside.get("/log")
    async def log() -> ApiResponse[None, None]:
        logger.info("hello", extra={"fields": {"rows": 3}})
        return ok(None)

    async with served(make_app(inside)) as client:
        capsys.readouterr()
        response = await client.get("/api/v1/log")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    line = next(line for line in lines if line["logger"] == "inside")
    assert line["correlation_id"] == response.headers["X-Request-ID"]
    assert (line["message"], line["rows"], line["service"]) == ("hello", 3, "test-service")
    assert len(line["trace_id"]) == 32


async def test_an_alias_answers_too_and_stays_out_of_the_document(make_app):
    from shared_utils.http.app import build_app
    from shared_utils.settings import ServiceSettings

    app = build_app(
        title="Alias",
        version="1",
        settings=ServiceSettings(environment="test"),
        lifespan=None,  # type: ignore[arg-type]
        routers=[("/api/v1", router)],
        aliases={"/api": "/api/v1"},
        larger_bodies={"/api/v1/things/raw": 3_000_000},
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for path in ("/api/things/4", "/api/v1/things/4"):
            assert (await client.get(path)).json()["data"]["size"] == 4
        for path in ("/apis/things/4", "/api/v1/v1/things/4", "/api/api/things/4", "/things/4", "/api", "/api/v1"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.post("/api/things/raw", content=b"x" * 2_000_000)).status_code == 200
        document = (await client.get("/openapi.json")).json()
    assert "/api/v1/things/{number}" in document["paths"]
    assert "/api/things/{number}" not in document["paths"]


async def test_the_openapi_document_names_operations_and_errors(client):
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/api/v1/things/{number}"]["get"]
    assert operation["operationId"] == "things_read_thing"
    for status in ("404", "409", "422", "default"):
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ApiError"}, status
    assert "`THING_GONE`" in operation["responses"]["404"]["description"]
    assert {"HTTPValidationError", "ValidationError"}.isdisjoint(document["components"]["schemas"])
    identifiers = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(identifiers) == len(set(identifiers))
    assert not [path for path in document["paths"] if path.startswith(("/health", "/metrics"))]


async def test_documentation_pages_are_for_developers_only(make_app):
    async with served(make_app(router, environment="local")) as client:
        page = await client.get("/docs")
        assert page.status_code == 200
        assert "Content-Security-Policy" not in page.headers
    async with served(make_app(router, environment="staging")) as client:
        assert (await client.get("/docs")).status_code == 404


def test_status_of_an_error_class_is_its_categorys():
    class Special(ThingBusy):
        code = "SPECIAL"

    assert status_of(Special) == 409
    assert status_of(errors.AppError) == 500


def test_problems_groups_codes_by_status():
    documented = problems(ThingGone, errors.NotFound, ThingBusy)
    assert set(documented) == {404, 409}
    assert documented[404]["description"] == "`NOT_FOUND` or `THING_GONE`"
    assert documented[404]["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}}
