"""The envelope around every event, and the base of payloads."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class EventPayload(BaseModel):
    """Base of payloads. Readers ignore unknown fields; a breaking change needs a new `version`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_type: ClassVar[str]
    version: ClassVar[int] = 1


class EventEnvelope[PayloadT: EventPayload](BaseModel):
    """What travels on a stream, as JSON in the entry's `data` field. `event_id` is the idempotency key."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: UUID
    event_type: str
    version: int
    occurred_at: datetime
    correlation_id: str
    source_service: str
    traceparent: str | None = None
    payload: PayloadT


def event_stream(event_type: str) -> str:
    """Key of the stream of an event type."""
    return f"events:{event_type}"
