"""`execution.*`: announced by core-api, the owner of an execution's state, in the transaction that changes it."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class ExecutionEvent(EventPayload):
    execution_id: UUID
    routine_id: UUID
    routine_name: str
    job: str
    business_date: date
    slot: datetime
    origin: str
    attempt: int


class ExecutionQueued(ExecutionEvent):
    event_type: ClassVar[str] = "execution.queued"


class ExecutionStarted(ExecutionEvent):
    event_type: ClassVar[str] = "execution.started"
    worker_id: str


class ExecutionSucceeded(ExecutionEvent):
    event_type: ClassVar[str] = "execution.succeeded"
    duration_seconds: float
    result: dict[str, Any]
    warnings: int


class ExecutionFailed(ExecutionEvent):
    """Final failure: no attempt is left, or the error is permanent."""

    event_type: ClassVar[str] = "execution.failed"
    error_code: str
    error_message: str


class ExecutionRetrying(ExecutionEvent):
    """An attempt failed and another one will follow at `next_attempt_at`."""

    event_type: ClassVar[str] = "execution.retrying"
    error_code: str
    error_message: str
    next_attempt_at: datetime


class ExecutionRecovered(ExecutionEvent):
    """The worker was lost; the execution will run again."""

    event_type: ClassVar[str] = "execution.recovered"
    worker_id: str
    recoveries: int


class ExecutionCancelled(ExecutionEvent):
    event_type: ClassVar[str] = "execution.cancelled"
    cancelled_by: str


class ExecutionReopened(ExecutionEvent):
    """A person asked for another try of what had failed or was cancelled; it is PENDING and due."""

    event_type: ClassVar[str] = "execution.reopened"
    requested_by: str


class ExecutionSkipped(ExecutionEvent):
    event_type: ClassVar[str] = "execution.skipped"
    reason: str
