"""Real HTTP servers of a test's own, on the loopback interface."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from local_stack.ports import free_port


class RunningServer:
    """An ASGI application under uvicorn, in a thread with a loop of its own."""

    def __init__(self, app: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ready = threading.Event()
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            server_header=False,
            timeout_graceful_shutdown=1,
            proxy_headers=False,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        async def serve() -> None:
            startup = self.server.startup

            async def noted(*args: Any, **kwargs: Any) -> None:
                await startup(*args, **kwargs)
                self.ready.set()

            self.server.startup = noted  # type: ignore[method-assign]
            await self.server.serve()

        asyncio.run(serve())

    def start(self) -> "RunningServer":
        self.thread.start()
        assert self.ready.wait(10), "the test's server did not start"
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def _serving() -> Iterator[Callable[[Any], RunningServer]]:
    running: list[RunningServer] = []

    def start(app: Any) -> RunningServer:
        running.append(RunningServer(app).start())
        return running[-1]

    yield start
    for server in reversed(running):
        server.stop()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], RunningServer]]:
    """Starts an application; every one is stopped at the end of the test, the last one first."""
    yield from _serving()


@pytest.fixture(scope="module")
def serve_all() -> Iterator[Callable[[Any], RunningServer]]:
    """The same for a whole module."""
    yield from _serving()
