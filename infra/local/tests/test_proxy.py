"""The front door between a client and a service: streams, failures, people who leave."""

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from local_stack.front_door import FrontDoor
from local_stack.gateway_config import load_gateway_config
from local_stack.gateway_middlewares import _RateLimit
from local_stack.ports import free_port

RULES = """
http:
  routers:
    all: {rule: "PathPrefix(`/`)", service: upstream, middlewares: [gzip]}
  middlewares:
    gzip: {compress: {excludedContentTypes: [text/event-stream]}}
  services:
    upstream: {loadBalancer: {servers: [{url: '{{ env "UPSTREAM" }}'}]}}
"""


@pytest.fixture
def front_for(serve: Callable[[Any], Any], tmp_path: Path) -> Callable[[str], Any]:
    (tmp_path / "rules.yml").write_text(RULES)

    def build(upstream: str) -> Any:
        return serve(FrontDoor(load_gateway_config(tmp_path, {"UPSTREAM": upstream}), {}))

    return build


class EventStream:
    """One event at once; the second one only when the test says so."""

    def __init__(self) -> None:
        self.more = threading.Event()
        self.client_left = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await receive()
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: first\n\n", "more_body": True})
        second = asyncio.create_task(asyncio.to_thread(self.more.wait, 10))
        gone = asyncio.create_task(self._until_gone(receive))
        await asyncio.wait({second, gone}, return_when=asyncio.FIRST_COMPLETED)
        self.more.set()
        gone.cancel()
        await second
        await send({"type": "http.response.body", "body": b"data: second\n\n", "more_body": False})

    async def _until_gone(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.client_left.set()


def test_the_first_event_of_a_stream_passes_at_once_and_uncompressed(
    serve: Callable[[Any], Any], front_for: Callable[[str], Any]
) -> None:
    stream = EventStream()
    front = front_for(serve(stream).url)

    with httpx.stream("GET", f"{front.url}/events", headers={"Accept-Encoding": "gzip"}, timeout=5) as answer:
        chunks = answer.iter_raw()
        first = next(chunks)
        assert not stream.more.is_set(), "the first event was held back until the second"
        stream.more.set()
        rest = b"".join(chunks)

    assert (first, rest) == (b"data: first\n\n", b"data: second\n\n")
    assert "content-encoding" not in answer.headers


def test_a_client_that_leaves_ends_the_stream_behind_too(
    serve: Callable[[Any], Any], front_for: Callable[[str], Any]
) -> None:
    stream = EventStream()
    front = front_for(serve(stream).url)

    with httpx.stream("GET", f"{front.url}/events", timeout=5) as answer:
        next(answer.iter_raw())

    assert stream.client_left.wait(5), "the service went on for a client that had left"


def test_a_service_that_is_not_there_is_502_in_the_envelope(front_for: Callable[[str], Any]) -> None:
    front = front_for(f"http://127.0.0.1:{free_port()}")

    answer = httpx.get(f"{front.url}/x", headers={"X-Request-ID": "request-0001"})

    assert answer.status_code == 502
    assert answer.json() == {
        "status": "error",
        "code": "BAD_GATEWAY",
        "message": "The service upstream cannot be reached. Try again shortly.",
        "details": None,
        "timestamp": answer.json()["timestamp"],
        "request_id": "request-0001",
    }


def test_a_service_that_hangs_is_504(monkeypatch: pytest.MonkeyPatch, front_for: Callable[[str], Any]) -> None:
    monkeypatch.setattr("local_stack.proxy.FIRST_BYTE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        front = front_for(f"http://127.0.0.1:{silent.getsockname()[1]}")

        answer = httpx.get(f"{front.url}/x")

    assert answer.status_code == 504
    assert answer.json()["code"] == "GATEWAY_TIMEOUT"


def test_an_answer_that_breaks_off_is_seen_as_broken(front_for: Callable[[str], Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as liar:

        def answer_half() -> None:
            connection, _ = liar.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nonly this"
                )

        thread = threading.Thread(target=answer_half)
        thread.start()
        front = front_for(f"http://127.0.0.1:{liar.getsockname()[1]}")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{front.url}/x")
        thread.join(5)


def test_a_body_of_unknown_length_is_passed_on_as_it_comes(
    serve: Callable[[Any], Any], front_for: Callable[[str], Any]
) -> None:
    seen: list[tuple[bytes, bytes]] = []
    received = bytearray()
    first_chunk = threading.Event()

    async def upload(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        seen.extend(scope["headers"])
        more = True
        while more:
            message = await receive()
            received.extend(message.get("body", b""))
            more = message.get("more_body", False)
            if received:
                first_chunk.set()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    front = front_for(serve(upload).url)

    def chunks() -> Any:
        yield b"first "
        assert first_chunk.wait(5), "the first part waited for the rest"
        yield b"second"

    answer = httpx.post(f"{front.url}/x", content=chunks())

    assert answer.status_code == 204
    assert bytes(received) == b"first second"
    assert (b"transfer-encoding", b"chunked") in seen


def test_answers_keep_status_duplicate_headers_and_bytes(
    serve: Callable[[Any], Any], front_for: Callable[[str], Any]
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"content-type", b"application/octet-stream")]
        await send({"type": "http.response.start", "status": 418, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(range(256)) * 20})

    front = front_for(serve(app).url)
    answer = httpx.get(f"{front.url}/x")

    assert answer.status_code == 418
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.content == bytes(range(256)) * 20


def test_head_is_answered_without_a_body(serve: Callable[[Any], Any], front_for: Callable[[str], Any]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        assert scope["method"] == "HEAD"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"42")]})
        await send({"type": "http.response.body"})

    answer = httpx.head(f"{front_for(serve(app).url).url}/x")

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "42", b"")


