"""What the ledger must hold in the end, counted by the simulator's own plain means, not by the product's code.

Deliberately slow and simple: the holidays of the simulated weeks are written down here, and the instant of a local
time is found by walking through the minutes of the day until a clock on the wall shows it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from chaos.fleet import Days, SimulatedRoutine

# Finados, República, Consciência Negra: B3 was closed. 2018-10-15 to 2018-11-28 then has 30 sessions.
HOLIDAYS: Final = frozenset({date(2018, 11, 2), date(2018, 11, 15), date(2018, 11, 20)})
FIRST_DAY: Final = date(2018, 10, 15)
LAST_DAY: Final = date(2018, 11, 28)
_MINUTE: Final = timedelta(minutes=1)


def dates(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def runs_on(days: Days, day: date) -> bool:
    """Whether a routine with these days runs on a date."""
    if days == "every_day":
        return True
    session = day.weekday() < 5 and day not in HOLIDAYS
    if days == "sessions":
        return session
    return session and day.weekday() in (0, 2)


@cache
def instant(zone: str, day: date, time: str) -> datetime:
    """The first minute at which a clock on the wall of `zone` shows `day` at `time`, or has just jumped over it."""
    wanted = datetime.combine(day, datetime.strptime(time, "%H:%M").time())  # noqa: DTZ007  local time on purpose
    local = ZoneInfo(zone)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(local).replace(tzinfo=None) < wanted:
        at += _MINUTE
    return at


@cache
def day_begins(zone: str, day: date) -> datetime:
    """When the date's load is due in a zone: at 00:01, or the first minute after it."""
    return instant(zone, day, "00:01")


def expected_slots(routines: Sequence[SimulatedRoutine], first: date, last: date) -> dict[tuple[str, datetime], date]:
    """(routine, instant) -> business date, of everything that is owed from the first to the last date."""
    return {
        (routine.name, instant(routine.zone, day, time)): day
        for routine in routines
        for day in dates(first, last)
        if runs_on(routine.days, day)
        for time in routine.times
    }
