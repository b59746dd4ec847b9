"""Calendars put together, against sets of dates."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_api.modules.business_days.schemas import CalendarDays, CalendarParts, Correction
from core_api.modules.business_days.service import assembled, combined, corrected, downwards, ending, every_day, upwards

START = date(2026, 1, 1)
SPAN = [START + timedelta(days=n) for n in range(60)]


@st.composite
def calendars(draw: st.DrawFn, code: str = "ONE") -> CalendarDays:
    first, last = sorted(draw(st.tuples(st.integers(0, 59), st.integers(0, 59))))
    covered = SPAN[first : last + 1]
    chosen = draw(st.sets(st.sampled_from(covered)))
    return CalendarDays(code=code, start=covered[0], end=covered[-1], days=tuple(sorted(chosen)))


corrections = st.builds(
    Correction, day=st.sampled_from(SPAN), is_business_day=st.booleans(), opens_at=st.none(), note=st.just("Nota")
)


@given(st.lists(calendars(), min_size=1, max_size=4), st.booleans())
def test_a_union_is_any_and_an_intersection_all(members: list[CalendarDays], with_every_day: bool) -> None:
    members += [every_day()] * with_every_day
    common = [day for day in SPAN if all(item.covers(day) for item in members)]
    for how, decide in (("union", any), ("intersection", all)):
        whole = combined("WHOLE", how, members)
        assert [day for day in SPAN if whole.covers(day)] == common
        for day in common:
            assert whole.is_business_day(day) == decide(item.is_business_day(day) for item in members)
        if whole.days is not None:
            assert set(whole.days) <= set(common)
            assert list(whole.days) == sorted(whole.days)


@given(calendars() | st.just(every_day()), st.lists(corrections, unique_by=lambda item: item.day, max_size=8))
def test_a_correction_has_the_last_word_where_the_calendar_says_something(
    calendar: CalendarDays, given_corrections: list[Correction]
) -> None:
    after = corrected(calendar, given_corrections)
    by_day = {item.day: item for item in given_corrections}
    assert (after.start, after.end) == (calendar.start, calendar.end)
    for day in SPAN:
        if calendar.covers(day):
            wanted = by_day[day].is_business_day if day in by_day else calendar.is_business_day(day)
            assert after.is_business_day(day) == wanted
            assert after.note(day) == ("Nota" if day in by_day else calendar.note(day))
        elif after.days is not None:
            assert day not in after.days


def test_openings_of_a_whole() -> None:
    day, other = SPAN[0], SPAN[1]
    late = {"start": day, "end": SPAN[-1], "days": (day, other)}
    one = CalendarDays(code="ONE", **late, opening_times={day: time(13), other: time(13)})  # type: ignore[arg-type]
    two = CalendarDays(code="TWO", **late, opening_times={day: time(11)})  # type: ignore[arg-type]
    assert combined("ANY", "union", [one, two]).opening_times == {day: time(11)}
    assert combined("ALL", "intersection", [one, two]).opening_times == {day: time(13), other: time(13)}
    reopened = [Correction(day=day, is_business_day=True, opens_at=None, note="Abertura normal")]
    assert corrected(one, reopened).opening_times == {other: time(13)}


def test_notes_of_a_whole_say_whose_they_are() -> None:
    day = SPAN[0]
    members = [
        CalendarDays(code=code, start=day, end=SPAN[-1], days=(), notes={day: "Carnaval"}) for code in ("ONE", "TWO")
    ]
    assert combined("ALL", "intersection", members).note(day) == "ONE: Carnaval; TWO: Carnaval"


def test_wholes_are_built_after_their_members_whatever_the_order() -> None:
    own = CalendarDays(code="A", start=START, end=SPAN[-1], days=(SPAN[0], SPAN[5]))
    closed = Correction(day=SPAN[5], is_business_day=False, opens_at=None, note="Luto")
    built = assembled(
        {
            "C": CalendarParts(how="intersection", members=("B", "A")),
            "B": CalendarParts(how="union", members=("A",)),
            "A": CalendarParts(own=own, corrections=(closed,)),
        }
    )
    assert built["C"].days == (SPAN[0],)


def test_what_is_reached_upwards_and_downwards() -> None:
    made_of = {"C": {"A", "B"}, "D": {"C"}, "E": {"B"}}
    assert downwards(["D"], made_of) == {"A", "B", "C", "D"}
    assert upwards(["A"], made_of) == {"A", "C", "D"}
    assert upwards(["B"], made_of) == {"B", "C", "D", "E"}


@given(st.lists(calendars(), max_size=5), st.sampled_from(SPAN), st.integers(0, 90))
def test_which_calendars_end_soon(items: list[CalendarDays], today: date, within: int) -> None:
    soon = ending(items, today, within_days=within)
    assert sorted(item.end for item in items if item.end <= today + timedelta(days=within)) == [
        item.end for item in soon
    ]


@pytest.mark.parametrize(("day", "latest"), [(SPAN[0], None), (SPAN[3], SPAN[3]), (SPAN[9], SPAN[5]), (SPAN[59], None)])
def test_the_latest_business_day_if_there_is_one(day: date, latest: date | None) -> None:
    calendar = CalendarDays(code="SOME", start=START, end=SPAN[30], days=(SPAN[3], SPAN[5]))
    assert calendar.latest(day) == latest
