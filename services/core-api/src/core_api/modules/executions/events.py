"""What the queue announces. Built here and nowhere else, so that every event of a kind says the same."""

from typing import Any
from uuid import UUID

from core_api.modules.executions.schemas import Held, Identity, Move, Settlement, Started
from shared_schemas.events.envelope import EventPayload
from shared_schemas.events.executions import (
    ExecutionCancelled,
    ExecutionFailed,
    ExecutionQueued,
    ExecutionRecovered,
    ExecutionReopened,
    ExecutionRetrying,
    ExecutionSkipped,
    ExecutionStarted,
    ExecutionSucceeded,
)


def queued(execution: Any) -> ExecutionQueued:
    return ExecutionQueued.model_construct(**identity(execution))


def started(execution: Started) -> ExecutionStarted:
    return ExecutionStarted.model_construct(**identity(execution), worker_id=execution.worker_id)


def cancelled(execution: Any, *, by: str) -> ExecutionCancelled:
    return ExecutionCancelled.model_construct(**identity(execution), cancelled_by=by)


def reopened(execution: Any, *, by: str) -> ExecutionReopened:
    return ExecutionReopened.model_construct(**identity(execution), requested_by=by)


def skipped(execution: Identity, *, reason: str) -> ExecutionSkipped:
    return ExecutionSkipped.model_construct(**identity(execution), reason=reason)


def settled(held: Held, settlement: Settlement) -> EventPayload | None:
    """The event of an attempt's end. Handing back announces nothing: it is queued again at once, which is announced."""
    common = identity(held)
    error = settlement.error or {}
    failure = {"error_code": error.get("code", "UNKNOWN"), "error_message": error.get("message", "")}
    match settlement.move:
        case Move.SUCCEED:
            return ExecutionSucceeded.model_construct(
                **common,
                duration_seconds=_seconds(settlement),
                result=settlement.result or {},
                warnings=len(settlement.warnings),
            )
        case Move.FAIL | Move.GIVE_UP:
            return ExecutionFailed.model_construct(**common, **failure)
        case Move.RETRY_LATER:
            return ExecutionRetrying.model_construct(
                **common, **failure, next_attempt_at=settlement.due_at or held.slot
            )
        case Move.LOSE:
            return ExecutionRecovered.model_construct(
                **common, worker_id=held.worker_id or "", recoveries=settlement.recoveries
            )
        case Move.CONFIRM_CANCEL:
            return ExecutionCancelled.model_construct(
                **common, cancelled_by=held.cancel_requested_by or held.worker_id or ""
            )
        case _:
            return None


def context_of(execution: Any) -> dict[str, str]:
    """The correlation and trace context of an execution, for `Outbox.add`: the same for all its attempts and events.

    A run that nobody asked for has the trace whose id is its own, so that it is found without being stored.
    """
    own: UUID = execution.id
    trace = execution.traceparent or f"00-{own.hex}-{own.hex[16:]}-01"
    return {"correlation_id": execution.correlation_id, "traceparent": trace}


def identity(execution: Any) -> dict[str, Any]:
    """The fields that every event carries. Built without validation: they come from our own table."""
    return {
        "execution_id": execution.id,
        "routine_id": execution.routine_id,
        "routine_name": execution.routine_name,
        "job": execution.job,
        "business_date": execution.business_date,
        "slot": execution.slot,
        "origin": execution.origin,
        "attempt": execution.attempt,
    }


def _seconds(settlement: Settlement) -> float:
    if settlement.started_at is None or settlement.finished_at is None:
        return 0.0
    return (settlement.finished_at - settlement.started_at).total_seconds()
