"""Slots under the one clock policy (DESIGN, E2)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core_api.modules.triggers.public import (
    TRIGGERS,
    IntervalTrigger,
    ManualTrigger,
    OnceTrigger,
    TimesTrigger,
    instant_of,
    slots_on,
)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
# The days on which São Paulo's clocks jumped from 00:00 to 01:00 (decrees 6.558/2008 and before; measured with tzdata).
GAP_DAYS = [
    "2008-10-19",
    "2009-10-18",
    "2010-10-17",
    "2011-10-16",
    "2012-10-21",
    "2013-10-20",
    "2014-10-19",
    "2015-10-18",
    "2016-10-16",
    "2017-10-15",
    "2018-11-04",
]

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
minutes = st.integers(0, 24 * 60 - 1).map(lambda n: f"{n // 60:02}:{n % 60:02}")


def at(*times: str) -> TimesTrigger:
    return TimesTrigger(type="times", times=times)


@settings(max_examples=400)
@given(zones, st.dates(date(1970, 1, 2), date(2037, 12, 30)), minutes)
def test_each_time_of_day_gives_exactly_one_slot_per_date(zone: ZoneInfo, day: date, minute: str) -> None:
    (slot,) = slots_on(at(minute), zone, day)
    assert slot.tzinfo is UTC
    wanted = datetime.combine(day, time.fromisoformat(minute))
    local = slot.astimezone(zone).replace(tzinfo=None)
    assert local >= wanted
    if local != wanted:
        # Only a time that does not exist may move, and then to the very first minute that does.
        minute_before = (slot - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
        assert minute_before < wanted
        naive = (wanted + timedelta(seconds=n * 60) for n in range(int((local - wanted).total_seconds()) // 60))
        for skipped in naive:
            there_and_back = skipped.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
            assert there_and_back != skipped, "an earlier minute existed"


@settings(max_examples=200)
@given(zones, st.dates(date(1970, 1, 2), date(2037, 12, 30)), minutes)
def test_a_time_that_comes_twice_is_its_first_occurrence(zone: ZoneInfo, day: date, minute: str) -> None:
    (slot,) = slots_on(at(minute), zone, day)
    local = slot.astimezone(zone).replace(tzinfo=None)
    for hours in (0.5, 1, 2):
        earlier = slot - timedelta(hours=hours)
        assert earlier.astimezone(zone).replace(tzinfo=None) != local


@pytest.mark.parametrize("day", GAP_DAYS)
def test_the_eleven_days_on_which_one_past_midnight_did_not_exist_in_sao_paulo(day: str) -> None:
    (slot,) = slots_on(at("00:01"), SAO_PAULO, date.fromisoformat(day))
    assert slot.astimezone(SAO_PAULO).strftime("%Y-%m-%d %H:%M") == f"{day} 01:00"


def test_there_are_no_other_gap_days_in_those_years() -> None:
    moved = []
    day = date(2008, 1, 1)
    while day <= date(2018, 12, 31):
        (slot,) = slots_on(at("00:01"), SAO_PAULO, day)
        if slot.astimezone(SAO_PAULO).time() != time(0, 1):
            moved.append(day.isoformat())
        day += timedelta(days=1)
    assert moved == GAP_DAYS


def test_a_time_that_happened_twice_runs_once() -> None:
    # On 2018-02-17 at 24:00 the clocks went back to 23:00.
    (slot,) = slots_on(at("23:30"), SAO_PAULO, date(2018, 2, 17))
    assert slot == datetime(2018, 2, 18, 1, 30, tzinfo=UTC)


def test_times_inside_one_gap_are_one_slot() -> None:
    slots = slots_on(at("00:10", "00:20", "01:00"), SAO_PAULO, date(2018, 11, 4))
    assert slots == [datetime(2018, 11, 4, 3, 0, tzinfo=UTC)]


def test_a_whole_day_that_did_not_exist_runs_at_the_first_minute_after_it() -> None:
    assert instant_of(datetime(2011, 12, 30, 10), ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_gaps_that_are_not_whole_hours() -> None:
    # Lord Howe's clocks jump by 30 minutes, from 02:00 to 02:30.
    zone = ZoneInfo("Australia/Lord_Howe")
    assert instant_of(datetime(2024, 10, 6, 2, 10), zone).astimezone(zone).strftime("%H:%M") == "02:30"


def test_an_interval_starts_anew_each_day_and_includes_its_end() -> None:
    trigger = IntervalTrigger(type="interval", every_minutes=45, start="09:00", end="11:15")
    local = [slot.astimezone(SAO_PAULO).strftime("%H:%M") for slot in slots_on(trigger, SAO_PAULO, date(2026, 11, 18))]
    assert local == ["09:00", "09:45", "10:30", "11:15"]


def test_an_interval_by_the_minute_fills_the_day() -> None:
    trigger = IntervalTrigger(type="interval", every_minutes=1)
    assert len(slots_on(trigger, SAO_PAULO, date(2026, 11, 18))) == 1440
    assert len(slots_on(trigger, SAO_PAULO, date(2018, 11, 4))) == 1380, "an hour less on the day it was skipped"


def test_once_has_its_slot_on_its_date_only() -> None:
    trigger = OnceTrigger(type="once", at=datetime(2026, 11, 18, 20, 45))
    assert slots_on(trigger, SAO_PAULO, date(2026, 11, 18)) == [datetime(2026, 11, 18, 23, 45, tzinfo=UTC)]
    assert slots_on(trigger, SAO_PAULO, date(2026, 11, 19)) == []


def test_manual_has_none() -> None:
    assert slots_on(ManualTrigger(type="manual"), SAO_PAULO, date(2026, 11, 18)) == []


def test_times_are_sorted_and_unique() -> None:
    assert at("20:45", "06:00", "20:45").times == ("06:00", "20:45")


@pytest.mark.parametrize(
    "trigger",
    [
        {"type": "times", "times": []},
        {"type": "times", "times": ["24:00"]},
        {"type": "times", "times": ["9:00"]},
        {"type": "times", "times": ["09:60"]},
        {"type": "times", "times": ["09:00:00"]},
        {"type": "interval", "every_minutes": 0},
        {"type": "interval", "every_minutes": 10**30},
        {"type": "interval", "every_minutes": 5, "start": "10:00", "end": "09:00"},
        {"type": "once", "at": "2026-11-18T20:45:00Z"},
        {"type": "once", "at": "2026-11-18T20:45:30"},
        {"type": "manual", "extra": 1},
        {"type": "event"},
        {"type": "event", "on": "moon"},
        {"type": "event", "on": "execution"},
        {"type": "event", "on": "execution", "routine": "not-an-id"},
        {"type": "event", "on": "execution", "routine": "0199aaaa-0000-7000-8000-000000000001", "statuses": []},
        {
            "type": "event",
            "on": "execution",
            "routine": "0199aaaa-0000-7000-8000-000000000001",
            "statuses": ["RUNNING"],
        },
        {"type": "event", "on": "dataset", "dataset": "Not A Name"},
        {"type": "event", "on": "file", "pattern": ""},
        {"type": "webhook", "secret": "mine"},
        {"type": ["times"]},
        {"type": {"on": "x"}},
        {},
        "20:45",
    ],
)
def test_triggers_that_make_no_sense_are_refused(trigger: object) -> None:
    with pytest.raises(ValidationError):
        TRIGGERS.validate_python(trigger)


@pytest.mark.parametrize(
    "trigger",
    [
        {"type": "event", "on": "dataset", "dataset": "b3.cotahist"},
        {"type": "event", "on": "file", "pattern": "*.zip"},
        {"type": "event", "on": "execution", "routine": "0199aaaa-0000-7000-8000-000000000001", "statuses": ["FAILED"]},
        {"type": "webhook"},
    ],
)
def test_what_no_clock_starts_has_no_slots(trigger: dict[str, object]) -> None:
    read = TRIGGERS.validate_python(trigger)
    assert slots_on(read, SAO_PAULO, date(2026, 11, 18)) == []
    assert TRIGGERS.dump_python(read, mode="json") == trigger
