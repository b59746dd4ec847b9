"""What can go wrong with a question about business days."""

from datetime import date

from shared_utils.errors import Invalid


class OutsideCoverage(Invalid):
    """A date that the calendar says nothing about: an answer would be a guess."""

    code = "CALENDAR_OUT_OF_RANGE"

    def __init__(self, calendar_code: str, day: date | None, start: date, end: date) -> None:
        asked = "The days asked for reach" if day is None else f"{day} is"
        super().__init__(
            f"{asked} outside calendar {calendar_code}, which covers {start} to {end}; "
            "a newer calendar version is needed."
        )
