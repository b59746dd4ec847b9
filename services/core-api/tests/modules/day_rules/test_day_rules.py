"""Day rules against a naive oracle: it lists every date of four years and counts, rolls and shifts step by step.

The calendar under test covers only a window of those years. Whatever it answers must be what the oracle finds with the
whole of them: so the tests also prove that a rule never guesses about what its calendar does not cover.
"""

import time
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core_api.migrate import shipped_calendars
from core_api.modules.business_days.exceptions import OutsideCoverage
from core_api.modules.business_days.schemas import CalendarDays
from core_api.modules.business_days.service import every_day
from core_api.modules.day_rules.schemas import DayRule
from core_api.modules.day_rules.service import GroupDays

WORLD = [date(2023, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]
WINDOW = WORLD[365:-365]
ONE_DAY = timedelta(days=1)
PERIODS: dict[str, Callable[[date], object]] = {
    "week": lambda day: day.isocalendar()[:2],
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "year": lambda day: day.year,
}


def oracle(rule: dict[str, object], open_days: set[date]) -> set[date]:
    """All dates of the rule, the slow way."""
    candidates = [day for day in WORLD if day in open_days and day.isoweekday() in (rule["weekdays"] or range(1, 8))]
    chosen: set[date] = set()
    if not (rule["positions"] or rule["month_days"] or rule["month_end"]):
        chosen.update(candidates)
    for position in rule["positions"]:
        by_period = defaultdict(list)
        for day in candidates:
            by_period[PERIODS[position["of"]](day)].append(day)
        for days in by_period.values():
            index = position["n"] - 1 if position["n"] > 0 else len(days) + position["n"]
            chosen.update(days[index : index + 1] if index >= 0 else ())
    for day in WORLD:
        is_last = day.day == monthrange(day.year, day.month)[1]
        if day.day in rule["month_days"] or (rule["month_end"] and is_last):
            chosen.update(rolled(day, rule["roll"], open_days))
    ordered = sorted(open_days)
    shifted = {ordered.index(day) + rule["shift"] for day in chosen}
    moved = {ordered[index] for index in shifted if 0 <= index < len(ordered)}
    return (moved | set(rule["include"])) - set(rule["exclude"])


def rolled(day: date, roll: str, open_days: set[date]) -> list[date]:
    if day in open_days or roll == "none":
        return [day] if day in open_days else []
    steps = {"next": [1], "previous": [-1], "modified_following": [1, -1]}[roll]
    for step in steps:
        for distance in range(1, 15):
            other = day + step * distance * ONE_DAY
            if other in open_days:
                if roll == "modified_following" and step == 1 and other.month != day.month:
                    break
                return [other]
    return []


@st.composite
def rules(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(st.sampled_from(["plain", "positions", "month", "both"]))
    some_weekdays = st.none() | st.lists(st.integers(1, 7), min_size=1, max_size=6, unique=True)
    weekdays = draw(some_weekdays) if kind in {"plain", "positions"} else None
    most = {"week": 1, "month": 4, "quarter": 12, "year": 50} if weekdays else dict.fromkeys(PERIODS, 7)
    numbers = draw(st.lists(st.sampled_from(sorted(PERIODS)), min_size=1, max_size=3))
    positions = [{"of": of, "n": draw(st.integers(1, most[of])) * draw(st.sampled_from([1, -1]))} for of in numbers]
    month_days = draw(st.lists(st.integers(1, 31), max_size=3, unique=True))
    in_month = kind in {"month", "both"}
    shift = draw(st.integers(-12, 12))
    include = draw(st.lists(st.sampled_from(WORLD), max_size=3, unique=True))
    exclude = draw(st.lists(st.sampled_from(WINDOW), max_size=3, unique=True))
    return {
        "weekdays": weekdays,
        "positions": positions if kind in {"positions", "both"} else [],
        "month_days": month_days if in_month else [],
        "month_end": in_month and (not month_days or draw(st.booleans())),
        "roll": draw(st.sampled_from(["none", "next", "previous", "modified_following"])) if in_month else "none",
        "shift": 0 if kind == "plain" and weekdays is None else shift,
        "include": [day for day in include if day not in exclude],
        "exclude": exclude,
    }


def group(rule: dict[str, object], calendar: CalendarDays) -> GroupDays:
    return GroupDays(UUID(int=1), "Grupo", 1, DayRule.model_validate(rule), calendar)


@st.composite
def worlds(draw: st.DrawFn) -> set[date]:
    """Business days like a real market's, or with holes, or nearly none."""
    random = Random(draw(st.integers(0, 10**9)))
    share = draw(st.sampled_from([1.0, 0.95, 0.6, 0.1, 0.01]))
    weekend = draw(st.booleans())
    return {day for day in WORLD if (weekend or day.isoweekday() <= 5) and random.random() < share}


@settings(max_examples=150)
@given(rules(), worlds(), st.sampled_from(WINDOW), st.sampled_from(WINDOW))
def test_e17_a_rule_chooses_what_plain_counting_chooses(
    rule: dict[str, object], open_days: set[date], one: date, other: date
) -> None:
    start, end = min(one, other), max(one, other)
    covered = tuple(sorted(day for day in open_days if start <= day <= end))
    asked = group(rule, CalendarDays(code="TEST", start=start, end=end, days=covered))
    right = oracle(rule, open_days)
    answered = []
    for day in WORLD:
        if asked.covers(day):
            assert asked.runs_on(day) == (day in right), day
            answered.append(day)
        else:
            assert asked.reason_against(day) == "NOT_COVERED"
            with pytest.raises(OutsideCoverage):
                asked.runs_on(day)
    assert list(asked.days_between(WORLD[0], WORLD[-1])) == [day for day in answered if day in right]


@given(rules(), st.sampled_from(WORLD), st.sampled_from(WORLD))
def test_e17_a_range_is_its_single_days(rule: dict[str, object], one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    days = tuple(day for day in WORLD if day.isoweekday() <= 5 and day.day % 7)
    asked = group(rule, CalendarDays(code="TEST", start=WORLD[0], end=WORLD[-1], days=days))
    span = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    assert list(asked.days_between(start, end)) == [day for day in span if asked.covers(day) and asked.runs_on(day)]


@given(rules(), st.sampled_from(WINDOW))
def test_the_every_day_calendar_counts_like_one_with_all_days(rule: dict[str, object], day: date) -> None:
    assert group(rule, every_day()).runs_on(day) == (day in oracle(rule, set(WORLD)))


def b3(**rule: object) -> GroupDays:
    file = next(file for file, _ in shipped_calendars() if file.code == "B3")
    days = tuple(file.business_days())
    return group(rule, CalendarDays(code="B3", start=file.coverage.start, end=file.coverage.end, days=days))


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ({"positions": [{"of": "month", "n": 1}]}, ["2026-10-01", "2026-11-03", "2026-12-01"]),
        ({"positions": [{"of": "month", "n": -1}]}, ["2026-10-30", "2026-11-30", "2026-12-30"]),
        ({"positions": [{"of": "quarter", "n": 1}]}, ["2026-10-01"]),
        ({"positions": [{"of": "year", "n": -2}]}, ["2026-12-29"]),
        # Options on shares expire on the third Friday.
        ({"positions": [{"of": "month", "n": 3}], "weekdays": [5]}, ["2026-10-16", "2026-11-27", "2026-12-18"]),
        ({"month_end": True}, ["2026-11-30"]),
        ({"month_end": True, "roll": "previous"}, ["2026-10-30", "2026-11-30", "2026-12-30"]),
        ({"month_end": True, "roll": "next"}, ["2026-11-03", "2026-11-30"]),
        ({"month_end": True, "roll": "modified_following"}, ["2026-10-30", "2026-11-30", "2026-12-30"]),
        ({"month_days": [31]}, []),
        ({"month_days": [15], "roll": "next"}, ["2026-10-15", "2026-11-16", "2026-12-15"]),
        ({"month_days": [15], "roll": "previous"}, ["2026-10-15", "2026-11-13", "2026-12-15"]),
        ({"positions": [{"of": "month", "n": 1}], "shift": 2}, ["2026-10-05", "2026-11-05", "2026-12-03"]),
        ({"positions": [{"of": "month", "n": 1}], "shift": -1}, ["2026-10-30", "2026-11-30", "2026-12-30"]),
        (
            {"positions": [{"of": "month", "n": 1}], "include": ["2026-12-25"], "exclude": ["2026-10-01"]},
            ["2026-11-03", "2026-12-01", "2026-12-25"],
        ),
    ],
)
def test_the_last_quarter_of_2026_at_b3(rule: dict[str, object], dates: list[str]) -> None:
    found = b3(**rule).days_between(date(2026, 10, 1), date(2026, 12, 31))
    assert [day.isoformat() for day in found] == dates


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ({}, "2026-12-31"),
        ({"positions": [{"of": "month", "n": 1}]}, "2026-12-31"),
        ({"positions": [{"of": "month", "n": -1}]}, "2026-12-31"),
        ({"positions": [{"of": "week", "n": -1}]}, "2026-12-27"),
        ({"month_end": True, "roll": "previous"}, "2026-12-31"),
        ({"month_end": True, "roll": "modified_following"}, "2026-12-31"),
        ({"month_days": [1], "roll": "previous"}, "2026-12-30"),
        ({"positions": [{"of": "year", "n": 1}], "shift": -2}, "2026-12-29"),
    ],
)
def test_a_year_that_is_covered_is_answered_to_its_end(rule: dict[str, object], last: str) -> None:
    days = tuple(day for day in WORLD if day.year == 2026 and day.isoweekday() <= 5)
    asked = group(rule, CalendarDays(code="ONE", start=date(2026, 1, 1), end=date(2026, 12, 31), days=days))
    assert asked.coverage is not None
    assert asked.coverage[1] == date.fromisoformat(last)


