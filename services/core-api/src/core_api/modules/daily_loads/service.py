"""Days come into the queue (DESIGN, E1)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Row

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.daily_loads import events
from core_api.modules.daily_loads.exceptions import DateTooFar, RangeTooLong
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.schemas import (
    MAX_DAYS_BACK,
    DailyLoadRead,
    DayRun,
    DayState,
    DueDays,
    LoadDayRead,
    Trigger,
    UnplannedRead,
    asked_for,
    scheduled,
    written_again,
)
from core_api.modules.executions.public import EnqueueResult, Series, Withdrawn
from core_api.modules.planning.public import DayPlan, Unplanned
from core_api.modules.routines.public import DEFAULT_ZONE, StaleRoutine
from core_api.modules.schedulers.public import Note
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock, home_date
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor

LOAD_AT: Final = time(0, 1)
"""Local time at which a day is loaded (E1)."""
MAX_DAYS_AHEAD: Final = 366
EARLIEST_DATE: Final = date(1986, 1, 1)
"""The first year of B3's historical files (COTAHIST): teams load their whole history again."""
MAX_DAYS_SHOWN: Final = 366
RELOAD_BATCH: Final = 1000
CHECK_SECONDS: Final = 1.0
ZONES_SECONDS: Final = 60.0


class Queue(Protocol):
    """What loading needs of its neighbours, within one transaction."""

    async def plan(
        self, business_dates: Sequence[date], *, routine_ids: Sequence[UUID] | None = None
    ) -> list[DayPlan]: ...
    async def stale(self, *, limit: int) -> list[StaleRoutine]: ...
    async def mark_loaded(self, stale: Sequence[StaleRoutine]) -> None: ...
    async def enqueue(self, series: Sequence[Series], *, now: datetime) -> EnqueueResult: ...
    async def withdraw(self, routine_ids: Sequence[UUID]) -> list[Withdrawn]: ...
    async def forget_skipped(
        self, routine_ids: Sequence[UUID], business_dates: Sequence[date], *, since: datetime
    ) -> None: ...
    async def bring_forward(self, business_date: date, *, now: datetime, routine_ids: Sequence[UUID] | None) -> int: ...
    async def note(self, notes: Sequence[Note], *, now: datetime) -> None: ...


class LoadService:
    """Writes business dates into the queue. Loading twice writes nothing twice, however many do it at once."""

    def __init__(self, loads: DailyLoadRepository, queue: Queue, outbox: Outbox, clock: Clock) -> None:
        self._loads = loads
        self._queue = queue
        self._outbox = outbox
        self._clock = clock

    async def load(
        self,
        business_date: date,
        *,
        trigger: Trigger,
        requested_by: str | None = None,
        too_old: tuple[date, date] | None = None,
    ) -> DailyLoadRead:
        """Writes all executions of a date that are not there yet.

        What a person asked for when its slot had passed already is theirs: it is never taken for a missed slot (E11).
        """
        started_at = self._clock.now()
        await self._loads.lock_day(business_date)
        [plan] = await self._queue.plan([business_date])
        series = asked_for(plan, by=requested_by, before=started_at) if requested_by else scheduled(plan)
        result = await self._queue.enqueue(series, now=started_at)
        await self._loads.set_unplanned([business_date], _left_out([plan]), routine_ids=None, now=started_at)
        load = await self._done(plan, trigger, requested_by, result, started_at)
        notes = [events.loaded_note(load)]
        notes += [events.incomplete_note(plan)] if plan.unplanned else []
        notes += [events.too_old_note(*too_old)] if too_old else []
        await self._queue.note(notes, now=load.finished_at)
        return load

    async def days_due(self, begun: set[date]) -> DueDays:
        """The days that have begun, and every one before them that was not loaded since the system knows days (E1).

        So what a scheduler that was away, or failed, did not load is decided by E11, never silent. Days longer ago than
        `MAX_DAYS_BACK` are only named.
        """
        newest = max(begun)
        first, last = await self._loads.own_loads(until=newest)
        if first is None or last is None:
            return DueDays(sorted(begun), None)
        oldest = newest - timedelta(days=MAX_DAYS_BACK)
        wanted = _days(max(first, oldest), newest)
        missed = set(wanted) - set(await self._loads.loaded_from(oldest))
        next_one = last + timedelta(days=1)
        too_old = (next_one, oldest - timedelta(days=1)) if next_one < oldest else None
        return DueDays(sorted(begun | missed), too_old)

    async def load_if_missing(
        self, business_date: date, *, trigger: Trigger, too_old: tuple[date, date] | None = None
    ) -> DailyLoadRead | None:
        """Loads a date unless all its routines were loaded before, by whomever."""
        await self._loads.lock_day(business_date)
        if await self._loads.is_loaded(business_date):
            return None
        return await self.load(business_date, trigger=trigger, too_old=too_old)

    async def reload_changed(self) -> list[StaleRoutine]:
        """Brings the queue in line with routines that changed, paused or went: untouched executions leave, and what is

        left of every loaded day from today on is written again. What had already left its slot behind keeps its place,
        with the routine's new settings. What a load had to leave out is written once its calendar knows the day.
        """
        now = self._clock.now()
        stale = await self._queue.stale(limit=RELOAD_BATCH)
        if not stale:
            return []
        today = _earliest_today(stale, now)
        withdrawn = await self._queue.withdraw([routine.id for routine in stale])
        gaps = await self._loads.unplanned(
            [routine.id for routine in stale], since=today - timedelta(days=MAX_DAYS_BACK)
        )
        active = [routine.id for routine in stale if routine.active]
        dates = sorted({*await self._loads.loaded_from(today), *gaps, *(one.business_date for one in withdrawn)})
        await self._queue.forget_skipped([routine.id for routine in stale], dates, since=now)
        plans = await self._queue.plan(dates, routine_ids=active) if active else _nothing(dates)
        for plan in plans:
            series = written_again(plan, now=now, withdrawn=withdrawn, missing=gaps.get(plan.business_date, set()))
            result = await self._queue.enqueue(series, now=now)
            await self._done(plan, "routine_change", None, result, now, routines=len(stale))
        await self._loads.set_unplanned(dates, _left_out(plans), routine_ids=[routine.id for routine in stale], now=now)
        await self._queue.mark_loaded(stale)
        await self._queue.note([events.reloaded_note(stale, len(withdrawn))], now=now)
        return stale

    async def days(self, start: date | None, end: date | None) -> list[LoadDayRead]:
        """How each date of a range stands; without dates the last month."""
        today = max(days_begun({DEFAULT_ZONE}, self._clock.now()))
        last = end or max(today, start or today)
        first = start or last - timedelta(days=MAX_DAYS_BACK)
        if not 0 <= (last - first).days < MAX_DAYS_SHOWN:
            raise RangeTooLong(MAX_DAYS_SHOWN)
        return [_day_read(row, today=today) for row in await self._loads.days(first, last)]

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
        plan: DayPlan,
        trigger: Trigger,
        requested_by: str | None,
        result: EnqueueResult,
        started_at: datetime,
        *,
        routines: int | None = None,
    ) -> DailyLoadRead:
        load = DailyLoadRead(
            id=uuid7(),
            business_date=plan.business_date,
            trigger=trigger,
            requested_by=requested_by,
            started_at=started_at,
            finished_at=self._clock.now(),
            created=result.created,
            already_there=result.already_there,
            routines=len(plan.routines) if routines is None else routines,
            unplanned=len(plan.unplanned),
        )
        await self._loads.add(**load.model_dump())
        self._outbox.add(events.completed(load))
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
        today = home_date(self._clock.now())
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


