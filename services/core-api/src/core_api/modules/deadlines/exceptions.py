"""What can go wrong with deadlines of groups."""

from uuid import UUID

from shared_utils.errors import Conflict, Invalid, NotFound


class DeadlineNotFound(NotFound):
    code = "DEADLINE_NOT_FOUND"

    def __init__(self, deadline_id: UUID) -> None:
        super().__init__(f"There is no deadline {deadline_id}; GET /api/v1/deadlines lists them.")


class DeadlineNameTaken(Conflict):
    code = "DEADLINE_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A deadline named {name!r} exists already; change it with PUT or choose another name.")


class DeadlineCalendarUnknown(Invalid):
    code = "DEADLINE_CALENDAR_UNKNOWN"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no calendar {code!r}; GET /api/v1/calendars lists them.")
