"""Cron expressions: against an independent implementation, and what is refused, with the field named."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core_api.modules.triggers.public import TRIGGERS, CronTrigger, slots_on

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def cron(expression: str) -> CronTrigger:
    return CronTrigger(type="cron", expression=expression)


def local(expression: str, day: date, zone: ZoneInfo = SAO_PAULO) -> list[str]:
    return [slot.astimezone(zone).strftime("%H:%M") for slot in slots_on(cron(expression), zone, day)]


def dates(expression: str, start: date, days: int) -> list[date]:
    trigger = cron(expression)
    span = (start + timedelta(days=n) for n in range(days))
    return [day for day in span if trigger.minutes_on(day)]


# --- the oracle --------------------------------------------------------------------------------------------------------


def numbers(low: int, high: int, names: list[str]) -> st.SearchStrategy[str]:
    """Items of one field as people write them: numbers, names, ranges, steps."""
    number = st.integers(low, high)
    ranges = st.tuples(number, number).map(sorted)
    # cronsim reads a step on an expression's single number as "from there on" too, but not on a range of one.
    wide = ranges.filter(lambda pair: pair[0] < pair[1])
    step = st.integers(1, high)
    items = [
        st.just("*"),
        number.map(str),
        ranges.map(lambda pair: f"{pair[0]}-{pair[1]}"),
        step.map(lambda n: f"*/{n}"),
        st.tuples(number, step).map(lambda pair: f"{pair[0]}/{pair[1]}"),
        st.tuples(wide, step).map(lambda pair: f"{pair[0][0]}-{pair[0][1]}/{pair[1]}"),
    ]
    if names:
        items.append(st.sampled_from(names).flatmap(lambda name: st.sampled_from([name, name.upper()])))
    return st.one_of(items)


def field(low: int, high: int, names: list[str] | None = None, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(numbers(low, high, names or []), *more), min_size=1, max_size=3).map(",".join)


expressions = st.tuples(
    field(0, 59),
    field(0, 23),
    # Days that every month has: what never happens is refused, and tested apart.
    field(1, 28, None, st.sampled_from(["L", "LW", "29", "1-31"])),
    field(1, 12, MONTHS),
    field(
        0,
        7,
        WEEKDAYS,
        st.tuples(st.integers(0, 7), st.integers(1, 5)).map(lambda pair: f"{pair[0]}#{pair[1]}"),
        st.integers(0, 7).map(lambda n: f"{n}L"),
    ),
).map(" ".join)


@settings(max_examples=200)
@given(expressions, st.dates(date(2000, 1, 1), date(2037, 11, 1)))
def test_e02_cron_names_the_same_minutes_as_an_independent_cron(expression: str, first: date) -> None:
    """In UTC, where no clock ever changes; forty days from anywhere."""
    trigger = cron(expression)
    days = [first + timedelta(days=n) for n in range(40)]
    ours = [slot for day in days for slot in slots_on(trigger, ZoneInfo("UTC"), day)]
    begin = datetime.combine(first, time(), UTC)
    end = begin + timedelta(days=40)
    theirs = takewhile(lambda at: at < end, CronSim(expression, begin - timedelta(minutes=1)))
    # Five hundred minutes tell two readings apart; some expressions name fifty thousand.
    assert ours[:500] == [at for at, _ in zip(theirs, range(500), strict=False)]


# --- what it can say ---------------------------------------------------------------------------------------------------


def test_e02_cron_runs_at_local_times() -> None:
    assert local("*/20 9,18 * * mon-fri", date(2026, 11, 18)) == ["09:00", "09:20", "09:40", "18:00", "18:20", "18:40"]
    assert local("*/20 9,18 * * mon-fri", date(2026, 11, 21)) == []


def test_e02_cron_with_both_day_fields_runs_when_either_says_so() -> None:
    # crontab(5): "if both fields are restricted (i.e., do not contain the * character)", 13th or Friday.
    assert dates("0 8 13 * fri", date(2026, 11, 1), 30) == [date(2026, 11, day) for day in (6, 13, 20, 27)]
    assert dates("0 8 12 * fri", date(2026, 11, 1), 30) == [date(2026, 11, day) for day in (6, 12, 13, 20, 27)]
    assert dates("0 8 */13 * fri", date(2026, 11, 1), 30) == [date(2026, 11, 27)], "a star restricts: both must hold"


def test_e02_cron_knows_last_days_and_nth_weekdays() -> None:
    november = date(2026, 11, 1)
    assert dates("0 8 L * *", november, 60) == [date(2026, 11, 30)]
    assert dates("0 8 L-2 * *", november, 30) == [date(2026, 11, 28)]
    assert dates("0 8 LW 5 *", date(2026, 5, 1), 31) == [date(2026, 5, 29)], "the 31st is a Sunday"
    assert dates("0 8 L 2 *", date(2028, 2, 1), 29) == [date(2028, 2, 29)]
    assert dates("0 8 * * 5L", november, 30) == [date(2026, 11, 27)]
    assert dates("0 8 * * fri#2,mon#1", november, 30) == [date(2026, 11, 2), date(2026, 11, 13)]
    assert dates("0 8 * * fri-sun", november, 7) == [date(2026, 11, day) for day in (1, 6, 7)]


def test_e02_cron_in_a_gap_runs_once_at_the_first_valid_minute() -> None:
    # On 2018-11-04 São Paulo's clocks jumped from 00:00 to 01:00.
    assert local("*/15 0 * * *", date(2018, 11, 4)) == ["01:00"]
    assert local("*/30 0-1 * * *", date(2018, 11, 4)) == ["01:00", "01:30"]


def test_e02_cron_in_an_hour_that_comes_twice_runs_once() -> None:
    # On 2018-02-17 at 24:00 the clocks went back to 23:00.
    slots = slots_on(cron("*/30 23 * * *"), SAO_PAULO, date(2018, 2, 17))
    assert slots == [datetime(2018, 2, 18, 1, minute, tzinfo=UTC) for minute in (0, 30)]


# --- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("", "five fields"),
        ("* * * *", r"five fields \(minute, hour, day of month, month, day of week\); this one has 4"),
        ("0 * * * * *", "this one has 6"),
        ("@daily", "this one has 1"),
        ("60 * * * *", "minute: 60 is not between 0 and 59"),
        ("* 24 * * *", "hour: 24 is not between 0 and 23"),
        ("* * 0 * *", "day of month: 0 is not between 1 and 31"),
        ("* * 32 * *", "day of month: 32"),
        ("* * * 13 *", "month: 13"),
        ("* * * nov-foo *", "month: 'foo' is not a number or a name"),
        ("* * * * 8", "day of week: 8 is not between 0 and 7"),
        ("* * * * funday", "day of week: 'funday'"),
        ("30-10 * * * *", "minute: range '30-10' runs backwards"),
        ("*/0 * * * *", r"minute: the step of '\*/0'"),
        ("*/x * * * *", r"minute: the step of '\*/x'"),
        ("1,,2 * * * *", "minute: '1,,2' has an empty item"),
        ("-5 * * * *", "minute: '' is not a number"),
        ("٣ * * * *", "minute: '٣' is not a number"),
        ("* * L-31 * *", "day of month: 'L-31'"),
        ("* * * * 5#6", "day of week: in '5#6'"),
        ("* * * * L", "day of week: 'l'"),
        ("0 0 30 2 *", "day of month: none of these days exists"),
        ("0 0 31 apr,jun */2", "day of month: none of these days exists"),
        (",".join("0" * 101) + " 0 1 1 *", "at most 200"),
    ],
)
def test_e02_a_cron_expression_that_makes_no_sense_is_refused_with_its_field(expression: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        TRIGGERS.validate_python({"type": "cron", "expression": expression})


@given(
    st.text(max_size=30) | st.lists(st.text("0123456789*/-,#lwLW ", max_size=6), min_size=5, max_size=5).map(" ".join)
)
def test_e02_no_text_breaks_the_reading_of_cron(text: str) -> None:
    try:
        trigger = cron(text)
    except ValidationError:
        return
    minutes = list(trigger.minutes_on(date(2026, 11, 18)))
    assert minutes == sorted(set(minutes))
    assert all(0 <= minute < 1440 for minute in minutes)


def test_spaces_around_fields_do_not_matter() -> None:
    assert cron("  0   8 * *  mon ").expression == "0 8 * * mon"
