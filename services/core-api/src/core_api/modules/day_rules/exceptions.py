"""What can go wrong with a question about a rule's dates."""

from datetime import date

from core_api.modules.business_days.public import OutsideCoverage
from shared_utils.errors import Invalid


class OutsideRuleCoverage(OutsideCoverage):
    """A date near the end of the calendar for which the rule would have to look beyond it."""

    def __init__(self, calendar_code: str, day: date, known: tuple[date, date] | None) -> None:
        answered = f"only from {known[0]} to {known[1]}" if known else "for no date at all"
        Invalid.__init__(
            self,
            f"Whether {day} is among the days of this rule depends on dates that calendar {calendar_code} does not "
            f"cover: the rule can be answered {answered}; a newer calendar version is needed.",
        )
