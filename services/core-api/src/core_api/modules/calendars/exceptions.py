"""What can go wrong with calendars and day groups."""

from datetime import date

from shared_utils.errors import Conflict, Invalid, NotFound


class CalendarNotFound(NotFound):
    code = "CALENDAR_NOT_FOUND"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(f"There is no calendar {calendar_code!r}; GET /api/v1/calendars lists them.")


class OverrideNotFound(NotFound):
    code = "CALENDAR_OVERRIDE_NOT_FOUND"

    def __init__(self, calendar_code: str, day: date) -> None:
        super().__init__(f"Calendar {calendar_code} has no override on {day}.")


class CalendarIsFixed(Conflict):
    """EVERY_DAY means every day; an exception belongs into a day group."""

    code = "CALENDAR_IS_FIXED"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(f"Calendar {calendar_code} cannot be overridden; exclude the date in a day group instead.")


class RangeTooLong(Invalid):
    code = "CALENDAR_RANGE_TOO_LONG"

    def __init__(self, most: int) -> None:
        super().__init__(f"Ask for at most {most} days at a time, with 'from' not after 'to'.")


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
