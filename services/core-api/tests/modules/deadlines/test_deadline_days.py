"""When a deadline is: in business days and local time, pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_api.modules.business_days.public import CalendarDays
from core_api.modules.deadlines.schemas import Target
from core_api.modules.deadlines.service import LOOK_BACK, Deadlines
from core_api.modules.triggers.public import instant_of

ALL = tuple(date(2018, 1, 1) + timedelta(days=n) for n in range(365 * 10))
CLOSED = {date(2026, 11, 20), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)}
WEEKDAYS = tuple(day for day in ALL if day.isoweekday() <= 5 and day not in CLOSED)


def calendar(days: tuple[date, ...] | None = WEEKDAYS) -> CalendarDays:
    return CalendarDays(code="B3", start=ALL[0], end=ALL[-1], days=days)


def target(**fields: Any) -> Target:
    values: dict[str, Any] = {
        "subject": "routine:1",
        "title": "Preços",
        "routine_id": None,
        "tag": None,
        "tags": (),
        "routine_ids": (),
        "time": "07:30",
        "day_offset": 1,
        "zone": "America/Sao_Paulo",
        "calendar": calendar(),
    }
    return Target(**{**values, **fields})


def local(due: Any, zone: str) -> datetime:
    return due.deadline.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("business_date", "offset", "expected"),
    [
        (date(2026, 11, 18), 1, date(2026, 11, 19)),
        (date(2026, 11, 19), 1, date(2026, 11, 23)),  # over a holiday on Friday and the weekend
        (date(2026, 11, 19), 2, date(2026, 11, 24)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 12, 30), 1, date(2027, 1, 4)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # of a Saturday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),  # the date itself, whatever the calendar says
    ],
)
def test_e16_deadlines_count_business_days(business_date: date, offset: int, expected: date) -> None:
    due = target(day_offset=offset).on(business_date, instant_of=instant_of)
    assert due is not None
    assert local(due, "America/Sao_Paulo") == datetime.combine(expected, time(7, 30))


def test_e16_deadlines_follow_the_one_clock_policy() -> None:
    """São Paulo skipped 00:00 to 01:00 on 4 November 2018, and New York had 01:30 twice on the same day."""
    every_day = calendar(None)
    gap = target(time="00:30", calendar=every_day).on(date(2018, 11, 3), instant_of=instant_of)
    assert gap is not None
    assert local(gap, "America/Sao_Paulo") == datetime(2018, 11, 4, 1, 0)
    twice = target(time="01:30", zone="America/New_York", calendar=every_day).on(
        date(2018, 11, 3), instant_of=instant_of
    )
    assert twice is not None
    assert twice.deadline == datetime(2018, 11, 4, 5, 30, tzinfo=UTC), "the first of the two"


def test_e16_what_the_calendar_does_not_know_has_no_deadline() -> None:
    assert target().on(ALL[-1], instant_of=instant_of) is None
    assert target().on(ALL[0] - timedelta(days=1), instant_of=instant_of) is None


@given(
    st.sampled_from(ALL[40:-60]),
    st.integers(0, 10),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["America/Sao_Paulo", "Europe/London", "Asia/Kathmandu", "Pacific/Apia", "UTC"]),
)
def test_e16_every_deadline_is_found_in_the_moment_it_passes_and_not_before(
    business_date: date, offset: int, hour: int, minute: int, zone: str
) -> None:
    one = target(day_offset=offset, time=f"{hour:02}:{minute:02}", zone=zone)
    due = one.on(business_date, instant_of=instant_of)
    assert due is not None
    between = [day for day in WEEKDAYS if business_date < day <= local(due, zone).date()]
    assert len(between) == offset if offset else local(due, zone).date() == business_date
    deadlines = Deadlines(None, None, instant_of=instant_of)  # type: ignore[arg-type]  only its pure part is used

    def passed(at: datetime) -> bool:
        return any(item.business_date == business_date for item in deadlines.passed([one], now=at))

    assert not passed(due.deadline - timedelta(seconds=1))
    assert passed(due.deadline)
    assert passed(due.deadline + LOOK_BACK - timedelta(seconds=1))
    assert not passed(due.deadline + LOOK_BACK)
    late = due.deadline + timedelta(days=30)
    also = deadlines.passed([one], [(one.subject, business_date)], now=late)
    assert [item.deadline for item in also if item.business_date == business_date] == [due.deadline], "an open incident"
