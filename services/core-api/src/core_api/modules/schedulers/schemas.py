"""Shapes of scheduler processes and of their log."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Protocol
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field

from core_api.inputs import Input

PRESENCE_SECONDS: Final = 2.0
"""How often a process says that it is there."""
SILENT_AFTER_SECONDS: Final = 10.0
"""A process that was not seen for so long is not counted on any more."""


class LogEvent(StrEnum):
    """What the system notes about itself."""

    SCHEDULER_STARTED = "SCHEDULER_STARTED"
    SCHEDULER_STOPPED = "SCHEDULER_STOPPED"
    DAILY_LOAD = "DAILY_LOAD"
    DAILY_LOAD_FAILED = "DAILY_LOAD_FAILED"
    DAILY_LOAD_INCOMPLETE = "DAILY_LOAD_INCOMPLETE"
    DAYS_NOT_LOADED = "DAYS_NOT_LOADED"
    BACKFILL_CREATED = "BACKFILL_CREATED"
    BACKFILL_CHANGED = "BACKFILL_CHANGED"
    BACKFILL_FINISHED = "BACKFILL_FINISHED"
    ROUTINES_RELOADED = "ROUTINES_RELOADED"
    WORKER_LOST = "WORKER_LOST"
    EXECUTION_RECOVERED = "EXECUTION_RECOVERED"
    EXECUTION_GIVEN_UP = "EXECUTION_GIVEN_UP"
    EXECUTIONS_SKIPPED = "EXECUTIONS_SKIPPED"
    DISPATCH_GAP = "DISPATCH_GAP"
    CLOCK_JUMPED = "CLOCK_JUMPED"
    ENTRIES_RESENT = "ENTRIES_RESENT"
    LOOP_FAILED = "LOOP_FAILED"
    LOOP_RECOVERED = "LOOP_RECOVERED"
    MAINTENANCE = "MAINTENANCE"
    HEALTH_CHECK = "HEALTH_CHECK"
    LOOPS_RESTARTED = "LOOPS_RESTARTED"
    EVENT_PASSED_OVER = "EVENT_PASSED_OVER"


Level = Literal["INFO", "WARNING", "ERROR"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line for the scheduler's log."""

    event: LogEvent
    message: str
    level: Level = "INFO"
    fields: dict[str, Any] = field(default_factory=dict)


class Waker(Protocol):
    """What ends a loop's pause early: an asyncio.Event or a `shared_utils.db.notify.Wake`."""

    async def wait(self) -> Any: ...
    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Work that is done again and again. `step` returns how many seconds may pass before the next one."""

    name: str
    step: Callable[[], Awaitable[float]]
    wake: Waker | None = None
    limit_seconds: float = 60.0
    """A step that hangs for so long, on a connection that died without a word, has failed."""


@dataclass(slots=True, kw_only=True)
class LoopState:
    """How a loop of this process stands; it is told with every sign of life."""

    name: str
    started_at: datetime
    runs: int = 0
    failures: int = 0
    restarts: int = 0
    last_run_at: datetime | None = None
    last_duration_seconds: float | None = None
    next_run_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """A process of the engine, as it introduces itself."""

    host: str
    pid: int
    kind: Literal["scheduler", "api"] = "scheduler"
    id: str = field(default_factory=lambda: uuid4().hex)


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class SchedulerLogRead(Output):
    """One line of the scheduler's log; `event` is stable, `message` is for people."""

    id: int
    at: datetime
    level: str
    event: str
    message: str
    fields: dict[str, Any]


class LoopRead(Output):
    """A loop of a scheduler. `last_run_at` is when its last step began; a `failing` loop is tried again every second.

    Without a wake-up its next step begins at `next_run_at`.
    """

    name: str
    started_at: datetime
    runs: int
    failures: int
    restarts: int
    last_run_at: datetime | None
    last_duration_seconds: float | None
    next_run_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    failing: bool


class SchedulerRead(Output):
    """A scheduler process; not `alive` when it was not seen for ten seconds."""

    id: str
    host: str
    pid: int
    started_at: datetime
    last_seen_at: datetime
    alive: bool
    loops: list[LoopRead]


class RestartRequest(Input):
    """Which loops are to begin anew: all of every live scheduler, unless one or some are named."""

    scheduler_id: str | None = Field(default=None, max_length=64, description="Only this scheduler.")
    loops: list[Annotated[str, Field(max_length=40)]] = Field(
        default_factory=list, max_length=50, examples=[["dispatch", "relay"]], description="Only these loops."
    )


class RestartState(StrEnum):
    """WAITING for a scheduler's report, DONE, or GONE: it ended meanwhile, and with it its loops."""

    WAITING = "WAITING"
    DONE = "DONE"
    GONE = "GONE"


class RestartOfScheduler(Output):
    """What one scheduler did."""

    scheduler_id: str
    state: RestartState
    loops: list[str]
    restarted_at: datetime | None


class RestartRead(Output):
    """A request to restart loops. `done` when no scheduler is waited for any more."""

    id: UUID
    requested_at: datetime
    requested_by: str
    loops: list[str]
    done: bool
    schedulers: list[RestartOfScheduler]
