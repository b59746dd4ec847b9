"""What a scrape tells of the loops of a scheduler."""

from datetime import timedelta

from prometheus_client import CollectorRegistry

from core_api.modules.schedulers.public import LoopState, expose_loops
from shared_utils.clock import FakeClock


def test_each_loop_is_told_with_its_age_and_how_late_it_is(clock: FakeClock) -> None:
    registry, now = CollectorRegistry(), clock.now()
    states = [
        LoopState(name="dispatch", started_at=now, runs=7, last_run_at=now, last_duration_seconds=0.5),
        LoopState(name="relay", started_at=now, failures=3, restarts=1, failing=True, next_run_at=now),
    ]
    expose_loops(lambda: states, clock, registry=registry)
    clock.advance(timedelta(seconds=20))

    def told(name: str, loop: str) -> float | None:
        return registry.get_sample_value(f"scheduler_loop_{name}", {"loop": loop})

    assert (told("runs_total", "dispatch"), told("last_turn_age_seconds", "dispatch")) == (7, 20)
    assert (told("last_turn_seconds", "dispatch"), told("late_by_seconds", "dispatch")) == (0.5, 0)
    assert (told("failures_total", "relay"), told("restarts_total", "relay"), told("failing", "relay")) == (3, 1, 1)
    assert (told("last_turn_age_seconds", "relay"), told("late_by_seconds", "relay")) == (20, 20)
