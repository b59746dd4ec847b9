"""From the instant that a run is due to the first line of its job's code, with a worker that has nothing else to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack, wait_for_starts
from core_api.modules.executions.public import NewExecution, enqueue
from shared_utils.clock import utc_now
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction

RUNS = 200
WARM_UP = 20
SPACING = timedelta(milliseconds=120)
LEAD = timedelta(seconds=3)
BAR_P50_MS, BAR_P99_MS = 25, 100


@dataclass(frozen=True)
class Due:
    execution_id: str
    at: datetime


async def measure_latency() -> list[Measure]:
    """Runs are written ahead of time and become due one by one, as scheduled ones do; p50 and p99 of 200."""
    async with bench_stack("latency") as bench:
        bench.stack.start_scheduler()
        await bench.stack.start_worker("worker-1", slots=4)
        light = await _latencies(bench, "bench.start.light")
        process = await _latencies(bench, "bench.start.process")
    return [*_measures("light job", light), *_measures("process job", process)]


async def _latencies(bench: BenchStack, job: str) -> list[float]:
    routine = UUID(await bench.routine(job.replace(".", "-"), job=job, params={"folder": str(bench.folder)}))
    await _run(bench, _planned(routine, job, bench, WARM_UP))
    return await _run(bench, _planned(routine, job, bench, RUNS))


def _planned(routine: UUID, job: str, bench: BenchStack, count: int) -> list[NewExecution]:
    first = utc_now() + LEAD
    return [_execution(routine, job, bench, first + SPACING * number) for number in range(count)]


def _execution(routine: UUID, job: str, bench: BenchStack, due: datetime) -> NewExecution:
    return NewExecution(
        routine_id=routine,
        routine_name=job.replace(".", "-"),
        title=job,
        slot=due,
        due_at=due,
        business_date=due.date(),
        job=job,
        params={"folder": str(bench.folder)},
        queue="default",
        priority=5,
        pool=None,
        concurrency_key=None,
        max_instances=1000,
        depends_on=(),
        max_attempts=1,
        max_recoveries=3,
        retry={"max_attempts": 1, "backoff_seconds": 1, "backoff_factor": 2, "backoff_max_seconds": 60, "jitter": True},
        timeout_seconds=60,
    )


async def _run(bench: BenchStack, executions: Sequence[NewExecution]) -> list[float]:
    """Milliseconds from due to the job's code, in the order in which the runs were due."""
    engine = create_engine(bench.stack.url("core"), application_name="bench")
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            await enqueue(session, executions, now=utc_now())
    finally:
        await engine.dispose()
    ids = [str(one.id) for one in executions]
    timeout = (LEAD + SPACING * len(ids)).total_seconds() + 30
    starts = await wait_for_starts(bench, ids, timeout=timeout)
    return [(starts[str(one.id)] / 1e9 - one.slot.timestamp()) * 1000 for one in executions]


def _measures(what: str, latencies: Sequence[float]) -> list[Measure]:
    note = f"{len(latencies)} runs, one every {SPACING.total_seconds() * 1000:.0f} ms, max {max(latencies):.0f} ms"
    return [
        Measure(f"due -> code starts, {what}, p50", percentile(latencies, 0.5), "ms", bar=BAR_P50_MS, note=note),
        Measure(f"due -> code starts, {what}, p99", percentile(latencies, 0.99), "ms", bar=BAR_P99_MS),
    ]
