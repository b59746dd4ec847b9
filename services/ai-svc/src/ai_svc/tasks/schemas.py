"""Values of tasks: what the API shows, and what runners and handlers hand each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class TaskStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


OVER = frozenset({TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELLED})


class ItemStatus(StrEnum):
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class TaskError(_Read):
    """Why a task or an item failed; `code` is stable."""

    code: str
    message: str


class TaskSummary(_Read):
    """A task without its texts. `progress` runs from 0 to 1; a batch has `items_total` items, others none."""

    id: UUID
    kind: str
    owner: str
    status: TaskStatus
    progress: float
    items_total: int
    items_done: int
    items_failed: int
    attempts: int
    cancel_requested: bool
    error: TaskError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    """When the task, its texts and its result are removed; not known before it is over."""


class TaskRead(TaskSummary):
    """A task with what came out of it; of a batch, the sum. Its items have their own page."""

    result: dict[str, Any] | None


class TasksErased(_Read):
    """How many tasks of a person were removed, with their texts and results."""

    owner: str
    tasks: int


class ItemRead(_Read):
    """One of a batch's items, in the order in which they were sent."""

    ordinal: int
    status: ItemStatus
    result: dict[str, Any] | None
    error: TaskError | None
    input_tokens: int
    output_tokens: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """Work to be done later. `kind` names its handler; with `items` it is a batch."""

    kind: str
    owner: str
    input: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]] = ()
    idempotency_key: str | None = None
    """Of one owner: the same key again gives the same task and creates nothing."""
    correlation_id: str | None = None
    traceparent: str | None = None
    reopen: bool = False
    """When the key's task failed or was cancelled it goes on: items that are done stay done."""


@dataclass(frozen=True, slots=True, eq=False)
class ClaimedTask:
    """A task in the hands of a runner. Only the holder of the current attempt may change it."""

    id: UUID
    kind: str
    owner: str
    input: dict[str, Any]
    attempt: int
    items_total: int
    correlation_id: str | None
    runner: str
    traceparent: str | None = None
    """Of whoever asked for it: all attempts are in that trace."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """An item that is still to be done."""

    ordinal: int
    input: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What became of an item: a result, or an error's code and message. Tokens are those of all of its calls."""

    result: dict[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended, and what is to be remembered of it."""

    status: TaskStatus
    result: dict[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a batch is."""

    total: int
    done: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerLimits:
    """Bounds of one process's runner; times in seconds."""

    concurrency: int = 4
    lease_seconds: float = 30.0
    poll_seconds: float = 2.0
    max_attempts: int = 5
    stop_seconds: float = 3.0
    retention_days: int = 7
