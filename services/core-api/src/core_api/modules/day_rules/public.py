"""Day rules for the modules that store them or plan with them. Pure: nothing here asks a database."""

from core_api.modules.day_rules.schemas import DayRule, Period, Position, ReasonAgainst, Roll, Weekday
from core_api.modules.day_rules.service import GroupDays, runs_on

__all__ = ["DayRule", "GroupDays", "Period", "Position", "ReasonAgainst", "Roll", "Weekday", "runs_on"]
