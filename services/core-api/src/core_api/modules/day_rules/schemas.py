"""`DayRule`: which business days of a calendar are chosen, and in what words a person says so."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from core_api.inputs import Input

MAX_SHIFT: Final = 250

Weekday = Annotated[int, Field(ge=1, le=7, strict=True)]
MonthDay = Annotated[int, Field(ge=1, le=31, strict=True)]


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
