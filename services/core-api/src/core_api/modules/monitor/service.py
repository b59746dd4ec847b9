"""How the queue and the engine stand."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core_api.modules.calendars import public as calendars
from core_api.modules.calendars.public import CalendarDays
from core_api.modules.monitor.repository import MonitorRepository
from core_api.modules.monitor.schemas import (
    CalendarDay,
    MonitorStatus,
    OutboxRead,
    Problem,
    QueueRead,
    QueueStatus,
    StartDelays,
)
from core_api.modules.queue import public as queue
from core_api.modules.schedulers import public as schedulers
from core_api.modules.schedulers.public import SchedulerRead
from core_api.modules.workers import public as workers
from core_api.modules.workers.public import WorkerRead
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession

HOME_ZONE: Final = ZoneInfo("America/Sao_Paulo")
OUTBOX_STUCK_SECONDS: Final = 10.0
DELAYS_OF: Final = timedelta(hours=1)
RECENTLY: Final = timedelta(hours=1)


class MonitorService:
    def __init__(self, session: ReadSession, own: MonitorRepository, clock: Clock) -> None:
        self._session = session
        self._own = own
        self._clock = clock

    async def queue_status(self, business_date: date | None) -> QueueStatus:
        """The day's counts, what the calendars say about it, and who is there to work."""
        now = self._clock.now()
        today = now.astimezone(HOME_ZONE).date()
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
            last_session={item.code: item.on_or_before(today) for item in days if item.start <= today <= item.end},
            next_due_at=counts.next_due_at,
            schedulers_alive=await schedulers.alive_count(self._session, now=now),
            workers_alive=alive,
            slots=slots,
            slots_free=max(slots - running, 0),
        )

    async def status(self) -> MonitorStatus:
        """Everything that says whether work flows."""
        now = self._clock.now()
        scheduler_list = await schedulers.instances(self._session, clock=self._clock)
        worker_list = await self.workers()
        queues = [
            QueueRead(
                queue=row.queue,
                workers=row.workers,
                slots=row.slots,
                queued=row.queued,
                running=row.running,
                due=row.due,
                oldest_due_seconds=(now - row.oldest_due_at).total_seconds() if row.oldest_due_at else None,
            )
            for row in await queue.queue_states(self._session, now=now)
        ]
        outbox = OutboxRead.model_validate(await self._own.outbox(now=now))
        delays = await queue.start_delays(self._session, since=now - DELAYS_OF)
        problems = list(_problems(scheduler_list, worker_list, queues, outbox, now=now))
        return MonitorStatus(
            healthy=not problems,
            problems=problems,
            schedulers=scheduler_list,
            workers=worker_list,
            queues=queues,
            outbox=outbox,
            start_delays=StartDelays(starts=delays.starts, p50_seconds=delays.p50, p99_seconds=delays.p99),
        )

    async def workers(self) -> list[WorkerRead]:
        """All workers, the live ones first."""
        running = await queue.running_by_worker(self._session)
        return await workers.catalog(self._session, clock=self._clock).workers(running)


def _calendar_day(days: CalendarDays, day: date) -> CalendarDay:
    known = days.start <= day <= days.end
    return CalendarDay(
        code=days.code, is_business_day=days.is_business_day(day) if known else None, note=days.note(day)
    )


def _problems(
    scheduler_list: Sequence[SchedulerRead],
    worker_list: Sequence[WorkerRead],
    queues: Sequence[QueueRead],
    outbox: OutboxRead,
    *,
    now: datetime,
) -> Iterator[Problem]:
    if not any(item.alive for item in scheduler_list):
        yield Problem(code="NO_SCHEDULER", message="No scheduler is running: nothing starts. Start core_api.scheduler.")
    if not any(item.status == "alive" for item in worker_list):
        yield Problem(code="NO_WORKER", message="No worker is running: nothing can be executed. Start worker_svc.")
    for item in queues:
        if item.due and not item.workers:
            message = f"{item.due} executions wait in queue {item.queue!r}, which no live worker serves."
            yield Problem(code="WORK_WITHOUT_WORKER", message=message)
    for worker in worker_list:
        if worker.status == "lost" and worker.lost_at is not None and now - worker.lost_at < RECENTLY:
            yield Problem(code="WORKER_LOST", message=f"Worker {worker.id} on {worker.host} went silent.")
    if outbox.oldest_seconds is not None and outbox.oldest_seconds > OUTBOX_STUCK_SECONDS:
        message = f"{outbox.waiting} entries have not reached Redis for {outbox.oldest_seconds:.0f} s: is it up?"
        yield Problem(code="OUTBOX_STUCK", message=message)
