"""Two pure values: `CalendarDays`, the business days of a calendar, and `DayRule`, which of them are chosen."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from core_api.inputs import Input
from core_api.modules.business_days.exceptions import OutsideCoverage

EVERY_DAY: Final = "EVERY_DAY"
EVERY_DAY_START: Final = date(1990, 1, 1)
EVERY_DAY_END: Final = date(2100, 12, 31)
MAX_SHIFT: Final = 250
_ONE_DAY = timedelta(days=1)

Weekday = Annotated[int, Field(ge=1, le=7, strict=True)]
MonthDay = Annotated[int, Field(ge=1, le=31, strict=True)]


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

    def covers(self, day: date) -> bool:
        """Whether the calendar says anything about `day`."""
        return self.start <= day <= self.end

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
        rank = self.rank(day + _ONE_DAY) + count - 1 if count > 0 else self.rank(day) + count
        # A negative rank would silently count from the end of the tuple.
        if not 0 <= rank < self.count:
            raise OutsideCoverage(self.code, None, self.start, self.end)
        return self.at(rank)

    @property
    def count(self) -> int:
        """How many business days the calendar has."""
        return (self.end - self.start).days + 1 if self.days is None else len(self.days)

    def rank(self, day: date) -> int:
        """How many business days of the coverage lie before `day`, wherever `day` lies."""
        if self.days is None:
            return min(max((day - self.start).days, 0), self.count)
        return bisect_left(self.days, day)

    def at(self, rank: int) -> date:
        """The business day before which there are `rank` others; `rank` is from 0 to `count` - 1."""
        return self.start + timedelta(days=rank) if self.days is None else self.days[rank]

    def note(self, day: date) -> str | None:
        """Why the day is special: a holiday's name or the note of an override."""
        return self.notes.get(day)

    def opens_at(self, day: date) -> time | None:
        """The opening time when it is unusual that day, else None."""
        return self.opening_times.get(day)

    def _check(self, day: date) -> None:
        if not self.start <= day <= self.end:
            raise OutsideCoverage(self.code, day, self.start, self.end)


class Period(StrEnum):
    """What a position counts in. Weeks begin on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


# The most days that a period has, and the most times that one weekday occurs in it.
_LONGEST: Final = {Period.WEEK: 7, Period.MONTH: 31, Period.QUARTER: 92, Period.YEAR: 366}
_PER_WEEKDAY: Final = {Period.WEEK: 1, Period.MONTH: 5, Period.QUARTER: 14, Period.YEAR: 53}


class Position(Input):
    """The `n`-th business day of each period: 1 is the first, -1 the last, -2 the last but one."""

    of: Period
    n: Annotated[int, Field(ge=-366, le=366, strict=True, description="From 1 on from the start, from -1 on back.")]

    @model_validator(mode="after")
    def _can_exist(self) -> Self:
        if self.n == 0:
            raise ValueError("n counts from 1 (the first) or from -1 (the last); there is no 0th day")
        if abs(self.n) > _LONGEST[self.of]:
            raise ValueError(f"a {self.of} has no business day number {self.n}: at most {_LONGEST[self.of]}")
        return self


class Roll(StrEnum):
    """What becomes of a date of the month that is not a business day (ISDA's business day conventions).

    `none` drops it; `next` and `previous` take the nearest business day after or before it; `modified_following` takes
    the next one unless that lies in another month, then the previous one. A roll looks at most 14 days far.
    """

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"
    MODIFIED_FOLLOWING = "modified_following"


class DayRule(Input):
    """Which dates. Without more, all business days of the calendar, narrowed to `weekdays` (1 Monday to 7 Sunday).

    `positions` takes the n-th or last business days of each week, month, quarter or year instead (with `weekdays`: the
    n-th among the business days on these weekdays, such as the third Friday). `month_days` takes days of the month and
    `month_end` the last calendar day of each month, moved by `roll` when that is not a business day; a month without a
    30th or 31st has no such date. What these choose is joined, then every date is moved by `shift` business days (D+n).
    `include` adds dates whatever the calendar says, `exclude` takes dates out and has the last word; both name the
    dates on which things run, so neither is shifted.
    """

    weekdays: frozenset[Weekday] | None = Field(default=None, min_length=1, examples=[[1, 2, 3, 4, 5]])
    positions: frozenset[Position] = Field(default=frozenset(), max_length=100, examples=[[{"of": "month", "n": -1}]])
    month_days: frozenset[MonthDay] = Field(default=frozenset(), examples=[[5, 20]])
    month_end: Annotated[bool, Field(strict=True)] = False
    roll: Roll = Roll.NONE
    shift: Annotated[int, Field(ge=-MAX_SHIFT, le=MAX_SHIFT, strict=True, description="Business days, D+n.")] = 0
    include: frozenset[date] = Field(default=frozenset(), max_length=1000)
    exclude: frozenset[date] = Field(default=frozenset(), max_length=1000, examples=[["2026-12-24"]])

    @property
    def has_month_dates(self) -> bool:
        """Whether the rule names calendar days of the month."""
        return self.month_end or bool(self.month_days)

    @property
    def is_plain(self) -> bool:
        """Whether the rule chooses among all business days, by weekday at most."""
        return not self.positions and not self.has_month_dates

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        both = sorted(self.include & self.exclude)
        if both:
            raise ValueError(f"{both[0]} is both included and excluded")
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.has_month_dates and self.weekdays is not None:
            raise ValueError("weekdays cannot be combined with month_days or month_end: choose one of them")
        if self.roll is not Roll.NONE and not self.has_month_dates:
            raise ValueError("roll moves month_days or month_end, and there are none")
        if self.shift and self.is_plain and self.weekdays is None:
            raise ValueError("shift moves every business day onto another one and so changes nothing; leave it out")
        return self

    @model_validator(mode="after")
    def _positions_exist(self) -> Self:
        if self.weekdays is None:
            return self
        for position in sorted(self.positions, key=lambda item: (item.of, item.n)):
            most = _PER_WEEKDAY[position.of] * len(self.weekdays)
            if abs(position.n) > most:
                raise ValueError(f"a {position.of} has at most {most} such weekdays, not {abs(position.n)}")
        return self


type ReasonAgainst = Literal["NOT_COVERED", "NOT_A_BUSINESS_DAY", "DAY_GROUP"]
