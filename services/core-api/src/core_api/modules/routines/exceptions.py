"""What can go wrong with routines."""

from collections.abc import Sequence

from shared_utils.errors import Conflict, Invalid, NotFound


class RoutineNotFound(NotFound):
    code = "ROUTINE_NOT_FOUND"

    def __init__(self, routine: object) -> None:
        super().__init__(f"There is no routine {str(routine)!r}; it may have been deleted.")


class RoutineNameTaken(Conflict):
    code = "ROUTINE_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A routine named {name!r} exists already; choose another name.")


class ReferencesChanged(Conflict):
    """A pool or day group of this routine was deleted at the same moment; load them again and repeat your change."""

    code = "ROUTINE_REFERENCES_CHANGED"


class RoutineInUse(Conflict):
    code = "ROUTINE_IN_USE"

    def __init__(self, name: str, dependants: Sequence[str]) -> None:
        super().__init__(
            f"Routine {name!r} cannot be deleted: {', '.join(dependants)} depend(s) on it or start(s) by its end. "
            "Remove that first.",
            details={"dependants": list(dependants)},
        )


class JobUnknown(Invalid):
    code = "JOB_UNKNOWN"

    def __init__(self, job: str, known: Sequence[str]) -> None:
        offered = f"known jobs: {', '.join(known[:20])}" if known else "no worker has announced a job yet"
        super().__init__(
            f"No worker has announced job {job!r} ({offered}). Start the worker that brings it, or pass "
            "allow_unknown_job=true to create the routine before its worker."
        )


class DependencyUnknown(Invalid):
    code = "ROUTINE_DEPENDENCY_UNKNOWN"

    def __init__(self, missing: Sequence[object]) -> None:
        super().__init__(f"depends_on names routines that do not exist: {', '.join(map(str, missing))}.")


class TriggerRoutineUnknown(Invalid):
    code = "ROUTINE_TRIGGER_UNKNOWN"

    def __init__(self, missing: object) -> None:
        super().__init__(f"The trigger waits for a routine that does not exist: {missing}.")


class DependencyCycle(Invalid):
    code = "ROUTINE_DEPENDENCY_CYCLE"

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(
            "These dependencies and event triggers form a cycle, so that a routine would wait for itself or start "
            f"itself again and again: {' -> '.join(path)}. Take one out, or let it look at an earlier business date.",
            details={"path": list(path)},
        )


class PoolUnknown(Invalid):
    code = "POOL_UNKNOWN"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no pool {name!r}; GET /api/v1/pools lists them.")


class DayGroupUnknown(Invalid):
    code = "DAY_GROUP_UNKNOWN"

    def __init__(self, group_id: object) -> None:
        super().__init__(f"There is no day group {group_id}; GET /api/v1/day-groups lists them.")


class OnceDayExcluded(Invalid):
    code = "ROUTINE_ONCE_NEVER_RUNS"

    def __init__(self, day: object, group: str) -> None:
        super().__init__(f"{day} is not a day of day group {group!r}, so this routine would never run.")
