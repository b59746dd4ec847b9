"""Which dates a rule chooses from a calendar. Pure: preview, daily load and "what changes" all ask here.

Everything is built on one function, `_chosen`, that answers for a range of dates; a single date is a range of one. The
shift is undone by rank: moving by n business days maps the business day of rank r onto that of rank r + n, so the dates
of a range come from the choices of the range moved back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from core_api.modules.business_days.public import CalendarDays
from core_api.modules.day_rules.exceptions import OutsideRuleCoverage
from core_api.modules.day_rules.schemas import DayRule, Period, Position, ReasonAgainst, Roll

ROLL_REACH: Final = timedelta(days=14)
"""How far a roll looks: longer than any market's closing. A date with no business day so near is dropped."""
KEPT_RANGES: Final = 64
_ONE_DAY = timedelta(days=1)

type Span = tuple[date, date]


def runs_on(rule: DayRule, calendar_days: CalendarDays, day: date) -> bool:
    """Whether a routine with this rule runs on `day`. Raises `OutsideCoverage`."""
    return _DayQuestion(rule, calendar_days).runs_on(day)


class _DayQuestion:
    """A rule and its calendar, with what is worked out once: the dates about which they can say anything."""

    __slots__ = ("_calendar", "_known", "_rule", "_unshifted")

    def __init__(self, rule: DayRule, calendar: CalendarDays) -> None:
        self._rule = rule
        self._calendar = calendar
        self._unshifted = _unshifted_coverage(rule, calendar)
        self._known = _shifted_coverage(rule, calendar, self._unshifted)

    @property
    def known(self) -> Span | None:
        return self._known

    def covers(self, day: date) -> bool:
        if day in self._rule.include or day in self._rule.exclude:
            return True
        return self._known is not None and self._known[0] <= day <= self._known[1]

    def runs_on(self, day: date) -> bool:
        if day in self._rule.exclude:
            return False
        if day in self._rule.include:
            return True
        if not self.covers(day):
            self._calendar.is_business_day(day)  # outside of the calendar itself: say so
            raise OutsideRuleCoverage(self._calendar.code, day, self._known)
        return bool(self._by_rule(day, day))

    def days_between(self, start: date, end: date) -> tuple[date, ...]:
        rule = self._rule
        days: tuple[date, ...] = ()
        if self._known is not None:
            first, last = max(start, self._known[0]), min(end, self._known[1])
            days = self._by_rule(first, last) if first <= last else ()
        if not rule.include and not rule.exclude:
            return days
        added = {day for day in rule.include if start <= day <= end}
        return tuple(sorted((added | set(days)) - rule.exclude))

    def _by_rule(self, first: date, last: date) -> tuple[date, ...]:
        """The dates from `first` to `last`, both known, that the rule and its shift choose; ascending."""
        calendar, shift = self._calendar, self._rule.shift
        if not shift:
            return _chosen(self._rule, calendar, first, last)
        low, high = calendar.rank(first) - shift, calendar.rank(last + _ONE_DAY) - 1 - shift
        if low > high:
            return ()
        chosen = _chosen(self._rule, calendar, calendar.at(low), calendar.at(high))
        return tuple(calendar.at(calendar.rank(day) + shift) for day in chosen)


