"""`CalendarDays` and `DayRule`: pure values, checked against plain counting."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_api.modules.business_days.exceptions import OutsideCoverage
from core_api.modules.business_days.schemas import EVERY_DAY_END, EVERY_DAY_START, CalendarDays
from core_api.modules.business_days.service import every_day

START, END = date(2024, 1, 1), date(2024, 3, 31)
SPAN = [START + timedelta(days=n) for n in range((END - START).days + 1)]

dates = st.dates(START, END)
calendars = st.sets(dates).map(
    lambda chosen: CalendarDays(code="TEST", start=START, end=END, days=tuple(sorted(chosen)))
)


@given(calendars, dates, st.integers(-100, 100))
def test_add_counts_business_days(calendar: CalendarDays, day: date, count: int) -> None:
    assert calendar.days is not None
    if count > 0:
        candidates = [item for item in SPAN if item > day and item in calendar.days]
    elif count < 0:
        candidates = [item for item in reversed(SPAN) if item < day and item in calendar.days]
    else:
        candidates = [item for item in SPAN if item >= day and item in calendar.days]
    position = max(abs(count), 1) - 1
    if position < len(candidates):
        assert calendar.add(day, count) == candidates[position]
    else:
        with pytest.raises(OutsideCoverage):
            calendar.add(day, count)


@given(calendars, dates, dates)
def test_business_days_between(calendar: CalendarDays, start: date, end: date) -> None:
    assert list(calendar.business_days(start, end)) == [
        day for day in SPAN if start <= day <= end and calendar.is_business_day(day)
    ]


@given(dates, st.integers(-5000, 5000))
def test_every_day_is_plain_arithmetic(day: date, count: int) -> None:
    assert every_day().add(day, count) == day + timedelta(days=count)


def test_nothing_is_answered_outside_of_the_coverage() -> None:
    calendar = CalendarDays(code="B3", start=START, end=END, days=(date(2024, 1, 2), date(2024, 3, 28)))
    for ask in (calendar.is_business_day, calendar.next, calendar.previous, calendar.on_or_after):
        with pytest.raises(OutsideCoverage, match="2024-01-01 to 2024-03-31"):
            ask(date(2024, 4, 1))
    with pytest.raises(OutsideCoverage):
        calendar.next(date(2024, 3, 28))
    with pytest.raises(OutsideCoverage):
        calendar.previous(date(2024, 1, 2))
    with pytest.raises(OutsideCoverage):
        calendar.business_days(date(2023, 12, 31), date(2024, 1, 5))
    for edge, count in ((EVERY_DAY_START, -1), (EVERY_DAY_END, 1)):
        with pytest.raises(OutsideCoverage):
            every_day().add(edge, count)


def test_neighbours_of_a_business_day_are_strictly_before_and_after() -> None:
    calendar = CalendarDays(
        code="B3", start=START, end=END, days=(date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 5))
    )
    assert calendar.next(date(2024, 1, 3)) == date(2024, 1, 5)
    assert calendar.previous(date(2024, 1, 3)) == date(2024, 1, 2)
    assert calendar.on_or_before(date(2024, 1, 4)) == date(2024, 1, 3)
    assert calendar.on_or_after(date(2024, 1, 4)) == date(2024, 1, 5)
    assert calendar.on_or_after(date(2024, 1, 5)) == date(2024, 1, 5)


def test_notes_and_late_openings() -> None:
    ash_wednesday = date(2024, 2, 14)
    calendar = CalendarDays(
        code="B3",
        start=START,
        end=END,
        days=(ash_wednesday,),
        notes={date(2024, 2, 13): "Carnaval"},
        opening_times={ash_wednesday: time(13)},
    )
    assert calendar.note(date(2024, 2, 13)) == "Carnaval"
    assert calendar.note(ash_wednesday) is None
    assert calendar.opens_at(ash_wednesday) == time(13)
    assert calendar.opens_at(date(2024, 2, 15)) is None
