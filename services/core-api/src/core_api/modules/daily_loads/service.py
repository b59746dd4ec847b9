"""Days come into the queue (DESIGN, E1)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.daily_loads import events
from core_api.modules.daily_loads.exceptions import DateTooFar
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.schemas import DailyLoadRead, DayRun, Trigger
from core_api.modules.executions.public import EnqueueResult, NewExecution
from core_api.modules.routines.public import DEFAULT_ZONE, PlannedSlot, RoutineSnapshot, StaleRoutine
from core_api.modules.schedulers.public import LogEvent, Note
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor

LOAD_AT: Final = time(0, 1)
"""Local time at which a day is loaded (E1)."""
MAX_DAYS_AHEAD: Final = 366
EARLIEST_DATE: Final = date(1986, 1, 1)
"""The first year of B3's historical files (COTAHIST): teams load their whole history again."""
RELOAD_BATCH: Final = 1000
CHECK_SECONDS: Final = 1.0
ZONES_SECONDS: Final = 60.0


class Queue(Protocol):
    """What loading needs of its neighbours, within one transaction."""

    async def plan(self, business_date: date, *, routine_ids: Sequence[UUID] | None = None) -> list[PlannedSlot]: ...
    async def stale(self, *, limit: int) -> list[StaleRoutine]: ...
    async def mark_loaded(self, stale: Sequence[StaleRoutine]) -> None: ...
    async def enqueue(self, executions: Sequence[NewExecution], *, now: datetime) -> EnqueueResult: ...
    async def withdraw(self, routine_ids: Sequence[UUID]) -> list[UUID]: ...
    async def bring_forward(self, business_date: date, *, now: datetime, routine_ids: Sequence[UUID] | None) -> int: ...
    async def note(self, notes: Sequence[Note], *, now: datetime) -> None: ...


class LoadService:
    """Writes business dates into the queue. Loading twice writes nothing twice, however many do it at once."""

    def __init__(self, loads: DailyLoadRepository, queue: Queue, outbox: Outbox, clock: Clock) -> None:
        self._loads = loads
        self._queue = queue
        self._outbox = outbox
        self._clock = clock

    async def load(self, business_date: date, *, trigger: Trigger, requested_by: str | None = None) -> DailyLoadRead:
        """Writes all executions of a date that are not there yet."""
        started_at = self._clock.now()
        await self._loads.lock_day(business_date)
        planned = await self._queue.plan(business_date)
        result = await self._queue.enqueue([_scheduled(slot) for slot in planned], now=started_at)
        return await self._done(
            business_date,
            trigger,
            requested_by,
            result,
            started_at,
            routines=len({slot.routine_id for slot in planned}),
        )

    async def load_if_missing(self, business_date: date, *, trigger: Trigger) -> DailyLoadRead | None:
        """Loads a date unless all its routines were loaded before, by whomever."""
        await self._loads.lock_day(business_date)
        if await self._loads.is_loaded(business_date):
            return None
        return await self.load(business_date, trigger=trigger)

    async def reload_changed(self) -> list[StaleRoutine]:
        """Brings the queue in line with routines that changed, paused or went: untouched executions leave, and what is

        left of every loaded day from today on is written again. What had already left its slot behind keeps its place,
        with the routine's new settings.
        """
        now = self._clock.now()
        stale = await self._queue.stale(limit=RELOAD_BATCH)
        if not stale:
            return []
        withdrawn = set(await self._queue.withdraw([routine.id for routine in stale]))
        active = [routine.id for routine in stale if routine.active]
        for business_date in await self._loads.loaded_from(_earliest_today(stale, now)):
            started_at = self._clock.now()
            planned = await self._queue.plan(business_date, routine_ids=active) if active else []
            executions = [_scheduled(slot) for slot in planned]
            wanted = [execution for execution in executions if execution.slot >= now or execution.id in withdrawn]
            result = await self._queue.enqueue(wanted, now=now)
            await self._done(business_date, "routine_change", None, result, started_at, routines=len(stale), quiet=True)
        await self._queue.mark_loaded(stale)
        await self._queue.note([_reloaded_note(stale, len(withdrawn))], now=now)
        return stale

    async def page(
        self, *, business_date: date | None, cursor: str | None, limit: int
    ) -> tuple[list[DailyLoadRead], CursorMeta]:
        """Loads, the newest first."""
        rows = await self._loads.page(business_date=business_date, before=_position(cursor), limit=limit + 1)
        page = [DailyLoadRead.model_validate(row) for row in rows[:limit]]
        next_key = {"id": str(page[-1].id)} if len(rows) > limit else None
        return page, cursor_meta(limit=limit, next_key=next_key)

    async def _done(
        self,
        business_date: date,
        trigger: Trigger,
        requested_by: str | None,
        result: EnqueueResult,
        started_at: datetime,
        *,
        routines: int,
        quiet: bool = False,
    ) -> DailyLoadRead:
        load = DailyLoadRead(
            id=uuid7(),
            business_date=business_date,
            trigger=trigger,
            requested_by=requested_by,
            started_at=started_at,
            finished_at=self._clock.now(),
            created=result.created,
            already_there=result.already_there,
            routines=routines,
        )
        await self._loads.add(**load.model_dump())
        self._outbox.add(events.completed(load))
        if not quiet:
            await self._queue.note([_loaded_note(load)], now=load.finished_at)
        return load


