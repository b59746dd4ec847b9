"""Events as their owners put them on a stream."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared_schemas.events.envelope import EventEnvelope, EventPayload
from shared_schemas.events.executions import ExecutionFailed
from shared_schemas.events.operations import DatasetLoaded, WorkerLost
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import event_row
from shared_utils.messaging.consumer import RawPayload, StreamMessage

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROUTINE = UUID("01939b5e-0000-7000-8000-000000000001")


def failed(**changes: Any) -> ExecutionFailed:
    values: dict[str, Any] = {
        "execution_id": uuid7(),
        "routine_id": ROUTINE,
        "routine_name": "b3-cotahist-download",
        "job": "b3.cotahist.download",
        "business_date": date(2026, 11, 19),
        "slot": NOON,
        "origin": "schedule",
        "attempt": 3,
        "error_code": "HOST_UNREACHABLE",
        "error_message": "The exchange did not answer.",
    }
    return ExecutionFailed(**(values | changes))


def loaded(**changes: Any) -> DatasetLoaded:
    values: dict[str, Any] = {
        "dataset": "b3.cotahist",
        "reference_date": date(2024, 11, 8),
        "release_id": uuid7(),
        "rows": 12_226,
        "inserted": 12_226,
        "updated": 0,
        "deleted": 0,
    }
    return DatasetLoaded(**(values | changes))


def worker_lost() -> WorkerLost:
    return WorkerLost(worker_id="worker-1-abcdef", host="node-1", executions=2)


def entry(
    payload: EventPayload, *, event_id: UUID | None = None, occurred_at: datetime = NOON
) -> tuple[str, dict[str, str]]:
    """The stream and the fields of an event."""
    return event_row(
        payload, source_service="core-api", occurred_at=occurred_at, correlation_id="c-1", event_id=event_id
    )


def delivered(stream: str, data: str) -> StreamMessage:
    """The same as the consumer hands it to its handler."""
    return StreamMessage(stream, "1-0", EventEnvelope[RawPayload].model_validate_json(data), data)


def message(payload: EventPayload, **changes: Any) -> StreamMessage:
    stream, fields = entry(payload, **changes)
    return delivered(stream, fields["data"])
