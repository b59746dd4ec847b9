"""How the loops of this process do, as metrics: read from their states by each scrape, which costs nothing else."""

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core_api.modules.schedulers.schemas import LoopState
from shared_utils.clock import Clock

type States = Callable[[], Sequence[LoopState]]


class LoopCollector(Collector):
    """One sample per loop of each metric; `loop` is its name."""

    def __init__(self, states: States, clock: Clock) -> None:
        self._states = states
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        runs = CounterMetricFamily("scheduler_loop_runs", "Turns begun.", labels=["loop"])
        failures = CounterMetricFamily("scheduler_loop_failures", "Turns that failed.", labels=["loop"])
        restarts = CounterMetricFamily("scheduler_loop_restarts", "Times that it was begun anew.", labels=["loop"])
        failing = GaugeMetricFamily("scheduler_loop_failing", "Whether its last turn failed.", labels=["loop"])
        age = GaugeMetricFamily("scheduler_loop_last_turn_age_seconds", "Since its last turn began.", labels=["loop"])
        took = GaugeMetricFamily("scheduler_loop_last_turn_seconds", "What its last turn took.", labels=["loop"])
        late = GaugeMetricFamily("scheduler_loop_late_by_seconds", "How far past its time it is.", labels=["loop"])
        now = self._clock.now()
        for state in self._states():
            name = [state.name]
            runs.add_metric(name, state.runs)
            failures.add_metric(name, state.failures)
            restarts.add_metric(name, state.restarts)
            failing.add_metric(name, state.failing)
            age.add_metric(name, (now - (state.last_run_at or state.started_at)).total_seconds())
            took.add_metric(name, state.last_duration_seconds or 0)
            next_run_at = state.next_run_at
            late.add_metric(name, max((now - next_run_at).total_seconds(), 0) if next_run_at else 0)
        yield from (runs, failures, restarts, failing, age, took, late)


def expose_loops(states: States, clock: Clock, *, registry: CollectorRegistry = REGISTRY) -> LoopCollector:
    """Tells of these loops in `registry` until the collector is unregistered."""
    collector = LoopCollector(states, clock)
    registry.register(collector)
    return collector