class DayService:
    """A person loads a day, or runs all of it at once."""

    def __init__(self, queue: Queue, loading: LoadService, audit: AuditTrail, clock: Clock) -> None:
        self._queue = queue
        self._loading = loading
        self._audit = audit
        self._clock = clock

    async def run_day(self, business_date: date | None, *, by: AuthContext) -> DayRun:
        """Loads a day if need be and makes everything of it that still waits due now."""
        load = await self.load_day(business_date, by=by)
        now = self._clock.now()
        moved = await self._queue.bring_forward(load.business_date, now=now, routine_ids=None)
        await self._audit.record(
            by=by,
            action="scheduler.run",
            entity="business_date",
            entity_id=load.business_date.isoformat(),
            after={"brought_forward": moved},
        )
        return DayRun(
            business_date=load.business_date,
            created=load.created,
            already_there=load.already_there,
            brought_forward=moved,
        )

    async def load_day(self, business_date: date | None, *, by: AuthContext) -> DailyLoadRead:
        """Loads a day because a person asks."""
        today = self._clock.now().astimezone(ZoneInfo(DEFAULT_ZONE)).date()
        wanted = near(business_date or today, today=today)
        load = await self._loading.load(wanted, trigger="manual", requested_by=display_name(by))
        await self._audit.record(
            by=by,
            action="scheduler.daily_load",
            entity="business_date",
            entity_id=wanted.isoformat(),
            after={"created": load.created, "already_there": load.already_there},
        )
        return load


def _scheduled(planned: PlannedSlot) -> NewExecution:
    return NewExecution(
        **snapshot_fields(planned),
        slot=planned.slot,
        business_date=planned.business_date,
        upstream_dates=planned.upstream_dates,
    )


_FROM_ROUTINE: Final = (
    *("routine_id", "routine_name", "title", "job", "params", "queue", "priority", "pool", "concurrency_key"),
    *("max_instances", "depends_on", "max_attempts", "max_recoveries", "retry", "timeout_seconds"),
    *("tags", "catch_up", "misfire_grace_seconds", "coalesce", "cancel_grace_seconds", "upstream_rules"),
)


def snapshot_fields(snapshot: RoutineSnapshot) -> dict[str, Any]:
    """What an execution takes over from its routine."""
    return {name: getattr(snapshot, name) for name in _FROM_ROUTINE}