def test_a_date_is_not_rolled_back_for_want_of_the_days_after_it() -> None:
    # Whether Saturday the 29th goes back to the 28th depends on Monday the 31st, which is not covered.
    days = tuple(day for day in WORLD if day.isoweekday() <= 5 and date(2026, 8, 3) <= day <= date(2026, 8, 28))
    calendar = CalendarDays(code="AUGUST", start=date(2026, 8, 1), end=date(2026, 8, 29), days=days)
    asked = group({"month_days": [29], "roll": "modified_following"}, calendar)
    assert not asked.covers(date(2026, 8, 28))
    assert asked.covers(date(2026, 8, 27))


@pytest.mark.parametrize(("gap", "found"), [(14, True), (15, False)])
@pytest.mark.parametrize("roll", ["next", "previous"])
def test_a_roll_looks_fourteen_days_far(gap: int, found: bool, roll: str) -> None:
    nominal = date(2025, 6, 15)
    near = nominal + (gap if roll == "next" else -gap) * ONE_DAY
    calendar = CalendarDays(code="SPARSE", start=WORLD[0], end=WORLD[-1], days=(near,))
    asked = group({"month_days": [15], "roll": roll}, calendar)
    assert asked.days_between(WORLD[0], WORLD[-1]) == ((near,) if found else ())


