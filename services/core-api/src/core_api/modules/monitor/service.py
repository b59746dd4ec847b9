"""How the queue and the engine stand."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any, Final

import redis.asyncio
from sqlalchemy.engine import Row

from core_api.modules.calendars import public as calendars
from core_api.modules.calendars.public import CalendarDays
from core_api.modules.daily_loads.public import days_begun
from core_api.modules.day_groups import public as day_groups
from core_api.modules.monitor.repository import MonitorRepository, StreamsRepository
from core_api.modules.monitor.schemas import (
    BandRead,
    CalendarDay,
    CheckRead,
    CoverageRead,
    DailyLoadStatus,
    DatabaseRead,
    MonitorStatus,
    OutboxRead,
    Problem,
    ProblemCode,
    QueueRead,
    QueueStatus,
    RunningRead,
    Severity,
    StartDelays,
    WorkerStatus,
)
from core_api.modules.queue import public as queue
from core_api.modules.schedulers import public as schedulers
from core_api.modules.schedulers.public import LogEvent, Note, SchedulerRead, note
from core_api.modules.stats import public as stats
from core_api.modules.triggers.public import instant_of
from core_api.modules.upkeep import public as upkeep
from core_api.modules.workers import public as workers
from core_api.modules.workers.public import WorkerRead
from shared_utils.clock import HOME_ZONE, Clock, home_date
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession, transaction

LOAD_AT: Final = time(0, 1)
OUTBOX_STUCK_SECONDS: Final = 10.0
LOAD_LATE: Final = timedelta(minutes=5)
DELAYS_OF: Final = timedelta(hours=1)
RECENTLY: Final = timedelta(hours=1)
DEAD_LETTERS_OF: Final = timedelta(days=7)
QUARANTINE_OF: Final = timedelta(days=30)
PARTITIONS_AHEAD: Final = timedelta(days=31)
MOST_RUNNING: Final = 1000
CHECK_EVERY: Final = timedelta(hours=1)
CHECK_POLL_SECONDS: Final = 60.0


class MonitorService:
    """Reads everything that says whether work flows. PostgreSQL is asked; a Redis that is away is only told of."""

    def __init__(
        self, session: ReadSession, own: MonitorRepository, streams: redis.asyncio.Redis, clock: Clock
    ) -> None:
        self._session = session
        self._own = own
        self._redis = StreamsRepository(streams)
        self._clock = clock

    async def queue_status(self, business_date: date | None) -> QueueStatus:
        """The day's counts, what the calendars say about it, and who is there to work."""
        await self._own.plan_once()
        now = self._clock.now()
        today = home_date(now)
        wanted = business_date or today
        counts = await queue.day_counts(self._session, wanted, now=now)
        days = [item for item in (await calendars.all_calendars(self._session)).values() if item.days is not None]
        alive, slots = await workers.capacity(self._session, now=now)
        running = sum((await queue.running_by_worker(self._session)).values())
        return QueueStatus(
            business_date=wanted,
            today=today,
            counts=counts.counts,
            total=counts.total,
            calendars=[_calendar_day(item, wanted) for item in days],
            last_session={item.code: last for item in days if (last := item.latest(today)) is not None},
            next_due_at=counts.next_due_at,
            schedulers_alive=await schedulers.alive_count(self._session, now=now),
            workers_alive=alive,
            slots=slots,
            slots_free=max(slots - running, 0),
        )

    async def status(self) -> MonitorStatus:
        """Everything, and what of it needs a person."""
        await self._own.plan_once()
        now = self._clock.now()
        began = perf_counter()
        daily_load, version = await self._daily_load(now)
        answered = (perf_counter() - began) * 1000
        queues = await read_queues(self._session, self._own, now=now)
        ending = await day_groups.ending_coverage(self._session, home_date(now))
        delays = await queue.start_delays(self._session, since=now - DELAYS_OF, now=now)
        status = MonitorStatus(
            healthy=False,
            checked_at=now,
            problems=[],
            schedulers=await schedulers.instances(self._session, clock=self._clock),
            workers=await self._workers_at_work(),
            queues=queues,
            outbox=OutboxRead.model_validate(await self._own.outbox(now=now)),
            streams=await self._redis.read([item.queue for item in queues], upkeep.event_types()),
            database=DatabaseRead(
                version=version,
                milliseconds=round(answered, 3),
                partitions_until=await upkeep.last_month(self._session),
            ),
            daily_load=daily_load,
            calendars_ending=[CoverageRead.model_validate(one) for one in ending],
            quarantined=await self._own.quarantined(since=now - QUARANTINE_OF),
            dead_letters=await self._own.dead_letters(since=now - DEAD_LETTERS_OF),
            stats_until=await stats.made_until(self._session),
            start_delays=StartDelays(starts=delays.starts, p50_seconds=delays.p50, p99_seconds=delays.p99),
        )
        problems = list(_problems(status))
        return status.model_copy(update={"problems": problems, "healthy": not problems})

    async def workers(self) -> list[WorkerRead]:
        """All workers, the live ones first."""
        running = await queue.running_by_worker(self._session)
        return await workers.catalog(self._session, clock=self._clock).workers(running)

    async def _workers_at_work(self) -> list[WorkerStatus]:
        runs: dict[str, list[RunningRead]] = {}
        for row in await self._own.running(limit=MOST_RUNNING):
            runs.setdefault(row.worker_id, []).append(RunningRead.model_validate(row))
        return [WorkerStatus(**dict(one), runs=runs.get(one.id, [])) for one in await self.workers()]

    async def _daily_load(self, now: datetime) -> tuple[DailyLoadStatus, str]:
        [today] = days_begun({HOME_ZONE.key}, now)
        row = await self._own.database(today)
        following = today + timedelta(days=1)
        return (
            DailyLoadStatus(
                business_date=today,
                loaded=row.loaded,
                last_loaded_at=row.last_loaded_at,
                next_at=load_instant(following),
                next_business_date=following,
            ),
            row.version,
        )