def _left_out(plans: Sequence[DayPlan]) -> list[tuple[date, Unplanned]]:
    return [(plan.business_date, one) for plan in plans for one in plan.unplanned]


def _nothing(dates: Sequence[date]) -> list[DayPlan]:
    return [DayPlan(business_date=day, routines=[], unplanned=[]) for day in dates]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day_read(row: Row[Any], *, today: date) -> LoadDayRead:
    state: DayState = "NOT_LOADED" if row.business_date <= today else "UPCOMING"
    if row.loaded_at is not None:
        state = "INCOMPLETE" if row.unplanned else "LOADED"
    return LoadDayRead(
        business_date=row.business_date,
        state=state,
        loaded_at=row.loaded_at,
        trigger=row.trigger,
        created=row.created,
        unplanned=[UnplannedRead.model_validate(one) for one in row.unplanned],
    )


def near(business_date: date, *, today: date) -> date:
    """A typing error in the year must not write a day of another century."""
    latest = today + timedelta(days=MAX_DAYS_AHEAD)
    if not EARLIEST_DATE <= business_date <= latest:
        raise DateTooFar(business_date, earliest=EARLIEST_DATE, latest=latest)
    return business_date


def _earliest_today(stale: Sequence[StaleRoutine], now: datetime) -> date:
    return min(now.astimezone(ZoneInfo(routine.time_zone)).date() for routine in stale)


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
        begun = days_begun(self._zones, now)
        failures = await self._load_all(begun) if self._failed or not begun <= self._loaded else []
        self._first = False
        async with transaction(self._sessionmaker) as session:
            changed = await self._service_for(session).reload_changed()
        if changed:
            self._zones |= {routine.time_zone for routine in changed}
        if failures:
            raise failures[0]
        return 0.0 if len(changed) == RELOAD_BATCH else CHECK_SECONDS

    async def _load_all(self, begun: set[date]) -> list[Exception]:
        """All days that are due in one transaction, so that the dispatcher sees them together: which of a routine's

        missed slots is the newest (E11) cannot be said before all of them are there. A day that fails keeps neither the
        others nor changed routines from being loaded.
        """
        failures: dict[date, Exception] = {}
        async with transaction(self._sessionmaker) as session:
            service = self._service_for(session)
            due = await service.days_due(begun)
            days, too_old = [day for day in due.days if day not in self._loaded], due.too_old
            for business_date in days:
                try:
                    async with session.begin_nested():
                        done = await service.load_if_missing(
                            business_date, trigger=self._trigger(business_date, begun), too_old=too_old
                        )
                except Exception as error:  # noqa: BLE001  it is noted, and raised once the other days had their turn
                    failures[business_date] = error
                else:
                    too_old = None if done else too_old
        self._loaded |= set(days) - failures.keys()
        self._failed &= failures.keys()
        for business_date, failure in failures.items():
            await self._note_failure(business_date, failure)
        return list(failures.values())

    def _trigger(self, business_date: date, begun: set[date]) -> Trigger:
        if business_date not in begun:
            return "catch_up"
        return "startup" if self._first else "schedule"

    async def _refresh_zones(self, now: datetime) -> None:
        if self._zones_read_at is None or now - self._zones_read_at >= timedelta(seconds=ZONES_SECONDS):
            async with transaction(self._sessionmaker) as session:
                self._zones = await self._read_zones(session)
            self._zones_read_at = now

    async def _note_failure(self, business_date: date, error: Exception) -> None:
        """Noted once per day and outage, not once per try."""
        if business_date in self._failed:
            return
        self._failed.add(business_date)
        async with transaction(self._sessionmaker) as session:
            await self._note(session, events.failed_note(business_date, error))