def near(business_date: date, *, today: date) -> date:
    """A typing error in the year must not write a day of another century."""
    latest = today + timedelta(days=MAX_DAYS_AHEAD)
    if not EARLIEST_DATE <= business_date <= latest:
        raise DateTooFar(business_date, earliest=EARLIEST_DATE, latest=latest)
    return business_date


def _earliest_today(stale: Sequence[StaleRoutine], now: datetime) -> date:
    return min(now.astimezone(ZoneInfo(routine.time_zone)).date() for routine in stale)


def _loaded_note(load: DailyLoadRead) -> Note:
    return Note(
        event=LogEvent.DAILY_LOAD,
        message=f"{load.business_date} loaded: {load.created} new executions, {load.already_there} were there.",
        fields=load.model_dump(mode="json"),
    )


def _reloaded_note(stale: Sequence[StaleRoutine], withdrawn: int) -> Note:
    return Note(
        event=LogEvent.ROUTINES_RELOADED,
        message=f"{len(stale)} changed routines were loaded again; {withdrawn} untouched executions left the queue.",
        fields={"routines": [routine.name for routine in stale[:50]], "withdrawn": withdrawn},
    )


def _position(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(decode_cursor(cursor)["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidCursor from error


# --- the scheduler's loop --------------------------------------------------------------------------------------------


def days_begun(zones: set[str], now: datetime) -> set[date]:
    """The dates that have begun somewhere, by E1: at 00:01 local, or the first valid minute after it.

    A local clock that jumps over 00:01 shows a later time at once; one that shows it twice has the day loaded already.
    """
    local = [now.astimezone(ZoneInfo(zone)) for zone in zones]
    return {at.date() if at.time() >= LOAD_AT else at.date() - timedelta(days=1) for at in local}


class LoadLoop:
    """Loads every day that has begun in some zone, once, and follows changes of routines within a second."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        service_for: Callable[[WriteSession], LoadService],
        zones: Callable[[WriteSession], Awaitable[set[str]]],
        note: Callable[[WriteSession, Note], Awaitable[None]],
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._service_for = service_for
        self._read_zones = zones
        self._note = note
        self._zones: set[str] = {DEFAULT_ZONE}
        self._zones_read_at: datetime | None = None
        self._loaded: set[date] = set()
        self._failed: set[date] = set()
        self._first = True

    async def step(self) -> float:
        now = self._clock.now()
        await self._refresh_zones(now)
        for business_date in sorted(days_begun(self._zones, now) - self._loaded):
            await self._load(business_date)
        self._first = False
        async with transaction(self._sessionmaker) as session:
            changed = await self._service_for(session).reload_changed()
        if changed:
            self._zones |= {routine.time_zone for routine in changed}
        return 0.0 if len(changed) == RELOAD_BATCH else CHECK_SECONDS

    async def _refresh_zones(self, now: datetime) -> None:
        if self._zones_read_at is None or now - self._zones_read_at >= timedelta(seconds=ZONES_SECONDS):
            async with transaction(self._sessionmaker) as session:
                self._zones = await self._read_zones(session)
            self._zones_read_at = now

    async def _load(self, business_date: date) -> None:
        try:
            async with transaction(self._sessionmaker) as session:
                trigger: Trigger = "startup" if self._first else "schedule"
                await self._service_for(session).load_if_missing(business_date, trigger=trigger)
        except Exception as error:
            await self._note_failure(business_date, error)
            raise
        self._loaded.add(business_date)
        self._failed.discard(business_date)

    async def _note_failure(self, business_date: date, error: Exception) -> None:
        """Noted once per day and outage, not once per try."""
        if business_date in self._failed:
            return
        self._failed.add(business_date)
        failure = Note(
            event=LogEvent.DAILY_LOAD_FAILED,
            level="ERROR",
            message=f"The load of {business_date} failed and is tried again: {type(error).__name__}",
            fields={"business_date": business_date.isoformat(), "error": repr(error)[:2000]},
        )
        async with transaction(self._sessionmaker) as session:
            await self._note(session, failure)
