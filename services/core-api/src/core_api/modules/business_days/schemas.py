"""The business days of a calendar as a pure value, and what such values are made of."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final, Literal

from core_api.modules.business_days.exceptions import OutsideCoverage

EVERY_DAY: Final = "EVERY_DAY"
EVERY_DAY_START: Final = date(1990, 1, 1)
EVERY_DAY_END: Final = date(2100, 12, 31)
_ONE_DAY = timedelta(days=1)


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

    def latest(self, day: date) -> date | None:
        """The last business day until `day`, itself included; None when the calendar knows of none."""
        rank = self.rank(day + _ONE_DAY)
        return self.at(rank - 1) if rank and self.covers(day) else None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's word about one date of a calendar."""

    day: date
    is_business_day: bool
    opens_at: time | None
    note: str


type Combination = Literal["union", "intersection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarParts:
    """What a calendar is made of: days of its `own`, or `members` combined; then people's corrections on top."""

    own: CalendarDays | None = None
    how: Combination | None = None
    members: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
