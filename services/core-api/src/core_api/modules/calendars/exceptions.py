"""What can go wrong with calendars."""

from collections.abc import Sequence
from datetime import date, datetime

from shared_utils.errors import Conflict, Invalid, NotFound


class CalendarNotFound(NotFound):
    code = "CALENDAR_NOT_FOUND"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(f"There is no calendar {calendar_code!r}; GET /api/v1/calendars lists them.")


class CalendarCodeTaken(Conflict):
    code = "CALENDAR_CODE_TAKEN"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(f"A calendar {calendar_code!r} exists already; choose another code or add a version to it.")


class CalendarVersionNotFound(NotFound):
    code = "CALENDAR_VERSION_NOT_FOUND"

    def __init__(self, calendar_code: str, version: int) -> None:
        super().__init__(
            f"Calendar {calendar_code} has no version {version}; "
            f"GET /api/v1/calendars/{calendar_code}/versions lists those that it has."
        )


class CalendarNotYetKnown(Invalid):
    """Nothing was believed at that instant: the calendar came later."""

    code = "CALENDAR_NOT_YET_KNOWN"

    def __init__(self, calendar_code: str, as_of: datetime) -> None:
        super().__init__(
            f"Calendar {calendar_code} had no version yet at {as_of.isoformat()}; "
            f"GET /api/v1/calendars/{calendar_code}/versions says since when it has."
        )


class CalendarCycle(Invalid):
    code = "CALENDAR_CYCLE"

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(f"A calendar cannot contain itself: {' contains '.join(path)}. Leave one of them out.")


class CalendarsDoNotOverlap(Invalid):
    code = "CALENDARS_DO_NOT_OVERLAP"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(
            f"The members of calendar {calendar_code} have no date in common that all of them cover; "
            "choose others or extend their coverage."
        )


class CalendarKindFixed(Conflict):
    code = "CALENDAR_KIND_FIXED"

    def __init__(self, calendar_code: str, kind: str) -> None:
        super().__init__(f"Calendar {calendar_code} is of kind {kind!r} for good; create another calendar instead.")


class CalendarIsShipped(Conflict):
    """The next release would bring its own version again."""

    code = "CALENDAR_IS_SHIPPED"

    def __init__(self, calendar_code: str) -> None:
        super().__init__(
            f"Calendar {calendar_code} comes with the product and is not edited; correct single dates with overrides, "
            "or create a calendar of your own."
        )


class CalendarInUse(Conflict):
    code = "CALENDAR_IN_USE"

    def __init__(self, calendar_code: str, users: Sequence[str]) -> None:
        by = f"by the calendars {', '.join(users)} (or by their earlier versions)" if users else "by day groups"
        super().__init__(f"Calendar {calendar_code} is used {by}; give them another calendar first.")


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
