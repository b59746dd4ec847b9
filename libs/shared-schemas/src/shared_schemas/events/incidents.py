"""`incident.*` and `deadline.missed`: announced by core-api when something needs a person, and when it is over."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class IncidentEvent(EventPayload):
    """`kind` says what is wrong, `subject` with what; `routine_id` only when it is about one routine."""

    incident_id: UUID
    kind: str
    subject: str
    title: str
    business_date: date
    routine_id: UUID | None
    opened_at: datetime
    occurrences: int


class IncidentOpened(IncidentEvent):
    """Also when an incident that was over came back: `rounds` counts how often it was opened."""

    event_type: ClassVar[str] = "incident.opened"
    rounds: int


class IncidentResolved(IncidentEvent):
    """`resolution` is RECOVERED when what was wrong is right again, EXPIRED when nobody looks for it any more."""

    event_type: ClassVar[str] = "incident.resolved"
    resolved_at: datetime
    resolution: str


class DeadlineMissed(EventPayload):
    """At `deadline` the routine, or some of the routines with `tag`, had not succeeded for `business_date`."""

    event_type: ClassVar[str] = "deadline.missed"
    incident_id: UUID
    business_date: date
    deadline: datetime
    routine_id: UUID | None
    tag: str | None
    title: str
    missing: list[str]
