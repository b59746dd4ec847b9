"""How services call each other: against a real server that fails in the ways that servers fail."""

import asyncio
from collections import deque
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, SecretStr

from shared_utils.http.circuit_breaker import BreakerState, CircuitBreaker
from shared_utils.http.client import ServiceClient, UpstreamBroken, UpstreamRejected, UpstreamUnavailable
from shared_utils.logging import correlation
from shared_utils.observability.tracing import traced
from shared_utils.testing.servers import free_port
from shared_utils.testing.serving import served


class Echo(BaseModel):
    method: str
    headers: dict[str, str]
    number: int


class Order(BaseModel):
    number: int


router = APIRouter(prefix="/internal", tags=["internal"])
script: deque[Response] = deque()
seen: list[str] = []


@router.api_route("/echo", methods=["GET", "POST", "PUT", "DELETE"])
async def echo(request: Request, x_internal_key: Annotated[str | None, Header()] = None) -> Response:
    seen.append(request.method)
    if script:
        return script.popleft()
    body: Any = await request.body()
    number = Order.model_validate_json(body).number if body else 0
    kept = {name: value for name, value in request.headers.items() if name.startswith("x-") or name == "traceparent"}
    return Response(Echo(method=request.method, headers=kept, number=number).model_dump_json())


def failing(status: int, *, times: int = 1, **headers: str) -> None:
    body = '{"code": "THE_CODE", "message": "the reason"}'
    script.extend(Response(body, status, headers) for _ in range(times))


@pytest.fixture(scope="module")
async def upstream(make_app):
    async with served(make_app(router)) as http:
        yield str(http.base_url).rstrip("/") + "/api/v1"


@pytest.fixture
def pauses() -> list[float]:
    """The pauses between tries, which the client notes instead of sleeping."""
    return []


async def no_pause(_seconds: float) -> None:
    """Tests do not sleep."""


@pytest.fixture
async def client(upstream, pauses):
    script.clear()
    seen.clear()

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    key = SecretStr("the-key")
    async with ServiceClient(upstream, service_name="worker-svc", internal_key=key, sleep=note) as made:
        yield made


async def test_headers_say_who_calls_and_for_what(client):
    with correlation("request-12345"), traced() as traceparent:
        echoed = await client.post("/internal/echo", Order(number=4), response=Echo)
    assert echoed.number == 4
    assert echoed.headers == {
        "x-internal-key": "the-key",
        "x-source-service": "worker-svc",
        "x-request-id": "request-12345",
        "traceparent": traceparent,
    }


async def test_without_a_response_model_nothing_is_parsed(client):
    assert await client.post("/internal/echo") is None
    assert await client.put("/internal/echo", Order(number=1)) is None
    assert await client.delete("/internal/echo") is None


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_get_is_repeated_until_it_works(client, status):
    failing(status, times=3)
    assert (await client.get("/internal/echo", response=Echo)).method == "GET"
    assert len(seen) == 4


async def test_it_gives_up_after_four_tries(client):
    failing(503, times=10)
    with pytest.raises(UpstreamUnavailable, match="the reason"):
        await client.get("/internal/echo", response=Echo)
    assert len(seen) == 4


async def test_a_post_is_sent_once(client):
    failing(503)
    with pytest.raises(UpstreamUnavailable):
        await client.post("/internal/echo", Order(number=1), response=Echo)
    assert seen == ["POST"]


async def test_an_idempotent_post_is_repeated(client):
    failing(503, times=2)
    assert (await client.post("/internal/echo", Order(number=9), response=Echo, idempotent=True)).number == 9
    assert len(seen) == 3


async def test_pauses_grow_and_vary(client, pauses):
    failing(503, times=3)
    await client.get("/internal/echo", response=Echo)
    assert len(pauses) == 3
    for pause, least in zip(pauses, (0.1, 0.2, 0.4), strict=True):
        assert least <= pause <= least + 0.1


