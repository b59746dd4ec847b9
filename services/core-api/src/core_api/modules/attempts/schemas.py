"""Shapes of attempts and log lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared_schemas.jobs import LogLevel, RunError

MAX_COUNT: Final = 1 << 31
"""Attempts and line numbers are PostgreSQL integers."""


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


def _complete(error: Any) -> Any:
    # Rows may have been written before a field existed; what is sent has all of them.
    return RunError.model_validate(error).model_dump() if isinstance(error, Mapping) else error


class AttemptErrorRead(Output):
    """Why an attempt failed. `transient` says whether trying again may help."""

    code: str
    message: str
    transient: bool
    detail: dict[str, Any]
    traceback: str | None


class AttemptRead(Output):
    """One try. `outcome` is null while it runs; LOST means that its worker went silent."""

    attempt: int
    worker_id: str
    started_at: datetime
    finished_at: datetime | None
    duration_seconds: float | None
    outcome: str | None
    result: dict[str, Any] | None
    error: Annotated[AttemptErrorRead | None, BeforeValidator(_complete)]
    log_lines: int


class LogLineRead(Output):
    """One log line; `attempt` and `seq` are its position."""

    attempt: int
    seq: int
    at: datetime
    level: LogLevel
    message: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class LogPosition:
    """After which line to go on reading."""

    attempt: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class AttemptState:
    """Who made an attempt and how it ended."""

    execution_id: UUID
    attempt: int
    worker_id: str
    outcome: str | None
