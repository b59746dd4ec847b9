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


class OutsideRuleCoverage(OutsideCoverage):
    """A date near the end of the calendar for which the rule would have to look beyond it."""

    def __init__(self, calendar_code: str, day: date, known: tuple[date, date] | None) -> None:
        answered = f"only from {known[0]} to {known[1]}" if known else "for no date at all"
        Invalid.__init__(
            self,
            f"Whether {day} is among the days of this rule depends on dates that calendar {calendar_code} does not "
            f"cover: the rule can be answered {answered}; a newer calendar version is needed.",
        )
