"""Shapes of day groups."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core_api.inputs import Input, LongText, Title
from core_api.modules.calendars.public import CalendarCode
from core_api.modules.day_rules.public import DayRule, Period, Roll

_PERIODS = tuple(Period)


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class DayGroupWrite(Input):
    name: Title = Field(examples=["Pregões B3"])
    description: LongText = ""
    calendar_code: CalendarCode = Field(examples=["B3"])
    rule: DayRule = DayRule()


class PositionRead(Output):
    of: Period
    n: int


class DayRuleRead(Output):
    weekdays: list[int] | None
    positions: list[PositionRead]
    month_days: list[int]
    month_end: bool
    roll: Roll
    shift: int
    include: list[date]
    exclude: list[date]

    @classmethod
    def of(cls, rule: DayRule) -> Self:
        """A rule in a stable order: this is how it is stored and shown."""
        positions = sorted(rule.positions, key=lambda item: (_PERIODS.index(item.of), item.n))
        return cls(
            weekdays=None if rule.weekdays is None else sorted(rule.weekdays),
            positions=[PositionRead(of=item.of, n=item.n) for item in positions],
            month_days=sorted(rule.month_days),
            month_end=rule.month_end,
            roll=rule.roll,
            shift=rule.shift,
            include=sorted(rule.include),
            exclude=sorted(rule.exclude),
        )


class DayGroupRead(Output):
    id: UUID
    name: str
    description: str
    calendar_code: str
    rule: DayRuleRead
    version: int
