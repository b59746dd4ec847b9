"""The watchdog: looks at everything every few seconds and reports what is wrong and what is over (E16).

Every scheduler has one, and every API process one that works only while no scheduler does. However many look, the
incident's key lets each trouble through once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from core_api.modules.deadlines.public import Deadlines, Late, Target
from core_api.modules.incidents.public import Condition, Kind, Ledger, Resolution
from core_api.modules.schedulers.public import Loop, LoopRunner
from core_api.modules.watchdog.repository import WatchRepository
from core_api.modules.watchdog.schemas import Findings, Look, Patience, Rule, RunTrouble
from shared_utils.clock import Clock, home_date
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession, read_transaction, transaction
from shared_utils.logging import get_logger

logger = get_logger(__name__)

LOOK_SECONDS: Final = 5.0
STANDBY_SECONDS: Final = 2.0
LAST_STEP_SECONDS: Final = 1.0
FAILURES_OF: Final = timedelta(days=3)
RECOVERIES_OF: Final = timedelta(days=7)
JUST_OVER: Final = timedelta(minutes=10)
LOAD_GRACE: Final = timedelta(seconds=20)
SETTLING: Final = timedelta(seconds=15)
"""What is missing just after a start, or during a change of version, is not missing yet."""
WORKERS_GONE_AFTER: Final = timedelta(seconds=60)
OUTBOX_STUCK_SECONDS: Final = 30.0
CALENDAR_WARNING: Final = timedelta(days=90)
EXPIRES_AFTER: Final = timedelta(days=7)
TARGETS_SECONDS: Final = 30.0
CALENDARS_SECONDS: Final = 600.0
SHOWN: Final = 20


# --- runs ------------------------------------------------------------------------------------------------------------


async def failed(look: Look) -> Findings:
    """Runs that failed for good. Over when a later run of the routine succeeds, or a person calls them off."""
    watch = WatchRepository(look.session)
    found = await watch.failed(since=look.now - FAILURES_OF)
    return Findings([_of_runs(Kind.FAILED, trouble, counted=True) for trouble in found], await watch.failed_no_more())


async def recovered_often(look: Look) -> Findings:
    """Runs that lost their worker twice, or so often that they were given up."""
    watch = WatchRepository(look.session)
    found = await watch.recovered_often(
        from_date=home_date(look.now - RECOVERIES_OF), finished_after=look.now - JUST_OVER
    )
    over = await watch.recovered_often_no_more()
    return Findings([_of_runs(Kind.RECOVERED_OFTEN, trouble, counted=True) for trouble in found], over)


class NotStarted:
    """Runs that are due, wait for no other routine and have not started within the limit."""

    def __init__(self, limit: timedelta) -> None:
        self._limit = limit

    async def __call__(self, look: Look) -> Findings:
        watch = WatchRepository(look.session)
        due_before = look.now - self._limit
        found = await watch.not_started(due_before=due_before, now=look.now)
        over = await watch.not_started_no_more(due_before=due_before)
        return Findings([_of_runs(Kind.NOT_STARTED, trouble, counted=False) for trouble in found], over)


def _of_runs(kind: Kind, trouble: RunTrouble, *, counted: bool) -> Condition:
    return Condition(
        kind=kind,
        subject=f"routine:{trouble.routine_id}",
        business_date=trouble.business_date,
        title=trouble.title,
        routine_id=trouble.routine_id,
        execution_id=trouble.newest,
        tags=tuple(trouble.tags),
        details={"routine_name": trouble.routine_name, **trouble.details},
        occurrences=trouble.runs,
        last_event_at=trouble.at if counted else None,
    )


# --- deadlines -------------------------------------------------------------------------------------------------------


class MissedDeadlines:
    """Deadlines that have passed while something was not ready. What has one is read again twice a minute."""

    def __init__(self, deadlines_for: Callable[[ReadSession], Deadlines]) -> None:
        self._deadlines_for = deadlines_for
        self._targets: list[Target] = []
        self._read_at: datetime | None = None

    async def __call__(self, look: Look) -> Findings:
        deadlines = self._deadlines_for(look.session)
        if self._read_at is None or not 0 <= (look.now - self._read_at).total_seconds() < TARGETS_SECONDS:
            self._targets = await deadlines.targets()
            self._read_at = look.now
        mine = [item for item in look.open if item.kind is Kind.LATE]
        dues = deadlines.passed(self._targets, (item.dedup for item in mine), now=look.now)
        late = await deadlines.late(dues)
        seen, still = {due.key for due in dues}, {item.due.key for item in late}
        # What has no deadline any more is not looked at again: it expires.
        return Findings([_late(item) for item in late], [item.id for item in mine if item.dedup in seen - still])


def _late(late: Late) -> Condition:
    target = late.due.target
    return Condition(
        kind=Kind.LATE,
        subject=target.subject,
        business_date=late.due.business_date,
        title=target.title,
        routine_id=target.routine_id,
        execution_id=late.missing[0].execution_id if target.routine_id else None,
        tags=target.tags,
        details={
            "deadline": late.due.deadline.isoformat(),
            "zone": target.zone,
            "tag": target.tag,
            "missing": [item.title for item in late.missing[:SHOWN]],
            "missing_count": len(late.missing),
            "statuses": sorted({item.status for item in late.missing}),
        },
    )


# --- the engine itself -----------------------------------------------------------------------------------------------


class LoadFacts(Protocol):
    """Which days should have been loaded by an instant, or are among `days`, and are not."""

    async def __call__(self, session: ReadSession, days: Iterable[date], *, by: datetime) -> set[date]: ...


class MissingLoads:
    """Days that have begun and are not in the queue."""

    def __init__(self, unloaded: LoadFacts) -> None:
        self._unloaded = unloaded

    async def __call__(self, look: Look) -> Findings:
        mine = [item for item in look.open if item.kind is Kind.DAILY_LOAD_MISSING]
        missing = await self._unloaded(look.session, [item.business_date for item in mine], by=look.now - LOAD_GRACE)
        lasting = look.lasting(Kind.DAILY_LOAD_MISSING, [day.isoformat() for day in missing])
        found = [
            Condition(kind=Kind.DAILY_LOAD_MISSING, subject="load", business_date=day, title=day.isoformat())
            for day in sorted(missing)
            if lasting[day.isoformat()] >= SETTLING
        ]
        return Findings(found, [item.id for item in mine if item.business_date not in missing])


class SchedulersAlive(Protocol):
    async def __call__(self, session: ReadSession, *, now: datetime) -> int: ...


class SilentSchedulers:
    """No scheduler has said that it is there: nothing starts."""

    def __init__(self, alive: SchedulersAlive) -> None:
        self._alive = alive

    async def __call__(self, look: Look) -> Findings:
        silent = [] if await self._alive(look.session, now=look.now) else ["schedulers"]
        lasting = look.lasting(Kind.SCHEDULER_SILENT, silent)
        found = [
            _of_engine(Kind.SCHEDULER_SILENT, subject, look, details={})
            for subject, duration in lasting.items()
            if duration >= SETTLING
        ]
        return Findings(found, _absent(Kind.SCHEDULER_SILENT, look, set(silent)))


async def gone_workers(look: Look) -> Findings:
    """Work is due and for a minute no worker has been there that could do it."""
    unserved = {item.queue: item for item in await WatchRepository(look.session).unserved(now=look.now)}
    lasting = look.lasting(Kind.WORKERS_GONE, unserved)
    found = []
    for queue, item in unserved.items():
        known_since = max(item.oldest_due_at, item.last_capable_at or item.oldest_due_at)
        since_seen = look.now - lasting[queue]
        lasts = look.now - (known_since if item.last_capable_at else since_seen)
        if lasts >= WORKERS_GONE_AFTER and lasting[queue] >= SETTLING:
            details = {"queue": queue, "jobs": item.jobs[:SHOWN], "runs": item.runs}
            details["since"] = (look.now - lasts).isoformat()
            found.append(_of_engine(Kind.WORKERS_GONE, f"queue:{queue}", look, title=queue, details=details))
    return Findings(found, _absent(Kind.WORKERS_GONE, look, {f"queue:{queue}" for queue in unserved}))


async def stuck_queue(look: Look) -> Findings:
    """What is handed out does not reach Redis."""
    seconds = await WatchRepository(look.session).oldest_outbox_seconds(now=look.now)
    stuck = seconds is not None and seconds >= OUTBOX_STUCK_SECONDS
    found = [_of_engine(Kind.QUEUE_STUCK, "outbox", look, details={"seconds": int(seconds or 0)})] if stuck else []
    return Findings(found, [] if stuck else _absent(Kind.QUEUE_STUCK, look, set()))


class CalendarsEnding(Protocol):
    """The last day that each calendar in use knows, for those that end within `within`."""

    async def __call__(self, session: ReadSession, *, today: date, within: timedelta) -> Mapping[str, date]: ...


class EndingCalendars:
    """Calendars whose known days end soon. Looked at every ten minutes."""

    def __init__(self, ending: CalendarsEnding) -> None:
        self._ending = ending
        self._read_at: datetime | None = None

    async def __call__(self, look: Look) -> Findings:
        if self._read_at is not None and 0 <= (look.now - self._read_at).total_seconds() < CALENDARS_SECONDS:
            return Findings()
        today = home_date(look.now)
        ending = await self._ending(look.session, today=today, within=CALENDAR_WARNING)
        self._read_at = look.now
        found = [
            Condition(
                kind=Kind.CALENDAR_ENDING,
                subject=f"calendar:{code}",
                business_date=last,
                title=code,
                details={"calendar": code, "last_day": last.isoformat()},
            )
            for code, last in sorted(ending.items())
        ]
        keys = {condition.dedup_key for condition in found}
        mine = [item for item in look.open if item.kind is Kind.CALENDAR_ENDING]
        return Findings(found, [item.id for item in mine if f"{item.thread}:{item.business_date}" not in keys])


def _of_engine(kind: Kind, subject: str, look: Look, *, details: dict[str, Any], title: str = "") -> Condition:
    """Trouble of the engine goes on over midnight: it keeps the date on which it was opened."""
    known = [item.business_date for item in look.open if item.kind is kind and item.subject == subject]
    day = known[0] if known else home_date(look.now)
    return Condition(kind=kind, subject=subject, business_date=day, title=title or subject, details=details)


def _absent(kind: Kind, look: Look, subjects: set[str]) -> list[UUID]:
    return [item.id for item in look.open if item.kind is kind and item.subject not in subjects]


# --- the loop --------------------------------------------------------------------------------------------------------


class WatchLoop:
    """Looks with every rule, in one transaction and one at a time, and writes down what it found."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        rules: Iterable[Rule],
        ledger_for: Callable[[WriteSession], Ledger],
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._rules = tuple(rules)
        self._ledger_for = ledger_for
        self._patience = Patience()

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            await self.look(session)
        return LOOK_SECONDS

    def rest(self) -> None:
        """Somebody else looks: what was seen until now says nothing about how long it will have lasted."""
        self._patience.forget()

    async def look(self, session: WriteSession) -> None:
        """One look at everything."""
        ledger = self._ledger_for(session)
        await ledger.take_turn()
        look = Look(session, self._clock.now(), await ledger.open(tuple(Kind)), self._patience)
        conditions: list[Condition] = []
        over: list[UUID] = []
        for rule in self._rules:
            findings = await rule(look)
            conditions += findings.conditions
            over += findings.over
        await ledger.report(conditions, now=look.now)
        await ledger.resolve(over, resolution=Resolution.RECOVERED, now=look.now)
        await ledger.resolve(_expired(look, over), resolution=Resolution.EXPIRED, now=look.now)