def test_the_bucket_refills_with_time() -> None:
    now = [100.0]

    async def app(scope: Any, receive: Any, send: Any) -> None: ...

    limit = _RateLimit(app, {"average": 60, "period": "1m", "burst": 2}, clock=lambda: now[0])

    assert [limit.take("a"), limit.take("a")] == [0, 0]
    assert 0 < limit.take("a") <= 1
    assert limit.take("b") == 0, "sources are counted apart"
    now[0] += 1
    assert limit.take("a") == 0
    assert limit.take("a") > 0


class Replica:
    """A server that says who it is, and whether it is ready."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ready = True
        self.asked = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        is_check = scope["path"] == "/health/ready"
        status = 200 if self.ready or not is_check else 503
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": self.name.encode()})
        if is_check:
            self.asked.set()


BALANCED = """
http:
  routers:
    all: {rule: "PathPrefix(`/`)", service: upstream}
  services:
    upstream:
      loadBalancer:
        servers: [{url: '{{ env "ONE" }}'}, {url: '{{ env "TWO" }}'}]
        healthCheck: {path: /health/ready, interval: 20ms, timeout: 5s}
"""


def test_a_replica_that_is_not_ready_gets_no_request(serve: Callable[[Any], Any], tmp_path: Path) -> None:
    one, two = Replica("one"), Replica("two")
    (tmp_path / "rules.yml").write_text(BALANCED)
    addresses = {"ONE": serve(one).url, "TWO": serve(two).url}
    front = serve(FrontDoor(load_gateway_config(tmp_path, addresses), {}))

    def answering() -> set[str]:
        return {httpx.get(f"{front.url}/x", timeout=5).text for _ in range(4)}

    assert answering() == {"one", "two"}
    two.ready = False
    _asked_twice(two)
    assert answering() == {"one"}
    one.ready = False
    _asked_twice(one)
    assert answering() == {"one", "two"}, "with none ready, their own answers say best what is the matter"


def _asked_twice(replica: Replica) -> None:
    """The answer to the first question may have been given before."""
    for _ in range(2):
        replica.asked.clear()
        assert replica.asked.wait(10)
