"""What can go wrong with incidents."""

from uuid import UUID

from shared_utils.errors import NotFound


class IncidentNotFound(NotFound):
    code = "INCIDENT_NOT_FOUND"

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(f"There is no incident {incident_id}; GET /api/v1/incidents lists them.")
