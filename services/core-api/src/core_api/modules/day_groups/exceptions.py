"""What can go wrong with day groups."""

from shared_utils.errors import Conflict, NotFound


class DayGroupNotFound(NotFound):
    code = "DAY_GROUP_NOT_FOUND"

    def __init__(self, group: object) -> None:
        super().__init__(f"There is no day group {str(group)!r}; GET /api/v1/day-groups lists them.")


class DayGroupNameTaken(Conflict):
    code = "DAY_GROUP_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A day group named {name!r} exists already; choose another name.")


class DayGroupInUse(Conflict):
    code = "DAY_GROUP_IN_USE"

    def __init__(self, name: str) -> None:
        super().__init__(f"Day group {name!r} is used by routines; give them another group first.")
