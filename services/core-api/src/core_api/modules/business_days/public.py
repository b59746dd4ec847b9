"""Business days for the modules that store calendars or plan with them. Pure: nothing here asks a database."""

from core_api.modules.business_days.exceptions import OutsideCoverage
from core_api.modules.business_days.schemas import (
    EVERY_DAY,
    EVERY_DAY_END,
    EVERY_DAY_START,
    CalendarDays,
    CalendarParts,
    Combination,
    Correction,
)
from core_api.modules.business_days.service import assembled, downwards, ending, every_day, upwards

__all__ = [
    "EVERY_DAY",
    "EVERY_DAY_END",
    "EVERY_DAY_START",
    "CalendarDays",
    "CalendarParts",
    "Combination",
    "Correction",
    "OutsideCoverage",
    "assembled",
    "downwards",
    "ending",
    "every_day",
    "upwards",
]
