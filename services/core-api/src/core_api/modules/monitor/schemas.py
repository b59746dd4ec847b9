"""Shapes of the monitor."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from core_api.modules.schedulers.public import SchedulerRead
from core_api.modules.workers.public import WorkerRead


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class CalendarDay(Output):
    """What a calendar says about the business date; `note` names the holiday."""

    code: str
    is_business_day: bool | None
    note: str | None


class QueueStatus(Output):
    """How a business date stands. `last_session` is each calendar's last business day up to today."""

    business_date: date
    today: date
    counts: dict[str, int]
    total: int
    calendars: list[CalendarDay]
    last_session: dict[str, date]
    next_due_at: datetime | None
    schedulers_alive: int
    workers_alive: int
    slots: int
    slots_free: int


class QueueRead(Output):
    """One worker queue. `due` executions are past due and not handed out; the oldest of them has waited so long."""

    queue: str
    workers: int
    slots: int
    queued: int
    running: int
    due: int
    oldest_due_seconds: float | None


class OutboxRead(Output):
    """Entries that have not reached Redis yet."""

    waiting: int
    oldest_seconds: float | None


class StartDelays(Output):
    """Seconds from due to start of the first attempts of the last hour, at most 1,000 of them."""

    starts: int
    p50_seconds: float | None
    p99_seconds: float | None


class Problem(Output):
    """Something that needs a person. `code` is stable."""

    code: Literal["NO_SCHEDULER", "NO_WORKER", "WORKER_LOST", "OUTBOX_STUCK", "WORK_WITHOUT_WORKER"]
    message: str


class MonitorStatus(Output):
    """The health of the engine."""

    healthy: bool
    problems: list[Problem]
    schedulers: list[SchedulerRead]
    workers: list[WorkerRead]
    queues: list[QueueRead]
    outbox: OutboxRead
    start_delays: StartDelays
