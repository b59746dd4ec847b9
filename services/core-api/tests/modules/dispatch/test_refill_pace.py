"""E13: when a scheduler looks at backfills beside live work."""

from datetime import UTC, datetime, timedelta

import pytest

from core_api.modules.dispatch.schemas import MOST_OWED_SECONDS, RefillPace, Tick, When
from shared_utils.clock import FakeClock

LIVE = Tick(turn=True, handed=1, live=1)
OWING = Tick(turn=True, owing=True)
REFILLED = Tick(turn=True, handed=3)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 20, 7, 30, tzinfo=UTC))


def test_e13_alone_a_backfill_never_waits(clock: FakeClock) -> None:
    pace = RefillPace(clock)
    assert pace.when(None) is When.AFTER_LIVE
    assert pace.after(REFILLED) is None
    assert pace.when(None) is When.AFTER_LIVE


def test_e13_beside_live_work_a_backfill_is_filled_in_its_pauses(clock: FakeClock) -> None:
    pace = RefillPace(clock)
    pace.after(LIVE)
    assert pace.when(None) is When.LATER
    assert pace.after(OWING) == pytest.approx(0.04)
    clock.advance(timedelta(milliseconds=30))
    assert pace.when(None) is When.LATER
    assert pace.after(OWING) == pytest.approx(0.01)
    clock.advance(timedelta(milliseconds=11))
    assert pace.when(clock.now() + timedelta(milliseconds=100)) is When.NOW
    assert pace.after(REFILLED) is None
    # What becomes free next gathers.
    assert pace.when(None) is When.LATER
    assert pace.after(OWING) == pytest.approx(0.2)


def test_e13_what_falls_due_now_goes_before_a_backfill(clock: FakeClock) -> None:
    pace = RefillPace(clock)
    pace.after(LIVE)
    pace.after(OWING)
    clock.advance(timedelta(milliseconds=100))
    assert pace.when(clock.now()) is When.LATER
    assert pace.when(clock.now() + timedelta(milliseconds=10)) is When.LATER
    assert pace.when(clock.now() + timedelta(milliseconds=50)) is When.NOW


def test_e13_live_work_without_pauses_holds_a_backfill_up_for_half_a_second(clock: FakeClock) -> None:
    pace = RefillPace(clock)
    waited = 0.0
    pace.after(LIVE)
    pace.after(OWING)
    while pace.when(clock.now()) is When.LATER:
        pace.after(Tick(turn=True, handed=1, live=1, owing=True))
        clock.advance(timedelta(milliseconds=20))
        waited += 0.02
        assert waited < 2 * MOST_OWED_SECONDS
    assert waited == pytest.approx(MOST_OWED_SECONDS)


def test_e13_when_live_work_is_over_backfills_no_longer_wait(clock: FakeClock) -> None:
    pace = RefillPace(clock)
    pace.after(LIVE)
    clock.advance(timedelta(seconds=2))
    assert pace.when(None) is When.AFTER_LIVE