async def test_the_other_sides_wish_for_patience_is_kept(client, pauses):
    failing(503, times=2, **{"Retry-After": "3"})
    failing(503, **{"Retry-After": "86400"})
    await client.get("/internal/echo", response=Echo)
    assert pauses == [3, 3, 5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
async def test_a_refusal_is_not_repeated(client, status):
    failing(status)
    with pytest.raises(UpstreamRejected) as caught:
        await client.get("/internal/echo", response=Echo)
    assert (caught.value.status, caught.value.upstream_code) == (status, "THE_CODE")
    assert len(seen) == 1


async def test_an_answer_without_an_envelope_is_still_an_error(client):
    script.append(Response("<html>", 404))
    with pytest.raises(UpstreamRejected, match="HTTP 404"):
        await client.get("/internal/echo", response=Echo)


async def test_an_answer_that_breaks_the_contract_is_named(client):
    script.append(Response('{"method": 1}'))
    with pytest.raises(UpstreamBroken, match="Echo"):
        await client.get("/internal/echo", response=Echo)


async def test_redirects_are_not_followed_with_the_key(client):
    script.append(Response(status_code=307, headers={"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(UpstreamRejected):
        await client.get("/internal/echo", response=Echo)


async def test_nobody_listening():
    async with ServiceClient(
        f"http://127.0.0.1:{free_port()}", service_name="x", internal_key=None, sleep=no_pause
    ) as client:
        with pytest.raises(UpstreamUnavailable, match="ConnectError"):
            await client.get("/x", response=Echo)


async def test_a_server_that_says_nothing_times_out():
    server = await asyncio.start_server(lambda _reader, _writer: asyncio.Event().wait(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with ServiceClient(
        f"http://127.0.0.1:{port}", service_name="x", internal_key=None, timeout=0.05, sleep=no_pause
    ) as client:
        with pytest.raises(UpstreamUnavailable, match="ReadTimeout"):
            await client.post("/x", response=Echo)
    server.close()


async def test_the_circuit_opens_and_one_probe_closes_it(upstream):
    script.clear()
    seen.clear()
    now = [100.0]
    breaker = CircuitBreaker(failures=3, reset_after=10, monotonic=lambda: now[0])
    async with ServiceClient(upstream, service_name="x", internal_key=None, breaker=breaker, sleep=no_pause) as client:
        failing(503, times=3)
        with pytest.raises(UpstreamUnavailable, match="failed too often"):
            await client.get("/internal/echo", response=Echo)
        assert client.breaker_state is BreakerState.OPEN
        with pytest.raises(UpstreamUnavailable, match="failed too often"):
            await client.get("/internal/echo", response=Echo)
        assert len(seen) == 3
        now[0] += 10
        assert client.breaker_state is BreakerState.HALF_OPEN
        await client.get("/internal/echo", response=Echo)
        assert client.breaker_state is BreakerState.CLOSED


async def test_refusals_do_not_open_the_circuit(client):
    failing(404, times=20)
    for _ in range(20):
        with pytest.raises(UpstreamRejected):
            await client.get("/internal/echo", response=Echo)
    assert client.breaker_state is BreakerState.CLOSED


async def test_proxies_of_the_environment_are_ignored(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert (await client.get("/internal/echo", response=Echo)).method == "GET"


class TestCircuitBreaker:
    def make(self, **options: Any) -> tuple[CircuitBreaker, list[float]]:
        now = [0.0]
        return CircuitBreaker(monotonic=lambda: now[0], **options), now

    def test_successes_in_between_keep_it_closed(self):
        breaker, _ = self.make(failures=2)
        for _ in range(10):
            breaker.failure()
            breaker.success()
        assert breaker.state is BreakerState.CLOSED

    def test_only_one_probe_is_let_through(self):
        breaker, now = self.make(failures=1, reset_after=5)
        breaker.failure()
        assert not breaker.allow()
        assert breaker.retry_after == 5
        now[0] = 5
        assert [breaker.allow() for _ in range(4)] == [True, False, False, False]

    def test_a_failed_probe_opens_it_for_another_period(self):
        breaker, now = self.make(failures=5, reset_after=5)
        for _ in range(5):
            breaker.failure()
        now[0] = 5
        assert breaker.allow()
        breaker.failure()
        assert breaker.state is BreakerState.OPEN
        now[0] = 9.9
        assert not breaker.allow()
        now[0] = 10
        assert breaker.allow()

    def test_a_cancelled_probe_lets_another_one_through(self):
        breaker, now = self.make(failures=1, reset_after=1)
        breaker.failure()
        now[0] = 1
        assert breaker.allow()
        breaker.abandon()
        assert breaker.allow()


async def test_a_cancelled_call_is_no_failure(upstream):
    breaker = CircuitBreaker(failures=1)
    arrived = asyncio.Event()

    async def hang(_request: httpx.Request) -> httpx.Response:
        arrived.set()
        await asyncio.Event().wait()
        raise AssertionError

    client = ServiceClient(
        upstream, service_name="x", internal_key=None, breaker=breaker, transport=httpx.MockTransport(hang)
    )
    task = asyncio.create_task(client.get("/x", response=Echo))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await client.aclose()
    assert breaker.state is BreakerState.CLOSED
