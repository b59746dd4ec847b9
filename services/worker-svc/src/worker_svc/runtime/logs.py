"""Log lines on their way to core-api: batched, bounded, and at most a moment behind (E15)."""

import asyncio
from collections import Counter, deque
from typing import Final
from uuid import UUID

from shared_schemas.jobs import MAX_BATCH, LogLine
from shared_utils.errors import AppError
from shared_utils.http.client import UpstreamRejected, UpstreamUnavailable
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from worker_svc.runtime.core import CoreProtocol

logger = get_logger(__name__)

FLUSH_SECONDS: Final = 0.25
MAX_LINES: Final = 50_000
MAX_SENT: Final = min(MAX_BATCH, 500)

type AttemptKey = tuple[UUID, int]


class LogShipper:
    """Sends lines every quarter of a second; while core-api is away it keeps the newest `MAX_LINES`."""

    def __init__(self, core: CoreProtocol) -> None:
        self._core = core
        self._lines: deque[LogLine] = deque()
        self._open: Counter[AttemptKey] = Counter()
        self._more = asyncio.Event()
        self._urgent = asyncio.Event()
        self._shipped = asyncio.Condition()
        self.dropped = 0

    def add(self, line: LogLine) -> None:
        """Takes one line. When the buffer is full the oldest one is given up and counted."""
        if len(self._lines) >= MAX_LINES:
            self._forget(self._lines.popleft())
            self.dropped += 1
        self._lines.append(line)
        self._open[line.execution_id, line.attempt] += 1
        self._more.set()

    async def flushed(self, execution_id: UUID, attempt: int, *, timeout: float) -> bool:
        """Waits until every line of an attempt is with core-api, at most `timeout` seconds; says whether it is."""
        key = (execution_id, attempt)
        if not self._open[key]:
            del self._open[key]
            return True
        self._urgent.set()
        try:
            async with asyncio.timeout(timeout), self._shipped:
                await self._shipped.wait_for(lambda: not self._open[key])
        except TimeoutError:
            return False
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Ships until `stop` is set and the buffer is empty, or core-api does not take it any more."""
        backoff = Backoff(maximum=1.0)
        while not (stop.is_set() and not self._lines):
            if not self._lines:
                self._more.clear()
                await wait_first(stop, self._more, timeout=60)
                await wait_first(stop, self._urgent, timeout=FLUSH_SECONDS)  # let a batch gather
                self._urgent.clear()
                continue
            try:
                await self._ship()
                backoff.reset()
            except UpstreamUnavailable as error:
                logger.warning(
                    "log lines wait for core-api", extra={"fields": {"lines": len(self._lines), "error": str(error)}}
                )
                await asyncio.sleep(backoff.next())

    async def _ship(self) -> None:
        batch = [self._lines.popleft() for _ in range(min(len(self._lines), MAX_SENT))]
        try:
            await self._core.log(batch)
        except UpstreamUnavailable:
            self._lines.extendleft(reversed(batch))
            raise
        except UpstreamRejected as error:
            # One bad line must not block the others, nor a whole batch be lost for it.
            fields = {"lines": len(batch), "error": str(error)}
            logger.warning("core-api refused log lines, trying them singly", extra={"fields": fields})
            await self._ship_one_by_one(batch)
        await self._done(batch)

    async def _ship_one_by_one(self, batch: list[LogLine]) -> None:
        for line in batch:
            try:
                await self._core.log([line])
            except AppError:
                self.dropped += 1

    async def _done(self, batch: list[LogLine]) -> None:
        for line in batch:
            self._forget(line)
        async with self._shipped:
            self._shipped.notify_all()

    def _forget(self, line: LogLine) -> None:
        key = (line.execution_id, line.attempt)
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]
