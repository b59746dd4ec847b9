"""Log lines on their way to core-api: batched, bounded, and at most a moment behind (E15)."""

import asyncio
from collections import Counter, deque
from typing import Final
from uuid import UUID

from shared_schemas.jobs import MAX_BATCH, LogLevel, LogLine
from shared_utils.errors import AppError
from shared_utils.http.client import UpstreamRejected, UpstreamUnavailable
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from worker_svc.runtime.core import CoreProtocol

logger = get_logger(__name__)

FLUSH_SECONDS: Final = 0.25
MAX_LINES: Final = 50_000
MAX_BYTES: Final = 32 * 1024 * 1024
MAX_SENT: Final = min(MAX_BATCH, 500)
_LINE_BYTES: Final = 400  # of a line, beside its text
_MAX_SENT_BYTES: Final = 4 * 1024 * 1024

type AttemptKey = tuple[UUID, int]
type GivenUp = tuple[int, LogLine]


class LogShipper:
    """Sends lines at once, and then four times a second; while core-api is away it keeps the newest.

    Lines that had to be given up are told of in their place: the notice has the number of the last one of them.
    """

    def __init__(self, core: CoreProtocol, *, max_lines: int = MAX_LINES, max_bytes: int = MAX_BYTES) -> None:
        self._core = core
        self._max_lines = max_lines
        self._max_bytes = max_bytes
        self._lines: deque[LogLine] = deque()
        self._bytes = 0
        self._given_up: dict[AttemptKey, GivenUp] = {}
        self._open: Counter[AttemptKey] = Counter()
        self._more = asyncio.Event()
        self._urgent = asyncio.Event()
        self._shipped = asyncio.Condition()
        self._next_at = 0.0
        self.dropped = 0

    def add(self, line: LogLine) -> None:
        """Takes one line. When the buffer is full the oldest ones are given up and counted."""
        self._lines.append(line)
        self._bytes += _size(line)
        self._open[line.execution_id, line.attempt] += 1
        self._make_room()
        self._more.set()

    def _make_room(self) -> None:
        while len(self._lines) > self._max_lines or self._bytes > self._max_bytes:
            self._give_up(self._lines.popleft())

    def _give_up(self, line: LogLine) -> None:
        self._bytes -= _size(line)
        self.dropped += 1
        key = (line.execution_id, line.attempt)
        count, before = self._given_up.get(key, (0, None))
        self._given_up[key] = (count + 1, line)
        if before is not None:
            self._forget(before)

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
        while not (stop.is_set() and not self._waits):
            if not self._waits:
                self._more.clear()
                await wait_first(stop, self._more, timeout=60)
                continue
            await self._until_due(stop)
            try:
                await self._ship()
                backoff.reset()
            except UpstreamUnavailable as error:
                logger.warning(
                    "log lines wait for core-api", extra={"fields": {"lines": len(self._lines), "error": str(error)}}
                )
                await asyncio.sleep(backoff.next())

    @property
    def _waits(self) -> bool:
        return bool(self._lines or self._given_up)

    async def _until_due(self, stop: asyncio.Event) -> None:
        """Lets a batch gather; what comes after a pause goes at once."""
        loop = asyncio.get_running_loop()
        while len(self._lines) < MAX_SENT and (remaining := self._next_at - loop.time()) > 0:
            if await wait_first(stop, self._urgent, timeout=remaining):
                break
        self._urgent.clear()
        self._next_at = loop.time() + FLUSH_SECONDS

    def _take(self) -> tuple[dict[AttemptKey, GivenUp], list[LogLine]]:
        given_up, self._given_up = self._given_up, {}
        lines: list[LogLine] = []
        size = 0
        while self._lines and len(lines) + len(given_up) < MAX_SENT and size < _MAX_SENT_BYTES:
            lines.append(self._lines.popleft())
            size += _size(lines[-1])
        self._bytes -= size
        return given_up, lines

    def _put_back(self, given_up: dict[AttemptKey, GivenUp], lines: list[LogLine]) -> None:
        self._lines.extendleft(reversed(lines))
        self._bytes += sum(map(_size, lines))
        for key, (count, line) in given_up.items():
            since = self._given_up.get(key)
            if since is not None:
                self._forget(line)
            self._given_up[key] = (count, line) if since is None else (count + since[0], since[1])
        self._make_room()

    async def _ship(self) -> None:
        given_up, lines = self._take()
        batch = [*(_notice(count, line) for count, line in given_up.values()), *lines]
        try:
            await self._core.log(batch)
        except UpstreamUnavailable:
            self._put_back(given_up, lines)
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


def _notice(count: int, line: LogLine) -> LogLine:
    text = f"{count:,} line{'' if count == 1 else 's'} dropped here: they could not be sent in time"
    return line.model_copy(update={"level": LogLevel.WARNING, "message": text, "fields": {}})


def _size(line: LogLine) -> int:
    return len(line.message) + _LINE_BYTES + (len(repr(line.fields)) if line.fields else 0)
