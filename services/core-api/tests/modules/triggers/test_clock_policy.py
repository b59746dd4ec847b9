"""The one clock policy over everything the IANA database knows from 2000 to 2037 (DESIGN, E2)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core_api.modules.triggers.public import IntervalTrigger, TimesTrigger, instant_of, slots_on

FIRST, LAST = date(2000, 1, 1), date(2037, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
ONE_DAY, ONE_HOUR, ONE_MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

# Dates that never were: Samoa and Tokelau moved across the date line at the end of 2011-12-29.
NO_SUCH_DATE = {key: {date(2011, 12, 30)} for key in ("Pacific/Apia", "Pacific/Fakaofo")}


@pytest.fixture(scope="module")
def changes() -> dict[ZoneInfo, list[datetime]]:
    """Every instant (UTC, to the second) at which a zone's clocks change, for all zones; aliases are looked at once."""
    zones = [ZoneInfo(name) for name in sorted(available_timezones() - {"localtime"})]
    looks = [datetime.combine(FIRST, time(), UTC) + 5 * ONE_DAY * n for n in range(-1, len(DAYS) // 5 + 2)]
    by_offsets = {tuple(at.astimezone(zone).utcoffset() for at in looks): zone for zone in zones}
    return {
        zone: [
            _moment(before, after, zone)
            for (before, was), (after, became) in pairwise(zip(looks, offsets, strict=True))
            if was != became
        ]
        for offsets, zone in by_offsets.items()
    }


def _moment(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Asked of the database in another way than the code under test: some instant near it shows this local time."""
    as_utc = local.replace(tzinfo=UTC)
    offsets = {(as_utc + ONE_HOUR * n).astimezone(zone).utcoffset() for n in range(-26, 27, 4)}
    return any(
        (as_utc - offset).astimezone(zone).replace(tzinfo=None) == local for offset in offsets if offset is not None
    )


def daily(minute: int) -> TimesTrigger:
    return TimesTrigger(type="times", times=(f"{minute // 60:02}:{minute % 60:02}",))


def test_e02_over_all_zones_no_day_of_2000_to_2037_loses_or_doubles_its_slot_at_one_past_midnight(
    changes: dict[ZoneInfo, list[datetime]],
) -> None:
    """Every day within three of a clock change, and of the steady days between them every eleventh with its next."""
    trigger = daily(1)
    for zone, moments in changes.items():
        around = {moment.astimezone(zone).date() + ONE_DAY * n for moment in moments for n in range(-3, 4)}
        steady = {DAYS[n + next_day] for n in range(0, len(DAYS) - 1, 11) for next_day in (0, 1)}
        slots = [(day, _only(slots_on(trigger, zone, day))) for day in sorted(around | steady)]
        for (day, at), (next_day, next_at) in pairwise(slots):
            assert at < next_at, (zone.key, day)
            if next_day - day == ONE_DAY and day not in around:
                assert next_at - at == ONE_DAY, (zone.key, day)
        for day, at in slots:
            local = at.astimezone(zone)
            if local.date() != day:
                assert day in NO_SUCH_DATE.get(zone.key, ()), (zone.key, day)
            elif (local.hour, local.minute) != (0, 1):
                assert not exists(datetime.combine(day, time(0, 1)), zone), (zone.key, day)


def test_e02_around_every_clock_change_of_every_zone_each_time_of_day_runs_once(
    changes: dict[ZoneInfo, list[datetime]],
) -> None:
    """Times right at, before, inside and after each change, for the days around it."""
    checked = 0
    for zone, moments in changes.items():
        for moment in moments:
            before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) + timedelta(seconds=1)
            after = moment.astimezone(zone).replace(tzinfo=None)
            days = [before.date() + ONE_DAY * n for n in (-1, 0, 1)]
            for minute in _minutes_around(before, after):
                instants = [_only(slots_on(daily(minute), zone, day)) for day in days]
                for day, at in zip(days, instants, strict=True):
                    _check_policy(datetime.combine(day, time()) + ONE_MINUTE * minute, at, zone)
                    checked += 1
                for day, (at, next_at) in zip(days, pairwise(instants), strict=False):
                    gone = day in NO_SUCH_DATE.get(zone.key, ())
                    assert at < next_at or (gone and at == next_at), (zone.key, day, minute)
    assert checked > 50_000, f"{checked}: the time zone database is not the one that this test was written for"


def _minutes_around(before: datetime, after: datetime) -> set[int]:
    """Minutes of the day: the clock right before and after a change, the middle between them, and their neighbours."""
    edges = [edge.hour * 60 + edge.minute for edge in (before, after, before + (after - before) / 2)]
    near = {edge + n for edge in edges[:2] for n in (-1, 0, 1)}
    return {minute % 1440 for minute in near | {edges[2]}}


def _only(slots: list[datetime]) -> datetime:
    (slot,) = slots
    return slot


def _check_policy(wanted: datetime, slot: datetime, zone: ZoneInfo) -> None:
    where = (zone.key, wanted)
    local = slot.astimezone(zone).replace(tzinfo=None)
    if exists(wanted, zone):
        assert local == wanted, where
        assert slot.astimezone(zone).fold == 0, (*where, "the second of two")
    else:
        assert local > wanted, where
        assert (slot - ONE_MINUTE).astimezone(zone).replace(tzinfo=None) < wanted, (
            *where,
            "not the first valid minute",
        )


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk"])
def test_e02_the_quick_way_on_steady_days_is_the_policy_itself(zone: str) -> None:
    """Days without a change skip `instant_of`: every minute of every day of some years, both ways."""
    trigger = IntervalTrigger(type="interval", every_minutes=7)
    where = ZoneInfo(zone)
    for day in DAYS[17 * 365 : 20 * 365]:
        midnight = datetime.combine(day, time())
        slowly = sorted({instant_of(midnight + ONE_MINUTE * minute, where) for minute in range(0, 1440, 7)})
        assert slots_on(trigger, where, day) == slowly, day