@dataclass(frozen=True, slots=True)
class GroupDays:
    """A day group ready to answer: its rule and its calendar's days.

    For many dates ask `days_between` once instead of `runs_on` for each date: it is some 20 microseconds for a plain
    rule and below a millisecond for any usual one over 400 days, and the answer is kept. Both come from the same code.

    A calendar ends somewhere, and near its ends a rule may have to look beyond it. `covers(day)` says whether the group
    can be asked about `day`; `runs_on` refuses (`OutsideCoverage`) when it cannot, `days_between` leaves such dates
    out. So whoever plans many routines asks `covers` first and reports those that it is false for, by name.
    """

    id: UUID
    name: str
    revision: int
    rule: DayRule
    calendar: CalendarDays
    _question: _DayQuestion = field(init=False, repr=False, compare=False)
    _kept: dict[Span, tuple[date, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_question", _DayQuestion(self.rule, self.calendar))

    @property
    def coverage(self) -> Span | None:
        """The first and the last date that the group can be asked about; None when there is none.

        Dates of `include` and `exclude` are known besides.
        """
        return self._question.known

    def covers(self, day: date) -> bool:
        """Whether the calendar covers all that is needed to say whether the group has `day`."""
        return self._question.covers(day)

    def runs_on(self, day: date) -> bool:
        """Whether the group has `day`. Raises `OutsideCoverage` when `covers(day)` is false."""
        return self._question.runs_on(day)

    def days_between(self, start: date, end: date) -> tuple[date, ...]:
        """All dates of the group from `start` to `end`, both included, ascending; those that it covers.

        The dates are exactly those for which `covers` and `runs_on` are true.
        """
        known = self._kept.get((start, end))
        if known is None:
            if len(self._kept) >= KEPT_RANGES:
                self._kept.clear()
            known = self._kept[(start, end)] = self._question.days_between(start, end)
        return known

    def reason_against(self, day: date) -> ReasonAgainst | None:
        """Why the group does not have `day`; None when it has.

        NOT_COVERED: the calendar ends before; NOT_A_BUSINESS_DAY: closed (`calendar.note(day)` may name the holiday);
        DAY_GROUP: a business day that the rule leaves out.
        """
        if not self.covers(day):
            return "NOT_COVERED"
        if self.runs_on(day):
            return None
        closed = self.calendar.covers(day) and not self.calendar.is_business_day(day)
        return "NOT_A_BUSINESS_DAY" if closed and day not in self.rule.exclude else "DAY_GROUP"


def _chosen(rule: DayRule, calendar: CalendarDays, first: date, last: date) -> tuple[date, ...]:
    """The business days from `first` to `last` that the rule chooses before it is shifted; ascending."""
    if rule.is_plain:
        days = calendar.business_days(first, last)
        return days if rule.weekdays is None else tuple(day for day in days if day.isoweekday() in rule.weekdays)
    found = {day for position in rule.positions for day in _at_position(position, rule, calendar, first, last)}
    if rule.has_month_dates:
        found.update(_month_dates(rule, calendar, first, last))
    return tuple(sorted(day for day in found if first <= day <= last))


def _at_position(position: Position, rule: DayRule, calendar: CalendarDays, first: date, last: date) -> Iterator[date]:
    begin, _ = bounds(position.of, first)
    while begin <= last:
        _, end = bounds(position.of, begin)
        following = end + _ONE_DAY
        low, high = calendar.rank(begin), calendar.rank(following)
        if rule.weekdays is None:
            rank = low + position.n - 1 if position.n > 0 else high + position.n
            if low <= rank < high:
                yield calendar.at(rank)
        else:
            among = [day for day in map(calendar.at, range(low, high)) if day.isoweekday() in rule.weekdays]
            if len(among) >= abs(position.n):
                yield among[position.n - 1 if position.n > 0 else position.n]
        begin = following


def _month_dates(rule: DayRule, calendar: CalendarDays, first: date, last: date) -> Iterator[date]:
    for nominal in _nominal_dates(rule, first - ROLL_REACH, last + ROLL_REACH):
        rolled = _rolled(calendar, nominal, rule.roll)
        if rolled is not None:
            yield rolled


def _nominal_dates(rule: DayRule, first: date, last: date) -> Iterator[date]:
    """Calendar dates from `first` to `last` that the rule names, ascending."""
    begin = first.replace(day=1)
    wanted = sorted(rule.month_days)
    while begin <= last:
        _, end = bounds(Period.MONTH, begin)
        days = [number for number in wanted if number <= end.day]
        if rule.month_end and end.day not in rule.month_days:
            days.append(end.day)
        yield from (day for day in (begin.replace(day=number) for number in days) if first <= day <= last)
        begin = end + _ONE_DAY


def _rolled(calendar: CalendarDays, day: date, roll: Roll) -> date | None:
    """The business day that stands for a date of the month, or None when there is none within reach."""
    rank = calendar.rank(day)
    following = calendar.at(rank) if rank < calendar.count else None
    if following == day:
        return day
    if roll is Roll.NONE:
        return None
    before = calendar.at(rank - 1) if rank > 0 else None
    if following is not None and following - day > ROLL_REACH:
        following = None
    if before is not None and day - before > ROLL_REACH:
        before = None
    if roll is Roll.NEXT:
        return following
    if roll is Roll.MODIFIED_FOLLOWING and following is not None and following.month == day.month:
        return following
    return before


def bounds(period: Period, day: date) -> Span:
    """The first and the last date of the period in which `day` lies."""
    if period is Period.WEEK:
        first = day - timedelta(days=day.isoweekday() - 1)
        return first, first + timedelta(days=6)
    if period is Period.YEAR:
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    months = 1 if period is Period.MONTH else 3
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return first, (first + timedelta(days=31 * months)).replace(day=1) - _ONE_DAY


# --- how far a rule can be answered -----------------------


def _unshifted_coverage(rule: DayRule, calendar: CalendarDays) -> Span | None:
    """The dates for which it is certain whether the rule, not yet shifted, chooses them."""
    first, last = calendar.start, calendar.end
    for position in rule.positions:
        if position.n > 0:
            begin, end = bounds(position.of, calendar.start)
            first = max(first, begin if begin == calendar.start else end + _ONE_DAY)
        else:
            begin, end = bounds(position.of, calendar.end)
            last = min(last, end if end == calendar.end else begin - _ONE_DAY)
    if rule.has_month_dates and calendar.count:
        first, last = max(first, _first_unrolled(rule, calendar)), min(last, _last_unrolled(rule, calendar))
    return (first, last) if first <= last else None


def _first_unrolled(rule: DayRule, calendar: CalendarDays) -> date:
    """The first date onto which nothing from before the coverage can roll."""
    opening = calendar.at(0)
    forward = rule.roll in (Roll.NEXT, Roll.MODIFIED_FOLLOWING)
    unknown = forward and any(_nominal_dates(rule, opening - ROLL_REACH, calendar.start - _ONE_DAY))
    return opening + _ONE_DAY if unknown else calendar.start


def _last_unrolled(rule: DayRule, calendar: CalendarDays) -> date:
    """The last date onto which nothing can roll from after the coverage, nor from before its end for want of it."""
    closing = calendar.at(calendar.count - 1)
    late = _nominal_dates(rule, closing + _ONE_DAY, closing + ROLL_REACH)
    if rule.roll is Roll.PREVIOUS:
        unknown = any(day > calendar.end for day in late)
    elif rule.roll is Roll.MODIFIED_FOLLOWING:
        # The rest of such a date's month is not known, so neither is whether it has a business day to go forward to.
        unknown = any(bounds(Period.MONTH, day)[1] > calendar.end for day in late)
    else:
        unknown = False
    return closing - _ONE_DAY if unknown else calendar.end


def _shifted_coverage(rule: DayRule, calendar: CalendarDays, unshifted: Span | None) -> Span | None:
    """The dates whose origin before the shift lies within `unshifted`."""
    if unshifted is None or not rule.shift:
        return unshifted
    low, high = calendar.rank(unshifted[0]) + rule.shift, calendar.rank(unshifted[1] + _ONE_DAY) - 1 + rule.shift
    if low > calendar.count or high < -1:
        return None
    first = calendar.start if low <= 0 else calendar.at(low - 1) + _ONE_DAY
    last = calendar.end if high >= calendar.count - 1 else calendar.at(high + 1) - _ONE_DAY
    return (first, last) if first <= last else None
