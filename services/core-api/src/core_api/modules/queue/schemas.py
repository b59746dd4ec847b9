"""Shapes of executions for people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core_api.modules.executions.public import Status


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ReasonRead(Output):
    """Why an execution is not running. `code` is stable, `context` names what it waits for.

    `message` says it to people, in the language of the request's Accept-Language: Brazilian Portuguese or English.
    """

    code: str
    message: str
    context: dict[str, Any]


class UpstreamRead(Output):
    routine_id: UUID
    name: str


class ActionsRead(Output):
    """What the present state allows; whether the caller may is a matter of their role."""

    cancel: bool
    retry: bool
    run_now: bool


class RunWarningRead(Output):
    """Something to see on a success, for example a file that was not there."""

    code: str
    message: str
    context: dict[str, Any]


class RunErrorRead(Output):
    """Why the latest attempt failed. `transient` says whether trying again may help."""

    code: str
    message: str
    transient: bool
    detail: dict[str, Any]


class ExecutionRead(Output):
    """One routine on one slot. `attempt` counts starts; only failures use up `max_attempts`, a lost worker does not.

    `cause` is the event or the webhook's call that started it, for origin `event` and `webhook`. Secrets in
    `params` and `cause` read `***`: what the job's schema marks, and what stands under a name that looks secret.
    """

    id: UUID
    routine_id: UUID
    routine_name: str
    title: str
    job: str
    params: dict[str, Any]
    business_date: date
    slot: datetime
    origin: str
    status: Status
    reason: ReasonRead | None
    priority: int
    band: int
    queue: str
    pool: str | None
    concurrency_key: str | None
    attempt: int
    failures: int
    max_attempts: int
    recoveries: int
    max_recoveries: int
    timeout_seconds: int | None
    due_at: datetime
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    worker_id: str | None
    progress: float | None
    progress_message: str | None
    eta_at: datetime | None
    result: dict[str, Any] | None
    warnings: list[RunWarningRead]
    error: RunErrorRead | None
    depends_on: list[UpstreamRead]
    cancel_requested: bool
    requested_by: str | None
    backfill_id: UUID | None
    cause: dict[str, Any] | None
    correlation_id: str
    created_at: datetime
    updated_at: datetime
    actions: ActionsRead


class DayCounts(Output):
    """How many executions of a business date are in each status."""

    counts: dict[str, int]
    total: int
    next_due_at: datetime | None


class OutcomeRead(Output):
    """How an execution ended, or where it is: `result` is what its job reported, as JSON."""

    id: UUID
    routine_name: str
    title: str
    job: str
    business_date: date
    status: Status
    result: dict[str, Any] | None
    warnings: list[RunWarningRead]
    error: RunErrorRead | None
    finished_at: datetime | None


class OutcomePage(Output):
    """For other services, which get no envelope; `next_cursor` is the `cursor` of the page that follows."""

    items: list[OutcomeRead]
    next_cursor: str | None
