"""Rules as they were first: business days narrowed to weekdays, plus and minus single dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core_api.modules.business_days.schemas import CalendarDays
from core_api.modules.day_rules.schemas import DayRule
from core_api.modules.day_rules.service import runs_on

START, END = date(2024, 1, 1), date(2024, 3, 31)

dates = st.dates(START, END)
calendars = st.sets(dates).map(
    lambda chosen: CalendarDays(code="TEST", start=START, end=END, days=tuple(sorted(chosen)))
)


@given(
    calendars,
    dates,
    st.none() | st.frozensets(st.integers(1, 7), min_size=1),
    st.frozensets(dates, max_size=8),
    st.frozensets(dates, max_size=8),
)
def test_a_rule_narrows_adds_and_excludes(
    calendar: CalendarDays,
    day: date,
    weekdays: frozenset[int] | None,
    include: frozenset[date],
    exclude: frozenset[date],
) -> None:
    rule = DayRule(weekdays=weekdays, include=include - exclude, exclude=exclude)
    by_calendar = calendar.is_business_day(day) and (weekdays is None or day.isoweekday() in weekdays)
    assert runs_on(rule, calendar, day) == ((by_calendar or day in include) and day not in exclude)


def test_an_included_date_may_lie_outside_of_the_calendar() -> None:
    calendar = CalendarDays(code="B3", start=START, end=END, days=())
    assert runs_on(DayRule(include=frozenset({date(2040, 1, 2)})), calendar, date(2040, 1, 2))


@pytest.mark.parametrize(
    "rule",
    [
        {"weekdays": []},
        {"weekdays": [0]},
        {"weekdays": [8]},
        {"include": ["2026-12-24"], "exclude": ["2026-12-24"]},
        {"nth": 1},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DayRule.model_validate(rule)