async def read_queues(session: ReadSession, own: MonitorRepository, *, now: datetime) -> list[QueueRead]:
    """Every queue that has work or workers, with its bands."""
    bands: dict[str, list[BandRead]] = {}
    for row in await own.bands(now=now):
        bands.setdefault(row.queue, []).append(_band(row, now=now))
    return [
        QueueRead(
            queue=row.queue,
            workers=row.workers,
            slots=row.slots,
            queued=row.queued,
            running=row.running,
            due=row.due,
            oldest_due_seconds=_seconds_since(row.oldest_due_at, now),
            bands=bands.get(row.queue, []),
        )
        for row in await queue.queue_states(session, now=now)
    ]


async def check(session: WriteSession, service: MonitorService) -> CheckRead:
    """Looks at everything, and keeps what it found in the scheduler's log."""
    status = await service.status()
    found = CheckRead(
        checked_at=status.checked_at,
        healthy=status.healthy,
        problems=status.problems,
        fields={
            "problems": [problem.code.value for problem in status.problems],
            "schedulers": sum(one.alive for one in status.schedulers),
            "workers": sum(one.status == "alive" for one in status.workers),
            "due": sum(one.due for one in status.queues),
            "running": sum(one.running for one in status.queues),
            "outbox": status.outbox.waiting,
            "database_milliseconds": status.database.milliseconds,
            "streams_milliseconds": status.streams.milliseconds,
        },
    )
    critical = any(problem.severity is Severity.CRITICAL for problem in status.problems)
    line = Note(
        event=LogEvent.HEALTH_CHECK,
        level="ERROR" if critical else "WARNING" if status.problems else "INFO",
        message=" ".join(problem.message for problem in status.problems) or "Everything works.",
        fields=found.fields,
    )
    await note(session, [line], now=status.checked_at)
    return found


class HealthLoop:
    """A check every hour, by whichever scheduler comes first."""

    def __init__(self, sessionmaker: SessionFactory, streams: redis.asyncio.Redis, clock: Clock) -> None:
        self._sessionmaker = sessionmaker
        self._streams = streams
        self._clock = clock

    async def step(self) -> float:
        async with transaction(self._sessionmaker) as session:
            own = MonitorRepository(session)
            if await own.take_check(before=self._clock.now() - CHECK_EVERY):
                await check(session, MonitorService(session, own, self._streams, self._clock))
        return CHECK_POLL_SECONDS


# --- what needs a person ---------------------------------------------------------------------------------------------


