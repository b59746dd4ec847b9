"""The one clock policy (DESIGN, E2): which instants a trigger names on a local date."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from core_api.modules.triggers.schemas import MINUTES_OF_A_DAY, Trigger

_SECOND: Final = timedelta(seconds=1)
_MINUTES: Final = tuple(timedelta(minutes=n) for n in range(MINUTES_OF_A_DAY))
_LOOKS: Final = (timedelta(hours=24), timedelta(hours=16), timedelta(hours=8))


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time under the one clock policy (E2).

    A time that does not exist (clocks jump over it) is the first valid minute after it; one that happens twice is its
    first occurrence.
    """
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    return _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    # In a gap, PEP 495 maps fold=1 to an instant before the jump and fold=0 to one after it: the jump is between them.
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    # Some zones jumped at odd seconds a century ago; slots are whole minutes of local time.
    odd = after.astimezone(zone).second
    return after + timedelta(seconds=60 - odd) if odd else after


def slots_on(trigger: Trigger, zone: ZoneInfo, local_date: date) -> list[datetime]:
    """All slots (aware, UTC, ascending) that a trigger has on a date of its zone.

    Times that a clock change folds onto one instant make one slot. The date is the slots' business date, also in the
    rare zone whose clocks jump over midnight and so push a slot to the next day.
    """
    minutes = trigger.minutes_on(local_date)
    if not minutes:
        return []
    midnight = _steady_midnight(zone, local_date)
    if midnight is not None:
        return [midnight + _MINUTES[minute] for minute in minutes]
    start = datetime.combine(local_date, time())
    return sorted({instant_of(start + _MINUTES[minute], zone) for minute in minutes})


@lru_cache(maxsize=65_536)
def _steady_midnight(zone: ZoneInfo, local_date: date) -> datetime | None:
    """The instant at which a local date begins; None when its clocks may change that day.

    Nearly every day is steady, and on those a slot is midnight plus its minutes. No zone has ever changed its clocks
    and changed them back within eight hours, so looking that often sees every change.
    """
    start = datetime.combine(local_date, time(), zone)
    offset = start.utcoffset()
    if any((start + look).utcoffset() != offset for look in _LOOKS):
        return None
    return start.astimezone(UTC)
