"""Shapes of calendars and day groups."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from core_api.inputs import Input, LongText, Note, Title
from core_api.modules.business_days.public import DayRule, Period, Roll

CalendarCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class CalendarRead(Output):
    """A calendar with its newest version; `version` and what belongs to it are null for EVERY_DAY."""

    code: str
    name: str
    kind: Literal["generated", "custom", "every_day"]
    time_zone: str
    version: int | None
    source: str | None
    sha256: str | None
    coverage_start: date
    coverage_end: date
    published_at: datetime | None
    overrides: int


class CalendarDayRead(Output):
    """One date: `note` names the holiday or the reason of an override, `opens_at` is set when the opening is late."""

    day: date
    is_business_day: bool
    opens_at: time | None
    note: str | None
    overridden: bool


class CalendarDayAnswer(Output):
    """What other services ask (internal API): the day, and the business days around it."""

    code: str
    day: date
    is_business_day: bool
    previous: date
    next: date
    note: str | None


class OverrideWrite(Input):
    """Corrects one date by hand; it holds at once and above every calendar version."""

    is_business_day: StrictBool
    opens_at: time | None = Field(default=None, examples=["13:00:00"])
    note: Note = Field(examples=["Luto oficial: sem pregão, ofício 123/2026"])

    @model_validator(mode="after")
    def _opens_only_when_open(self) -> Self:
        if self.opens_at is not None and not self.is_business_day:
            raise ValueError("opens_at needs is_business_day: true")
        if self.opens_at is not None and self.opens_at.tzinfo is not None:
            raise ValueError("opens_at is local time, without an offset")
        return self


class OverrideRead(Output):
    calendar_code: str
    day: date
    is_business_day: bool
    opens_at: time | None
    note: str
    created_by: str
    created_at: datetime


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


class DayGroupRead(Output):
    id: UUID
    name: str
    description: str
    calendar_code: str
    rule: DayRuleRead
    version: int


class CalendarFile(BaseModel):
    """A calendar as shipped in `core_api/data/calendars`: weekdays that are *not* business days, and late openings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Coverage(BaseModel):
        start: date
        end: date

    code: CalendarCode
    name: str
    version: str
    source: str
    coverage: Coverage
    holidays: list[date]
    names: dict[date, str] = Field(default_factory=dict)
    opens_at: dict[date, time] = Field(default_factory=dict)

    def business_days(self) -> list[date]:
        """Every Monday to Friday of the coverage that is not a holiday."""
        closed = frozenset(self.holidays)
        span = (self.coverage.end - self.coverage.start).days + 1
        days = (self.coverage.start + timedelta(days=n) for n in range(span))
        return [day for day in days if day.isoweekday() <= 5 and day not in closed]
