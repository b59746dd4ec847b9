"""Processes of the engine: their loops, which nothing ends but a stop, their presence, and what they note."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.schedulers.exceptions import LoopUnknown, NoScheduler, RestartNotFound, SchedulerNotFound
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import (
    PRESENCE_SECONDS,
    SILENT_AFTER_SECONDS,
    Instance,
    LogEvent,
    Loop,
    LoopRead,
    LoopState,
    Note,
    RestartOfScheduler,
    RestartRead,
    RestartRequest,
    RestartState,
    SchedulerLogRead,
    SchedulerRead,
    Waker,
)
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first

logger = get_logger(__name__)

MAX_PAUSE_AFTER_FAILURE_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 3600.0
RESTART_SECONDS: Final = 10.0
"""How long a step at hand may go on when its loop is to begin anew."""
CONTROL_SECONDS: Final = 2.0
FORGET_RESTARTS_AFTER: Final = timedelta(minutes=10)
"""A request that nobody took up for so long is not taken up any more."""


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


class LoopRunner:
    """Runs loops until they are told to stop. A step that fails is logged and tried again after a short pause."""

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, stop: asyncio.Event) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._stop = stop

    async def run(self, loop: Loop, state: LoopState | None = None) -> None:
        """Steps until the stop; `state` is kept up to date for whoever shows it."""
        state = state or LoopState(name=loop.name, started_at=self._clock.now())
        backoff = Backoff(maximum=MAX_PAUSE_AFTER_FAILURE_SECONDS)
        failing_since: datetime | None = None
        while not self._stop.is_set():
            if loop.wake is not None:
                # Before looking, so that whatever comes meanwhile is looked at in the next round.
                loop.wake.clear()
            try:
                pause = await self._step(loop, state)
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
            state.next_run_at = self._clock.now() + timedelta(seconds=pause)
            if pause > 0:
                await wait_first(self._stop, *([] if loop.wake is None else [loop.wake]), timeout=pause)

    async def _step(self, loop: Loop, state: LoopState) -> float:
        state.last_run_at, state.next_run_at = self._clock.now(), None
        state.runs += 1
        try:
            async with asyncio.timeout(loop.limit_seconds):
                pause = await loop.step()
        except Exception as error:
            state.failures += 1
            state.failing = True
            state.last_error, state.last_error_at = repr(error)[:500], self._clock.now()
            raise
        finally:
            state.last_duration_seconds = round((self._clock.now() - state.last_run_at).total_seconds(), 6)
        state.failing = False
        return pause

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


@dataclass(frozen=True, slots=True)
class _Running:
    """A loop at work."""

    state: LoopState
    ended: asyncio.Event
    task: asyncio.Task[None]


class Supervisor:
    """Runs a process's loops, and begins some of them anew when a person asks for it.

    `make` gives every loop as new, remembering nothing. A step at hand may end; one that takes too long is cancelled.
    """

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, make: Callable[[], Sequence[Loop]]) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._make = make
        self._running: dict[str, _Running] = {}
        self._group = asyncio.TaskGroup()
        self._stopping = False

    def states(self) -> list[LoopState]:
        """How the loops stand."""
        return [one.state for one in self._running.values()]

    async def run(self, stop: asyncio.Event, *, limit_seconds: float) -> None:
        """Runs the loops until `stop`, and then lets the steps at hand end, for so many seconds at most."""
        async with self._group:
            for loop in self._make():
                self._start(loop, restarts=0)
            await stop.wait()
            self._stopping = True
            await self._end(list(self._running.values()), limit_seconds=limit_seconds)

    async def restart(self, names: Sequence[str], *, but: str) -> list[str]:
        """Begins these loops (all, if none is named) anew, except for `but`, the one that asks. Returns which."""
        chosen = [one for name, one in self._running.items() if name != but and (not names or name in names)]
        await self._end(chosen, limit_seconds=RESTART_SECONDS)
        fresh = {} if self._stopping else {loop.name: loop for loop in self._make()}
        for one in chosen if fresh else ():
            self._start(fresh[one.state.name], restarts=one.state.restarts + 1)
        return [one.state.name for one in chosen]

    def _start(self, loop: Loop, *, restarts: int) -> None:
        state = LoopState(name=loop.name, started_at=self._clock.now(), restarts=restarts)
        ended = asyncio.Event()
        runner = LoopRunner(self._sessionmaker, self._clock, ended)
        task = self._group.create_task(runner.run(loop, state), name=loop.name)
        self._running[loop.name] = _Running(state, ended, task)

    async def _end(self, chosen: Sequence[_Running], *, limit_seconds: float) -> None:
        for one in chosen:
            one.ended.set()
        if not chosen:
            return
        _, late = await asyncio.wait([one.task for one in chosen], timeout=limit_seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)


class ControlLoop:
    """Does what people ask of this scheduler: loops begin anew, and that is reported."""

    name: Final = "control"

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, instance: Instance, supervisor: Supervisor) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._instance = instance
        self._supervisor = supervisor

    async def step(self) -> float:
        since = self._clock.now() - FORGET_RESTARTS_AFTER
        async with transaction(self._sessionmaker) as session:
            asked = await SchedulerRepository(session).open_restarts(self._instance.id, since=since)
        if asked:
            everything = any(not one.loops for one in asked)
            names = [] if everything else sorted({name for one in asked for name in one.loops})
            done = await self._supervisor.restart(names, but=self.name)
            await self._report([one.id for one in asked], done, by=asked[-1].requested_by)
        return CONTROL_SECONDS

    async def _report(self, ids: Sequence[UUID], loops: Sequence[str], *, by: str) -> None:
        instance, now = self._instance, self._clock.now()
        message = f"Scheduler {instance.id[:8]} on {instance.host} restarted {', '.join(loops)}, as {by} asked."
        line = Note(
            event=LogEvent.LOOPS_RESTARTED, message=message, fields={"id": instance.id, "loops": list(loops), "by": by}
        )
        async with transaction(self._sessionmaker) as session:
            schedulers = SchedulerRepository(session)
            await schedulers.report_restarts(ids, scheduler_id=instance.id, loops=loops, now=now)
            await schedulers.note([line], now=now)


class PresenceLoop:
    """Says that a process is there, and how its loops stand."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        instance: Instance,
        *,
        states: Callable[[], Sequence[LoopState]] = list,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._instance = instance
        self._states = states

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            await SchedulerRepository(session).seen(self._instance, now=self._clock.now(), loops=self._states())
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
                loops=[LoopRead.model_validate(one) for one in row.loops],
            )
            for row in await self._schedulers.instances()
        ]

    async def restart(self, restart_id: UUID) -> RestartRead:
        """How far a restart is."""
        rows = await self._schedulers.restart(restart_id)
        if not rows:
            raise RestartNotFound(restart_id)
        since = silent_since(self._clock.now())
        schedulers = [_restart_of(row, since=since) for row in rows]
        first = rows[0]
        return RestartRead(
            id=first.id,
            requested_at=first.requested_at,
            requested_by=first.requested_by,
            loops=first.loops,
            done=all(one.state is not RestartState.WAITING for one in schedulers),
            schedulers=schedulers,
        )


