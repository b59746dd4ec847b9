"""LISTEN / NOTIFY: a wake-up in the moment a transaction commits. Never a message: what matters is in tables."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared_utils.db.engine import asyncpg_dsn
from shared_utils.logging import get_logger

logger = get_logger(__name__)

MAX_BACKOFF_SECONDS = 2.0
CHECK_SECONDS = 15.0
_KEPT_PAYLOADS = 1000


async def notify(session: AsyncSession, channel: str, payload: str = "") -> None:
    """Wakes the listeners of `channel` when the session's transaction commits. Equal ones are merged by PostgreSQL."""
    await session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload})


class Wake:
    """An event that clears itself when it is waited for, with the payloads that came since."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._payloads: deque[str] = deque(maxlen=_KEPT_PAYLOADS)

    def set(self, payload: str | None = None) -> None:
        if payload is not None:
            self._payloads.append(payload)
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def clear(self) -> None:
        self._event.clear()

    async def wait(self, timeout: float | None = None) -> bool:
        """Waits until woken, at most `timeout` seconds; says whether it was. Clears the event."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True

    def take(self) -> list[str]:
        """The payloads since the last call, oldest first; at most the last thousand."""
        payloads = list(self._payloads)
        self._payloads.clear()
        return payloads


class Listener:
    """A dedicated connection that listens. It reconnects by itself and then wakes everybody: notifications were missed.

    async with Listener(url, application_name="core-scheduler") as listener:
        async with listener.subscribe("core_wake") as wake:
            await wake.wait(timeout=1.0)
    """

    def __init__(self, url: str | SecretStr, *, application_name: str = "listener") -> None:
        self._dsn = asyncpg_dsn(url)
        self._application_name = application_name
        self._subscribers: dict[str, set[Wake]] = {}
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._changed = asyncio.Event()
        self._lost = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name=f"listen-{self._application_name}")
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stops listening and closes the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    @property
    def connected(self) -> bool:
        """Whether notifications arrive at the moment."""
        return self._ready.is_set()

    async def wait_connected(self, timeout: float = 10) -> None:
        """Waits until every subscribed channel is listened to. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            await self._ready.wait()

    @asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[Wake]:
        """A `Wake` that is set by every notification on `channel`, and after each reconnection."""
        wake = Wake()
        self._subscribers.setdefault(channel, set()).add(wake)
        self._ready.clear()
        self._changed.set()
        try:
            yield wake
        finally:
            self._subscribers[channel].discard(wake)

    async def _run(self) -> None:
        backoff = 0.05
        while True:
            try:
                await self._listen_until_lost()
                backoff = 0.05
            except Exception as error:  # noqa: BLE001  a dying connection may raise anything, also asyncpg's own confusion
                logger.warning(
                    "listening failed, trying again", extra={"fields": {"error": repr(error), "in_seconds": backoff}}
                )
            self._ready.clear()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)

    async def _listen_until_lost(self) -> None:
        self._lost.clear()
        connection = await asyncpg.connect(
            self._dsn, timeout=5, server_settings={"application_name": f"{self._application_name}-listen"}
        )
        connection.add_termination_listener(lambda _connection: self._lost.set())
        try:
            listened: set[str] = set()
            while not self._lost.is_set():
                await self._listen(connection, listened)
                await self._idle(connection)
        finally:
            connection.terminate()

    async def _listen(self, connection: "asyncpg.Connection[asyncpg.Record]", listened: set[str]) -> None:
        self._changed.clear()
        for channel in set(self._subscribers) - listened:
            await connection.add_listener(channel, self._notified)
            listened.add(channel)
        if not self._ready.is_set():
            self._ready.set()
            for wakes in self._subscribers.values():
                for wake in wakes:
                    wake.set()

    async def _idle(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Sleeps until something changes; a silent connection is probed, because a dead peer sends nothing."""
        waits = [asyncio.create_task(self._changed.wait()), asyncio.create_task(self._lost.wait())]
        try:
            done, _ = await asyncio.wait(waits, timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        if not done:
            await connection.execute("SELECT 1", timeout=5)

    def _notified(self, _connection: Any, _pid: int, channel: str, payload: object) -> None:
        for wake in self._subscribers.get(channel, ()):
            wake.set(str(payload))