def _expired(look: Look, over: Sequence[UUID]) -> list[UUID]:
    """Incidents about a day that is long over: nobody will mend them any more. The engine's own last until mended."""
    lasting = {Kind.SCHEDULER_SILENT, Kind.WORKERS_GONE, Kind.QUEUE_STUCK, Kind.CALENDAR_ENDING}
    return [
        item.id
        for item in look.open
        if item.kind not in lasting and look.now - item.last_seen_at > EXPIRES_AFTER and item.id not in over
    ]


class Standby:
    """Does a step of work only while no scheduler is there to do it: API processes stand in for all of them."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        alive: SchedulersAlive,
        step: Callable[[], Awaitable[float]],
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._alive = alive
        self._step = step
        self._rest = rest

    async def step(self) -> float:
        async with read_transaction(self._sessionmaker) as session:
            alive = await self._alive(session, now=self._clock.now())
        if alive:
            self._rest()
            return STANDBY_SECONDS
        return await self._step()


@asynccontextmanager
async def running(sessionmaker: SessionFactory, clock: Clock, loops: Sequence[Loop]) -> AsyncIterator[None]:
    """For the time of the block the loops run. At its end a step at hand is cut short: loops go on where they were."""
    stop = asyncio.Event()
    runner = LoopRunner(sessionmaker, clock, stop)
    tasks = [asyncio.create_task(runner.run(loop), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        ended = asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(ended, timeout=LAST_STEP_SECONDS)
        except TimeoutError:
            logger.info("a step at hand was cut short")
