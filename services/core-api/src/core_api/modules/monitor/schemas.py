"""Shapes of the monitor."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

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


class BandRead(Output):
    """A priority band of a queue: 1 for priorities 1-10, 2 for 11-20, 3 for 21 and up."""

    band: int
    queued: int
    running: int
    due: int
    oldest_due_seconds: float | None


class QueueRead(Output):
    """One worker queue. `due` executions are past due and not handed out; the oldest of them has waited so long."""

    queue: str
    workers: int
    slots: int
    queued: int
    running: int
    due: int
    oldest_due_seconds: float | None
    bands: list[BandRead]


class RunningRead(Output):
    """What a worker is at."""

    execution_id: UUID
    routine_name: str
    title: str
    business_date: date
    attempt: int
    started_at: datetime | None
    progress: float | None


class WorkerStatus(WorkerRead):
    """A worker, with what it runs at the moment."""

    runs: list[RunningRead]


class OutboxRead(Output):
    """Entries that have not reached Redis yet."""

    waiting: int
    oldest_seconds: float | None


class GroupRead(Output):
    """A consumer group of a stream: delivered and not acknowledged, and not delivered yet (null: Redis cannot tell)."""

    name: str
    consumers: int
    pending: int
    lag: int | None


class StreamRead(Output):
    """A stream in Redis. What is finished is deleted from a work stream, so its length is what waits or runs."""

    stream: str
    length: int
    groups: list[GroupRead]


class StreamsRead(Output):
    """The streams Redis. Away, it delays work and loses none: PostgreSQL has everything."""

    reachable: bool
    milliseconds: float | None
    error: str | None
    streams: list[StreamRead]


class DatabaseRead(Output):
    """PostgreSQL, and how long a question takes."""

    version: str
    milliseconds: float
    partitions_until: date | None
    """The last month that executions have a partition for."""


class DailyLoadStatus(Output):
    """The load of today in São Paulo, and when the next one comes."""

    business_date: date
    loaded: bool
    last_loaded_at: datetime | None
    next_at: datetime
    next_business_date: date


class CoverageRead(Output):
    """A calendar that says nothing any more from `coverage_end` on."""

    code: str
    name: str
    coverage_end: date
    days_left: int


class StartDelays(Output):
    """Seconds from due to start of the first attempts of the last hour, at most 1,000 of them."""

    starts: int
    p50_seconds: float | None
    p99_seconds: float | None


class ProblemCode(StrEnum):
    """What may need a person; the app translates it."""

    NO_SCHEDULER = "NO_SCHEDULER"
    NO_WORKER = "NO_WORKER"
    WORKER_LOST = "WORKER_LOST"
    WORK_WITHOUT_WORKER = "WORK_WITHOUT_WORKER"
    OUTBOX_STUCK = "OUTBOX_STUCK"
    LOOP_FAILING = "LOOP_FAILING"
    STREAMS_AWAY = "STREAMS_AWAY"
    DAILY_LOAD_MISSING = "DAILY_LOAD_MISSING"
    PARTITIONS_END = "PARTITIONS_END"
    CALENDAR_ENDS = "CALENDAR_ENDS"
    QUARANTINE = "QUARANTINE"
    DEAD_LETTERS = "DEAD_LETTERS"


class Severity(StrEnum):
    """CRITICAL: runs are not started or not finished. WARNING: somebody should look soon."""

    CRITICAL = "CRITICAL"
    WARNING = "WARNING"


class Problem(Output):
    """Something that needs a person. `code` is stable."""

    code: ProblemCode
    severity: Severity
    message: str


class MonitorStatus(Output):
    """The health of the engine; `healthy` when there is no problem at all."""

    healthy: bool
    checked_at: datetime
    problems: list[Problem]
    schedulers: list[SchedulerRead]
    workers: list[WorkerStatus]
    queues: list[QueueRead]
    outbox: OutboxRead
    streams: StreamsRead
    database: DatabaseRead
    daily_load: DailyLoadStatus
    calendars_ending: list[CoverageRead]
    quarantined: int
    """Executions of the last 30 days whose worker was lost too often; counted up to 1,000."""
    dead_letters: int
    """Messages of the last week that no channel took; counted up to 1,000."""
    stats_until: datetime
    start_delays: StartDelays


class CheckRead(Output):
    """One look at everything, kept in the scheduler's log as HEALTH_CHECK."""

    checked_at: datetime
    healthy: bool
    problems: list[Problem]
    fields: dict[str, Any]
