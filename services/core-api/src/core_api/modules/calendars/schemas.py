"""Shapes of calendars and day groups, and the two pure values behind them: `CalendarDays` and `DayRule`."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from core_api.inputs import Input, LongText, Note, Title
from core_api.modules.calendars.exceptions import OutsideCoverage

EVERY_DAY = "EVERY_DAY"
EVERY_DAY_START = date(1990, 1, 1)
EVERY_DAY_END = date(2100, 12, 31)
_ONE_DAY = timedelta(days=1)

CalendarCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
Weekday = Annotated[int, Field(ge=1, le=7, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDays:
    """The business days of a calendar from `start` to `end`, overrides applied. Outside of these it refuses to answer.

    `days` ascends; None means every day of the range.
    """

    code: str
    start: date
    end: date
    days: tuple[date, ...] | None
    notes: Mapping[date, str] = field(default_factory=dict)
    opening_times: Mapping[date, time] = field(default_factory=dict)
    lookup: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookup", frozenset(self.days or ()))

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is a business day (B3: a trading session)."""
        self._check(day)
        return self.days is None or day in self.lookup

    def next(self, day: date) -> date:
        """The first business day after `day`."""
        return self.add(day, 1)

    def previous(self, day: date) -> date:
        """The last business day before `day`."""
        return self.add(day, -1)

    def on_or_after(self, day: date) -> date:
        """`day` itself when it is a business day, else the next one."""
        return day if self.is_business_day(day) else self.next(day)

    def on_or_before(self, day: date) -> date:
        """`day` itself when it is a business day, else the previous one."""
        return day if self.is_business_day(day) else self.previous(day)

    def business_days(self, start: date, end: date) -> tuple[date, ...]:
        """All business days from `start` to `end`, both included; empty when `start` is after `end`."""
        self._check(start)
        self._check(end)
        if self.days is None:
            return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))
        return self.days[bisect_left(self.days, start) : bisect_right(self.days, end)]

    def add(self, day: date, count: int) -> date:
        """The `count`-th business day after `day` (before it when negative); 0 is `on_or_after`.

        `day` need not be a business day: D+1 of a Saturday is the next session.
        """
        self._check(day)
        if count == 0:
            return self.on_or_after(day)
        if self.days is None:
            return self._every_day_plus(day, count)
        index = bisect_right(self.days, day) + count - 1 if count > 0 else bisect_left(self.days, day) + count
        # A negative index would silently count from the end of the tuple.
        if not 0 <= index < len(self.days):
            raise OutsideCoverage(self.code, None, self.start, self.end)
        return self.days[index]

    def note(self, day: date) -> str | None:
        """Why the day is special: a holiday's name or the note of an override."""
        return self.notes.get(day)

    def opens_at(self, day: date) -> time | None:
        """The opening time when it is unusual that day, else None."""
        return self.opening_times.get(day)

    def _every_day_plus(self, day: date, count: int) -> date:
        if not (self.start - day).days <= count <= (self.end - day).days:
            raise OutsideCoverage(self.code, None, self.start, self.end)
        return day + timedelta(days=count)

    def _check(self, day: date) -> None:
        if not self.start <= day <= self.end:
            raise OutsideCoverage(self.code, day, self.start, self.end)


class DayRule(Input):
    """Which dates: the calendar's business days, narrowed to `weekdays` (1 Monday to 7 Sunday, null for all).

    `include` adds dates whatever the calendar says, `exclude` takes dates out and has the last word.
    """

    weekdays: frozenset[Weekday] | None = Field(default=None, min_length=1, examples=[[1, 2, 3, 4, 5]])
    include: frozenset[date] = Field(default=frozenset(), max_length=1000)
    exclude: frozenset[date] = Field(default=frozenset(), max_length=1000, examples=[["2026-12-24"]])

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        both = sorted(self.include & self.exclude)
        if both:
            raise ValueError(f"{both[0]} is both included and excluded")
        return self


def runs_on(rule: DayRule, calendar_days: CalendarDays, day: date) -> bool:
    """Whether a routine with this rule runs on `day`. Pure: preview and daily load ask the same question."""
    if day in rule.exclude:
        return False
    if day in rule.include:
        return True
    if rule.weekdays is not None and day.isoweekday() not in rule.weekdays:
        return False
    return calendar_days.is_business_day(day)


@dataclass(frozen=True, slots=True)
class GroupDays:
    """A day group ready to answer: its rule and its calendar's days."""

    id: UUID
    name: str
    revision: int
    rule: DayRule
    calendar: CalendarDays

    def runs_on(self, day: date) -> bool:
        return runs_on(self.rule, self.calendar, day)


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


class DayRuleRead(Output):
    weekdays: list[int] | None
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
