"""The simulator's own count, against dates that people know."""

import random
from datetime import UTC, date, datetime

from chaos.expectation import FIRST_DAY, LAST_DAY, dates, day_begins, expected_slots, instant, runs_on
from chaos.fleet import HOME, SimulatedRoutine, draw_fleet


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_the_simulated_weeks_have_thirty_sessions() -> None:
    assert sum(runs_on("sessions", day) for day in dates(FIRST_DAY, LAST_DAY)) == 30
    assert not runs_on("sessions", date(2018, 11, 2)), "Finados is a Friday"
    assert not runs_on("sessions", date(2018, 11, 4)), "a Sunday"


def test_a_time_that_does_not_exist_is_the_first_minute_after_the_gap() -> None:
    assert instant(HOME, date(2018, 11, 4), "00:01") == at(2018, 11, 4, 3, 0), "01:00 at UTC-2"
    assert instant(HOME, date(2018, 11, 3), "00:01") == at(2018, 11, 3, 3, 1), "00:01 at UTC-3"
    assert day_begins(HOME, date(2018, 11, 4)) == at(2018, 11, 4, 3, 0)


def test_a_time_that_happens_twice_is_the_first_of_both() -> None:
    assert instant("Europe/London", date(2018, 10, 28), "01:30") == at(2018, 10, 28, 0, 30)
    assert instant("America/New_York", date(2018, 11, 4), "01:30") == at(2018, 11, 4, 5, 30)


def test_two_times_in_one_gap_are_one_slot() -> None:
    routine = SimulatedRoutine(name="gap", zone=HOME, days="every_day", times=("00:05", "00:30"))
    slots = expected_slots([routine], date(2018, 11, 3), date(2018, 11, 5))
    assert len(slots) == 5, "two on the 3rd and the 5th, one on the 4th"


def test_the_same_seed_draws_the_same_fleet_and_chains_point_backwards() -> None:
    first, second = (draw_fleet(200, random.Random(7)).routines for _ in range(2))
    assert first == second
    assert len({routine.name for routine in first}) == 200
    seen: set[str] = set()
    for routine in first:
        assert set(routine.upstream) <= seen
        seen.add(routine.name)
    assert any(routine.upstream for routine in first)
