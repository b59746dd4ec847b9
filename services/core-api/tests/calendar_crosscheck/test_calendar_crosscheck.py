"""The shipped calendars against every other source, day for day (market-data facts, section 5).

All sources are installed at build and test time only. Each check names the days on which the other source is known to be
wrong, so that a new disagreement, on either side, fails.
"""

import importlib.util
import json
import warnings
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from core_api.migrate import shipped_calendars

REPOSITORY = Path(__file__).resolve().parents[4]
SHIPPED = {file.code: file for file, _ in shipped_calendars()}
SESSIONS = {code: frozenset(file.business_days()) for code, file in SHIPPED.items()}

DIFFERENT_DAYS = """
2015-07-09 2015-11-20 2015-12-24 2015-12-31 2016-01-25 2016-12-30 2017-01-25 2017-11-20 2017-12-29 2018-01-25 2018-07-09
2018-11-20 2018-12-24 2018-12-31 2019-01-25 2019-07-09 2019-11-20 2019-12-24 2019-12-31 2020-12-24 2020-12-31 2021-01-25
2021-07-09 2021-12-24 2021-12-31 2022-12-30 2023-12-29 2024-12-24 2024-12-31 2025-12-24 2025-12-31 2026-12-24 2026-12-31
"""


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


FROM_2001 = days(date(2001, 1, 1), date(2026, 12, 31))


def disagreements(code: str, says: Callable[[date], bool], range_: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in range_ if says(day) != (day in SESSIONS[code])]


@pytest.fixture(scope="module")
def sources() -> ModuleType:
    """The generator's module, which imports the sources; their own deprecation warnings are not ours to fix."""
    path = REPOSITORY / "infra/scripts/generate_calendars.py"
    spec = importlib.util.spec_from_file_location("generate_calendars", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore")
def test_shipped_files_are_what_the_generator_makes_now(sources: ModuleType) -> None:
    for name, content in sources.documents().items():
        shipped = (sources.TARGET / name).read_text(encoding="utf-8")
        assert json.loads(shipped)["holidays"] == json.loads(content)["holidays"], name
        assert shipped == content, f"{name} is out of date: run python infra/scripts/generate_calendars.py"


@pytest.mark.filterwarnings("ignore")
def test_b3_is_exchange_calendars_day_for_day(sources: ModuleType) -> None:
    # Always with bounds: by default the calendar ends a year from today and raises after it.
    calendar = sources.exchange_calendars.get_calendar("BVMF", start="2001-01-01", end="2026-12-31")
    theirs = {moment.date() for moment in calendar.sessions}
    assert disagreements("B3", theirs.__contains__, FROM_2001) == []


@pytest.mark.filterwarnings("ignore")
def test_anbima_is_bizdays_day_for_day(sources: ModuleType) -> None:
    assert disagreements("ANBIMA", sources.bizdays.Calendar.load("ANBIMA").isbizday, FROM_2001) == []


@pytest.mark.filterwarnings("ignore")
def test_b3_is_bizdays_b3_where_it_has_data(sources: ModuleType) -> None:
    calendar = sources.bizdays.Calendar.load("B3")
    # It ends on 2026-12-31 and raises after it; it is edited by hand each December.
    known = [day for day in days(date(2000, 1, 1), date(2035, 12, 31)) if day <= calendar.enddate]
    assert known[-1] >= date(2026, 12, 31)
    assert disagreements("B3", calendar.isbizday, known) == []


@pytest.mark.filterwarnings("ignore")
def test_b3_is_pandas_market_calendars_b3() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas_market_calendars

        valid = pandas_market_calendars.get_calendar("B3").valid_days("2001-01-01", "2026-12-31")
    theirs = {moment.date() for moment in valid}
    # It misses the opening of the World Cup in São Paulo, which exchange_calendars and bizdays both have.
    assert disagreements("B3", theirs.__contains__, FROM_2001) == ["2014-06-12"]


def test_anbima_is_the_financial_calendar_of_holidays() -> None:
    import holidays

    # What `holidays` calls BVMF is the bank calendar: it has no 24 or 31 December.
    closed = holidays.financial_holidays("BVMF", years=range(2001, 2036))
    span = days(date(2001, 1, 1), date(2035, 12, 31))
    assert disagreements("ANBIMA", lambda day: day.isoweekday() <= 5 and day not in closed, span) == []


def test_b3_and_anbima_differ_on_these_33_weekdays() -> None:
    span = days(date(2015, 1, 1), date(2026, 12, 31))
    different = [day.isoformat() for day in span if (day in SESSIONS["B3"]) != (day in SESSIONS["ANBIMA"])]
    assert different == DIFFERENT_DAYS.split()
    assert len(different) == 33
    assert all(date.fromisoformat(day) in SESSIONS["ANBIMA"] for day in different), "B3 closes more, never less"


def easter(year: int) -> date:
    """Gauss's method in its anonymous Gregorian form (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def closed_by_rule(year: int) -> set[date]:
    """B3's own rules for 2019-2027, written from its published calendars and press reports, not from any library."""
    sunday = easter(year)
    closed = {date(year, month, day) for month, day in ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15))}
    closed |= {sunday - timedelta(days=48), sunday - timedelta(days=47)}  # Carnival Monday and Tuesday
    closed |= {sunday - timedelta(days=2), sunday + timedelta(days=60)}  # Good Friday, Corpus Christi
    closed |= {date(year, 12, 24), date(year, 12, 25), date(year, 12, 31)}
    if year <= 2021:  # São Paulo's own holidays, until B3 dropped them
        closed.add(date(year, 1, 25))
        if year != 2020:  # the city moved both forward in the pandemic and B3 stayed open
            closed |= {date(year, 7, 9), date(year, 11, 20)}
    if year >= 2024:  # Consciência Negra became national by law 14.759/2023
        closed.add(date(year, 11, 20))
    if date(year, 12, 31).isoweekday() == 6:
        closed.add(date(year, 12, 30))
    if date(year, 12, 31).isoweekday() == 7:
        closed.add(date(year, 12, 29))
    return closed


def test_b3_is_our_own_rule_list_2019_to_2027() -> None:
    closed = set().union(*(closed_by_rule(year) for year in range(2019, 2028)))
    span = days(date(2019, 1, 1), date(2027, 12, 31))
    by_rule = {day for day in span if day.isoweekday() <= 5 and day not in closed}
    assert len(by_rule) == 2239
    assert disagreements("B3", by_rule.__contains__, span) == []


def test_b3_opens_late_on_every_ash_wednesday_2019_to_2027() -> None:
    expected = {easter(year) - timedelta(days=46) for year in range(2019, 2028)}
    late = {day: at.isoformat() for day, at in SHIPPED["B3"].opens_at.items() if 2019 <= day.year <= 2027}
    assert late == dict.fromkeys(sorted(expected), "13:00:00")


def test_coverage_and_size() -> None:
    for file in SHIPPED.values():
        assert (file.coverage.start, file.coverage.end) == (date(2000, 1, 1), date(2035, 12, 31))
        assert all(day.isoweekday() <= 5 for day in file.holidays)
        assert set(file.holidays) == set(file.names), "every closed weekday has a name for people"
    assert len(SESSIONS["B3"]) == 8928
    assert len(SESSIONS["ANBIMA"]) == 9032
