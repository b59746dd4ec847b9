"""Shapes of events, as far as they start routines."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event, as far as it can start routines. `cause` is what an execution remembers of it."""

    event_id: UUID
    event_type: str
    occurred_at: datetime
    correlation_id: str
    traceparent: str | None
    business_date: date | None
    cause: dict[str, Any]
    routine_id: UUID | None = None
    status: str | None = None
    dataset: str | None = None
    file: str | None = None
