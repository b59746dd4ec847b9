"""What incidents announce."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core_api.modules.incidents.schemas import IncidentRead, Kind
from shared_schemas.events.envelope import EventPayload
from shared_schemas.events.incidents import DeadlineMissed, IncidentOpened, IncidentResolved


def opened(incident: IncidentRead) -> Iterator[EventPayload]:
    """The incident's own event, and for a missed deadline the one that others wait for."""
    yield IncidentOpened(**_common(incident), rounds=incident.rounds)
    if incident.kind is Kind.LATE:
        yield DeadlineMissed(
            incident_id=incident.id,
            business_date=incident.business_date,
            deadline=datetime.fromisoformat(incident.details["deadline"]),
            routine_id=incident.routine_id,
            tag=incident.details.get("tag"),
            title=incident.title,
            missing=incident.details["missing"],
        )


def resolved(incident: IncidentRead, *, at: datetime) -> IncidentResolved:
    return IncidentResolved(**_common(incident), resolved_at=at, resolution=str(incident.resolution))


def _common(incident: IncidentRead) -> dict[str, Any]:
    return {
        "incident_id": incident.id,
        "kind": str(incident.kind),
        "subject": incident.subject,
        "title": incident.title,
        "business_date": incident.business_date,
        "routine_id": incident.routine_id,
        "opened_at": incident.opened_at,
        "occurrences": incident.occurrences,
    }
