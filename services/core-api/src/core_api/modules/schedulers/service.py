"""Processes of the engine: their loops, which nothing ends but a stop, their presence, and what they note."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy.exc import SQLAlchemyError

from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import (
    PRESENCE_SECONDS,
    SILENT_AFTER_SECONDS,
    Instance,
    LogEvent,
    Note,
    SchedulerLogRead,
    SchedulerRead,
)
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first

logger = get_logger(__name__)

MAX_PAUSE_AFTER_FAILURE_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 3600.0


class Waker(Protocol):
    """What ends a loop's pause early: an asyncio.Event or a `shared_utils.db.notify.Wake`."""

    async def wait(self) -> Any: ...
    def clear(self) -> None: ...


class Spaced:
    """Passes wake-ups on, but no more often than every `seconds`: what comes meanwhile is done in one go.

    A queue under load wakes its loops with every report of a worker. `urgent` is passed on at once.
    """

    def __init__(self, wake: Waker, *, seconds: float, urgent: asyncio.Event | None = None) -> None:
        self._wake = wake
        self._seconds = seconds
        self._urgent = urgent or asyncio.Event()
        self._cleared_at = -math.inf

    def clear(self) -> None:
        self._wake.clear()
        self._urgent.clear()
        self._cleared_at = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        await wait_first(self._wake, self._urgent, timeout=LONGEST_WAIT_SECONDS)
        early = self._seconds - (asyncio.get_running_loop().time() - self._cleared_at)
        if early > 0 and not self._urgent.is_set():
            await wait_first(self._urgent, timeout=early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Work that is done again and again. `step` returns how many seconds may pass before the next one."""

    name: str
    step: Callable[[], Awaitable[float]]
    wake: Waker | None = None
    limit_seconds: float = 60.0
    """A step that hangs for so long, on a connection that died without a word, has failed."""


class LoopRunner:
    """Runs loops until they are told to stop. A step that fails is logged and tried again after a short pause."""

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, stop: asyncio.Event) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._stop = stop

    async def run(self, loop: Loop) -> None:
        backoff = Backoff(maximum=MAX_PAUSE_AFTER_FAILURE_SECONDS)
        failing_since: datetime | None = None
        while not self._stop.is_set():
            if loop.wake is not None:
                # Before looking, so that whatever comes meanwhile is looked at in the next round.
                loop.wake.clear()
            try:
                async with asyncio.timeout(loop.limit_seconds):
                    pause = await loop.step()
            except Exception as error:
                if failing_since is None:
                    failing_since = self._clock.now()
                    logger.warning("loop failed", extra={"fields": {"loop": loop.name}}, exc_info=error)
                    await self._note(_failed(loop, error))
                await wait_first(self._stop, timeout=backoff.next())
                continue
            if failing_since is not None:
                await self._note(_recovered(loop, seconds=(self._clock.now() - failing_since).total_seconds()))
                failing_since = None
            backoff.reset()
            if pause > 0:
                await wait_first(self._stop, *([] if loop.wake is None else [loop.wake]), timeout=pause)

    async def _note(self, note: Note) -> None:
        """Notes what happened if PostgreSQL is there; the process log has it in any case."""
        logger.log(_LEVELS[note.level], note.message, extra={"fields": note.fields})
        try:
            async with asyncio.timeout(5), transaction(self._sessionmaker) as session:
                await SchedulerRepository(session).note([note], now=self._clock.now())
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            logger.warning("could not be noted", extra={"fields": {"event": note.event, "error": repr(error)}})


_LEVELS: Final = {"INFO": 20, "WARNING": 30, "ERROR": 40}


def _failed(loop: Loop, error: Exception) -> Note:
    return Note(
        event=LogEvent.LOOP_FAILED,
        level="ERROR",
        message=f"The {loop.name} loop failed and is tried again: {type(error).__name__}",
        fields={"loop": loop.name, "error": repr(error)[:2000]},
    )


def _recovered(loop: Loop, *, seconds: float) -> Note:
    return Note(
        event=LogEvent.LOOP_RECOVERED,
        message=f"The {loop.name} loop works again after {seconds:.1f} s.",
        fields={"loop": loop.name, "seconds": round(seconds, 3)},
    )


class PresenceLoop:
    """Says that a process is there."""

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, instance: Instance) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._instance = instance

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            await SchedulerRepository(session).seen(self._instance, now=self._clock.now())
        return PRESENCE_SECONDS


@asynccontextmanager
async def present(sessionmaker: SessionFactory, clock: Clock, instance: Instance) -> AsyncIterator[None]:
    """For the time of the block the process is known to be there."""
    stop = asyncio.Event()
    loop = Loop(name=f"{instance.kind} presence", step=PresenceLoop(sessionmaker, clock, instance).step)
    task = asyncio.create_task(LoopRunner(sessionmaker, clock, stop).run(loop), name=loop.name)
    try:
        yield
    finally:
        stop.set()
        await task
        await _leave(sessionmaker, instance)


async def _leave(sessionmaker: SessionFactory, instance: Instance) -> None:
    try:
        async with asyncio.timeout(3), transaction(sessionmaker) as session:
            await SchedulerRepository(session).gone(instance.id)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        logger.warning("could not say goodbye", extra={"fields": {"error": repr(error)}})


class SchedulerReads:
    """What people read about schedulers."""

    def __init__(self, schedulers: SchedulerRepository, clock: Clock) -> None:
        self._schedulers = schedulers
        self._clock = clock

    async def log(
        self, *, cursor: str | None, events: Sequence[str], levels: Sequence[str], limit: int
    ) -> tuple[list[SchedulerLogRead], CursorMeta]:
        """The log, newest first."""
        rows = await self._schedulers.log(before_id=_position(cursor), events=events, levels=levels, limit=limit + 1)
        page = [SchedulerLogRead.model_validate(row) for row in rows[:limit]]
        next_key = {"id": page[-1].id} if len(rows) > limit else None
        return page, cursor_meta(limit=limit, next_key=next_key)

    async def instances(self) -> list[SchedulerRead]:
        since = silent_since(self._clock.now())
        return [
            SchedulerRead(
                id=row.id,
                host=row.host,
                pid=row.pid,
                started_at=row.started_at,
                last_seen_at=row.last_seen_at,
                alive=row.last_seen_at > since,
            )
            for row in await self._schedulers.instances()
        ]


def silent_since(now: datetime) -> datetime:
    """A scheduler last seen before this instant is silent."""
    return now - timedelta(seconds=SILENT_AFTER_SECONDS)


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    value = decode_cursor(cursor).get("id")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 63:
        raise InvalidCursor
    return value