class Restarts:
    """Loops of schedulers, begun anew because a person asks for it. PostgreSQL carries the request and the reports."""

    def __init__(self, schedulers: SchedulerRepository, audit: AuditTrail, clock: Clock) -> None:
        self._schedulers = schedulers
        self._audit = audit
        self._clock = clock

    async def ask(self, request: RestartRequest, *, by: AuthContext) -> RestartRead:
        """Asks the live schedulers, or one of them, to restart loops. They report within seconds."""
        now = self._clock.now()
        alive = [row for row in await self._schedulers.instances() if row.last_seen_at > silent_since(now)]
        if not alive:
            raise NoScheduler
        chosen = [row for row in alive if request.scheduler_id in {None, row.id}]
        if not chosen:
            raise SchedulerNotFound(str(request.scheduler_id))
        known = {loop["name"] for row in chosen for loop in row.loops} - {ControlLoop.name}
        if unknown := [name for name in request.loops if name not in known]:
            raise LoopUnknown(unknown, sorted(known))
        restart_id = uuid7()
        await self._schedulers.ask_restart(
            restart_id, by=display_name(by), scheduler_ids=[row.id for row in chosen], loops=request.loops, now=now
        )
        await self._audit.record(
            by=by, action="scheduler.restart", entity="scheduler", entity_id=request.scheduler_id or "all",
            after=request.model_dump(),
        )  # fmt: skip
        return await SchedulerReads(self._schedulers, self._clock).restart(restart_id)


def _restart_of(row: Row[Any], *, since: datetime) -> RestartOfScheduler:
    gone = row.last_seen_at is None or row.last_seen_at <= since
    state = RestartState.DONE if row.restarted_at else RestartState.GONE if gone else RestartState.WAITING
    return RestartOfScheduler(
        scheduler_id=row.scheduler_id, state=state, loops=row.restarted, restarted_at=row.restarted_at
    )


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