def test_ranges_are_kept_and_not_for_ever() -> None:
    daily = b3()
    first = daily.days_between(date(2026, 1, 1), date(2026, 1, 31))
    assert daily.days_between(date(2026, 1, 1), date(2026, 1, 31)) is first
    for n in range(100):
        daily.days_between(date(2026, 1, 1) + n * ONE_DAY, date(2026, 12, 31))
    again = daily.days_between(date(2026, 1, 1), date(2026, 1, 31))
    assert again == first
    assert again is not first


def test_why_a_date_is_left_out() -> None:
    first_days = b3(positions=[{"of": "month", "n": 1}], exclude=["2026-12-01"])
    reasons = [first_days.reason_against(date(2026, 11, day)) for day in (2, 3, 4, 7)]
    assert reasons == ["NOT_A_BUSINESS_DAY", None, "DAY_GROUP", "NOT_A_BUSINESS_DAY"]
    assert first_days.reason_against(date(2026, 12, 1)) == "DAY_GROUP"
    assert first_days.reason_against(date(2036, 1, 2)) == "NOT_COVERED"


def test_a_calendar_without_a_business_day_answers_no() -> None:
    empty = CalendarDays(code="EMPTY", start=WORLD[0], end=WORLD[-1], days=())
    asked = group({"month_end": True, "roll": "previous"}, empty)
    assert not asked.runs_on(date(2024, 1, 31))
    assert group({"month_end": True, "shift": 1}, empty).coverage is None


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"positions": [{"of": "month", "n": 0}]}, "there is no 0th day"),
        ({"positions": [{"of": "week", "n": 8}]}, "at most 7"),
        ({"positions": [{"of": "month", "n": -32}]}, "at most 31"),
        ({"positions": [{"of": "fortnight", "n": 1}]}, "'week', 'month', 'quarter' or 'year'"),
        ({"positions": [{"of": "month", "n": 1.5}]}, "valid integer"),
        ({"positions": [{"of": "month", "n": True}]}, "valid integer"),
        ({"positions": [{"of": "month", "n": 6}], "weekdays": [5]}, "at most 5 such weekdays"),
        ({"month_days": [0]}, "greater than or equal to 1"),
        ({"month_days": [32]}, "less than or equal to 31"),
        ({"month_days": [5], "weekdays": [1]}, "choose one"),
        ({"month_end": True, "weekdays": [1]}, "choose one"),
        ({"month_end": 1}, "valid boolean"),
        ({"roll": "next"}, "there are none"),
        ({"roll": "next", "positions": [{"of": "month", "n": 1}]}, "there are none"),
        ({"roll": "up", "month_end": True}, "'modified_following'"),
        ({"shift": 1}, "changes nothing"),
        ({"shift": 251, "month_end": True}, "less than or equal to 250"),
        ({"shift": 10**30, "month_end": True}, "less than or equal to 250"),
        ({"month_end": True, "nth": 1}, "Extra inputs"),
    ],
)
def test_contradictions_are_refused_with_their_reason(rule: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DayRule.model_validate(rule)


@pytest.mark.parametrize(
    "stored",
    [
        {"weekdays": [1, 5], "include": ["2026-12-26"], "exclude": []},
        {"weekdays": None, "include": [], "exclude": ["2026-12-24"]},
    ],
)
def test_rules_stored_before_there_was_more_still_hold(stored: dict[str, object]) -> None:
    rule = DayRule.model_validate(stored)
    assert rule.is_plain
    assert not rule.shift


def test_e17_days_of_500_groups_over_400_days_come_at_once() -> None:
    kinds: list[dict[str, object]] = [
        {},
        {"weekdays": [1, 2, 3, 4]},
        {"positions": [{"of": "month", "n": 1}, {"of": "month", "n": -1}]},
        {"positions": [{"of": "month", "n": 3}], "weekdays": [5], "shift": -1},
        {"month_end": True, "roll": "modified_following", "shift": 1},
    ]
    groups = [b3(**rule) for rule in kinds]
    begun = time.process_time()
    for n in range(500):
        start = date(2026, 1, 1) + timedelta(days=n)  # another range each time: nothing is kept
        assert groups[n % 5].days_between(start, start + timedelta(days=400))
    assert time.process_time() - begun < 1.0
