from typing import ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class RoutineChanged(EventPayload):
    routine_id: UUID
    name: str
    changed_by: str


class RoutineCreated(RoutineChanged):
    event_type: ClassVar[str] = "routine.created"


class RoutineUpdated(RoutineChanged):
    event_type: ClassVar[str] = "routine.updated"


class RoutineDeleted(RoutineChanged):
    event_type: ClassVar[str] = "routine.deleted"
