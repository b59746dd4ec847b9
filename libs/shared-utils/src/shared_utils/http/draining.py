"""How a process that answers requests ends without failing one of them.

On SIGTERM it first says that it is not ready, and goes on answering for `drain_seconds`: longer than the gateway
needs to notice (`healthCheck` in services/gateway/dynamic). Every answer of that time closes its connection, so that
no caller keeps one that is about to go. Only then the server is told: it refuses new connections, lets requests at
hand end, and event streams end where they can be taken up again.

SIGINT, somebody's Ctrl-C, is not waited for, and a second SIGTERM ends the waiting.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared_utils.logging import get_logger

logger = get_logger(__name__)

_CLOSE = (b"connection", b"close")


class Drain:
    """The end of one process: `draining` as soon as it is told to end, `stopping` once the server is told, too."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.draining = False
        self.stopping = asyncio.Event()
        self._waiting: asyncio.TimerHandle | None = None
        self._told: list[Callable[[], object]] = []

    def at_stop(self, *told: Callable[[], object]) -> None:
        """Called when the server is told: loops beside it then end while it waits for its last answers."""
        self._told += told

    def begin(self) -> None:
        """Not ready from now on; connections close after their answer."""
        if not self.draining:
            self.draining = True
            logger.info("draining", extra={"fields": {"seconds": self.seconds}})

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Puts the drain before the server's own handler. Where there is none, none is put in."""
        previous = signal.getsignal(signal.SIGTERM)
        if threading.current_thread() is not threading.main_thread() or not callable(previous):
            yield
            return
        loop = asyncio.get_running_loop()
        end: Callable[[int, FrameType | None], object] = previous

        def stop() -> None:
            self.stopping.set()
            for one in self._told:
                one()
            end(signal.SIGTERM, None)

        def told() -> None:
            if self._waiting is not None or not self.seconds:
                stop()
            else:
                self._waiting = loop.call_later(self.seconds, stop)
            self.begin()

        def handle(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(told)

        signal.signal(signal.SIGTERM, handle)
        try:
            yield
        finally:
            if self._waiting is not None:
                self._waiting.cancel()
            signal.signal(signal.SIGTERM, previous)


class Draining:
    """Pure ASGI, outermost: an answer that is given while the process drains closes its connection."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self.app = app
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_last(message: Message) -> None:
            # Asked at the answer, not at the request: the order to end may come in between.
            if self._drain.draining and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _CLOSE]
            await send(message)

        await self.app(scope, receive, send_last)
