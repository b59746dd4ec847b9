"""Business days and day rules for the modules that store them or plan with them. Pure: nothing here asks a database."""

from core_api.modules.business_days.exceptions import OutsideCoverage
from core_api.modules.business_days.schemas import (
    EVERY_DAY,
    EVERY_DAY_END,
    EVERY_DAY_START,
    CalendarDays,
    DayRule,
    Period,
    Position,
    ReasonAgainst,
    Roll,
)
from core_api.modules.business_days.service import GroupDays, every_day, runs_on

__all__ = [
    "EVERY_DAY",
    "EVERY_DAY_END",
    "EVERY_DAY_START",
    "CalendarDays",
    "DayRule",
    "GroupDays",
    "OutsideCoverage",
    "Period",
    "Position",
    "ReasonAgainst",
    "Roll",
    "every_day",
    "runs_on",
]