def _problems(status: MonitorStatus) -> Iterator[Problem]:
    yield from _missing(status.schedulers, status.workers, status.queues, now=status.checked_at)
    yield from _stuck(status)
    yield from _soon(status)


def _missing(
    scheduler_list: Sequence[SchedulerRead],
    worker_list: Sequence[WorkerRead],
    queues: Sequence[QueueRead],
    *,
    now: datetime,
) -> Iterator[Problem]:
    if not any(item.alive for item in scheduler_list):
        yield _critical("NO_SCHEDULER", "No scheduler is running: nothing starts. Start core_api.scheduler.")
    if not any(item.status == "alive" for item in worker_list):
        yield _critical("NO_WORKER", "No worker is running: nothing can be executed. Start worker_svc.")
    for item in queues:
        if item.due and not item.workers:
            message = f"{item.due} executions wait in queue {item.queue!r}, which no live worker serves."
            yield _critical("WORK_WITHOUT_WORKER", message)
    for worker in worker_list:
        if worker.status == "lost" and worker.lost_at is not None and now - worker.lost_at < RECENTLY:
            yield _warning("WORKER_LOST", f"Worker {worker.id} on {worker.host} went silent.")
    for scheduler in scheduler_list:
        for loop in scheduler.loops:
            if scheduler.alive and loop.failing:
                message = f"The {loop.name} loop of scheduler {scheduler.id[:8]} fails: {loop.last_error}"
                yield _critical("LOOP_FAILING", message)


def _stuck(status: MonitorStatus) -> Iterator[Problem]:
    outbox = status.outbox
    if outbox.oldest_seconds is not None and outbox.oldest_seconds > OUTBOX_STUCK_SECONDS:
        message = f"{outbox.waiting} entries have not reached Redis for {outbox.oldest_seconds:.0f} s: is it up?"
        yield _critical("OUTBOX_STUCK", message)
    if not status.streams.reachable:
        message = f"The streams Redis does not answer ({status.streams.error}): work waits in PostgreSQL until it does."
        yield _critical("STREAMS_AWAY", message)
    load = status.daily_load
    late = status.checked_at - load_instant(load.business_date)
    if not load.loaded and late > LOAD_LATE:
        message = f"{load.business_date} has not been loaded: POST /scheduler/daily-load, and see the scheduler's log."
        yield _critical("DAILY_LOAD_MISSING", message)


def _soon(status: MonitorStatus) -> Iterator[Problem]:
    until = status.database.partitions_until
    if until is None or until < (status.checked_at + PARTITIONS_AHEAD).date().replace(day=1):
        yield _warning("PARTITIONS_END", f"Partitions end with {until}: does the upkeep loop of a scheduler run?")
    for ending in status.calendars_ending:
        message = f"Calendar {ending.code} ends on {ending.coverage_end}: publish a version that goes further."
        yield (_critical if ending.days_left < 0 else _warning)("CALENDAR_ENDS", message)
    if status.quarantined:
        message = (
            f"{status.quarantined} executions were given up because their workers were lost: look, and retry them."
        )
        yield _warning("QUARANTINE", message)
    if status.dead_letters:
        message = f"{status.dead_letters} messages of this week reached nobody: see GET /notifications/deliveries."
        yield _warning("DEAD_LETTERS", message)


def _critical(code: str, message: str) -> Problem:
    return Problem(code=ProblemCode(code), severity=Severity.CRITICAL, message=message)


def _warning(code: str, message: str) -> Problem:
    return Problem(code=ProblemCode(code), severity=Severity.WARNING, message=message)


def _calendar_day(days: CalendarDays, day: date) -> CalendarDay:
    known = days.start <= day <= days.end
    return CalendarDay(
        code=days.code, is_business_day=days.is_business_day(day) if known else None, note=days.note(day)
    )


def _band(row: Row[Any], *, now: datetime) -> BandRead:
    return BandRead(
        band=row.band,
        queued=row.queued,
        running=row.running,
        due=row.due,
        oldest_due_seconds=_seconds_since(row.oldest_due_at, now),
    )


def load_instant(day: date) -> datetime:
    """When a date is to be loaded."""
    return instant_of(datetime.combine(day, LOAD_AT), HOME_ZONE)


def _seconds_since(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else (now - instant).total_seconds()
