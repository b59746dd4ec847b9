"""What routines announce: that they were created, updated or deleted."""

from core_api.modules.routines.models import Routine
from shared_schemas.events.routines import RoutineCreated, RoutineDeleted, RoutineUpdated


def routine_created(routine: Routine, *, by: str) -> RoutineCreated:
    return RoutineCreated(routine_id=routine.id, name=routine.name, changed_by=by)


def routine_updated(routine: Routine, *, by: str) -> RoutineUpdated:
    return RoutineUpdated(routine_id=routine.id, name=routine.name, changed_by=by)


def routine_deleted(routine: Routine, *, by: str) -> RoutineDeleted:
    return RoutineDeleted(routine_id=routine.id, name=routine.name, changed_by=by)
