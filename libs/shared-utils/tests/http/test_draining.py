"""A process that is told to end says so, answers what comes, and tells the server only then."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from shared_utils.http.app import build_app
from shared_utils.http.draining import Drain
from shared_utils.settings import ServiceSettings
from shared_utils.testing.serving import served

TOLD = "the server was told"


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
    yield {}


async def test_a_draining_service_is_not_ready_and_closes_each_connection_after_its_answer() -> None:
    app = build_app(
        title="Draining",
        version="1",
        settings=ServiceSettings(),
        lifespan=nothing,
        routers=[],
        registry=CollectorRegistry(),
    )
    async with served(app) as client:
        before = await client.get("/health/ready")
        app.state.drain.begin()
        ready, live = await client.get("/health/ready"), await client.get("/health")
    assert (before.status_code, before.headers.get("connection")) == (200, None)
    assert (ready.status_code, ready.json()["code"]) == (503, "DRAINING")
    assert (live.status_code, live.headers["connection"]) == (200, "close"), "what still comes is answered"


class Server:
    """Has a handler for SIGTERM, as uvicorn has."""

    def __init__(self, drain: Drain) -> None:
        self.drain = drain
        self.told = asyncio.Event()
        self.seen: list[tuple[bool, bool]] = []

    def handle(self, number: int, _frame: FrameType | None) -> None:
        assert number == signal.SIGTERM
        self.seen.append((self.drain.draining, self.drain.stopping.is_set()))
        self.told.set()


@pytest.fixture
def server_with() -> Iterator[Callable[[float], Server]]:
    before = signal.getsignal(signal.SIGTERM)

    def make(seconds: float) -> Server:
        server = Server(Drain(seconds))
        signal.signal(signal.SIGTERM, server.handle)
        return server

    yield make
    signal.signal(signal.SIGTERM, before)


async def test_the_server_is_told_after_the_drain(server_with: Callable[[float], Server]) -> None:
    server = server_with(0.2)
    loop_ends = asyncio.Event()
    server.drain.at_stop(loop_ends.set)
    with server.drain.on_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
        assert (server.seen, loop_ends.is_set()) == ([], False)
        await asyncio.wait_for(server.told.wait(), 10)
    assert (server.seen, loop_ends.is_set()) == ([(True, True)], True), TOLD


async def test_a_second_order_ends_the_waiting(server_with: Callable[[float], Server]) -> None:
    server = server_with(3600)
    with server.drain.on_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(server.told.wait(), 10)
    assert server.seen == [(True, True)], TOLD


async def test_without_a_drain_the_server_is_told_at_once(server_with: Callable[[float], Server]) -> None:
    server = server_with(0)
    with server.drain.on_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(server.told.wait(), 10)
    assert server.seen == [(False, True)]
    assert signal.getsignal(signal.SIGTERM) == server.handle, "the server's handler is back"


@pytest.mark.parametrize(
    ("environment", "seconds", "expected"),
    [("local", None, 0), ("staging", None, 5), ("local", 7, 7), ("staging", 0, 0)],
)
def test_how_long_is_a_setting_with_a_safe_default(environment: Any, seconds: float | None, expected: float) -> None:
    assert ServiceSettings(environment=environment, drain_seconds=seconds).draining == expected
