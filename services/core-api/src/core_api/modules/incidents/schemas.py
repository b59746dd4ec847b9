"""What can be wrong, as values, and its shapes for people."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """What is wrong. Stable, for programs; texts for people are translations of these."""

    FAILED = "FAILED"
    LATE = "LATE"
    NOT_STARTED = "NOT_STARTED"
    RECOVERED_OFTEN = "RECOVERED_OFTEN"
    DAILY_LOAD_MISSING = "DAILY_LOAD_MISSING"
    SCHEDULER_SILENT = "SCHEDULER_SILENT"
    WORKERS_GONE = "WORKERS_GONE"
    CALENDAR_ENDING = "CALENDAR_ENDING"
    QUEUE_STUCK = "QUEUE_STUCK"


class Resolution(StrEnum):
    """How an incident ended."""

    RECOVERED = "RECOVERED"
    EXPIRED = "EXPIRED"


class ChangeKind(StrEnum):
    """What happened to an incident that somebody may have to be told."""

    OPENED = "OPENED"
    REPEATED = "REPEATED"
    RESOLVED = "RESOLVED"


State = Literal["open", "resolved", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong now. The same kind, subject and business date is one incident, whoever reports it.

    `last_event_at` belongs to kinds that are counted by what happened (runs that failed): only a later one counts as
    another occurrence, or opens a resolved incident again.
    """

    kind: Kind
    subject: str
    business_date: date
    title: str
    routine_id: UUID | None = None
    execution_id: UUID | None = None
    tags: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    occurrences: int = 1
    last_event_at: datetime | None = None

    @property
    def dedup_key(self) -> str:
        return f"{self.kind}:{self.subject}:{self.business_date.isoformat()}"


class IncidentRead(BaseModel):
    """Something that was or is wrong. `thread` names the kind and subject without the date.

    `occurrences` counts what happened under it, `rounds` how often it was opened; `details` depend on the kind. It is
    open while `resolved_at` is null.
    """

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    kind: Kind
    subject: str
    title: str
    business_date: date
    routine_id: UUID | None
    execution_id: UUID | None
    tags: list[str]
    details: dict[str, Any]
    opened_at: datetime
    last_seen_at: datetime
    occurrences: int
    rounds: int
    resolved_at: datetime | None
    resolution: Resolution | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None

    @property
    def thread(self) -> str:
        """The same trouble on whatever date."""
        return f"{self.kind}:{self.subject}"

    @property
    def dedup(self) -> tuple[str, date]:
        """What tells incidents of one kind apart."""
        return self.subject, self.business_date


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell about an incident, which is as it stands now."""

    change: ChangeKind
    at: datetime
    incident: IncidentRead
