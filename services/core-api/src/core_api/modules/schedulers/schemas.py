"""Shapes of scheduler processes and of their log."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

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
    ROUTINES_RELOADED = "ROUTINES_RELOADED"
    WORKER_LOST = "WORKER_LOST"
    EXECUTION_RECOVERED = "EXECUTION_RECOVERED"
    EXECUTION_GIVEN_UP = "EXECUTION_GIVEN_UP"
    ENTRIES_RESENT = "ENTRIES_RESENT"
    LOOP_FAILED = "LOOP_FAILED"
    LOOP_RECOVERED = "LOOP_RECOVERED"
    MAINTENANCE = "MAINTENANCE"
    HEALTH_CHECK = "HEALTH_CHECK"
    LOOPS_RESTARTED = "LOOPS_RESTARTED"


Level = Literal["INFO", "WARNING", "ERROR"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line for the scheduler's log."""

    event: LogEvent
    message: str
    level: Level = "INFO"
    fields: dict[str, Any] = field(default_factory=dict)


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


class SchedulerRead(Output):
    """A scheduler process; not `alive` when it was not seen for ten seconds."""

    id: str
    host: str
    pid: int
    started_at: datetime
    last_seen_at: datetime
    alive: bool
