"""From the instant that a run is due to the first line of its job's code, with a worker that has nothing else to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID, uuid4

from bench.report import SCHEDULED, Measure, percentile
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
class Start:
    """One run, in milliseconds: handed out after due, claimed after that, its code reached after that."""

    dispatch: float
    claim: float
    start: float

    @property
    def total(self) -> float:
        return self.dispatch + self.claim + self.start


async def measure_latency() -> list[Measure]:
    """Runs are written ahead of time and become due one by one, as scheduled ones do; p50 and p99 of 200."""
    async with bench_stack("latency") as bench:
        bench.stack.start_scheduler()
        await bench.stack.start_worker("worker-1", slots=4)
        light = await _latencies(bench, "bench.start.light")
        process = await _latencies(bench, "bench.start.process")
    return [*_measures("light job", light), *_measures("process job", process)]


async def _latencies(bench: BenchStack, job: str) -> list[Start]:
    # No routine of this id exists: the scheduler would see a new one, load its day anew and withdraw what is written here.
    routine = uuid4()
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


async def _run(bench: BenchStack, executions: Sequence[NewExecution]) -> list[Start]:
    """The starts, in the order in which the runs were due."""
    engine = create_engine(bench.stack.url("core"), application_name="bench")
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            await enqueue(session, executions, now=utc_now())
    finally:
        await engine.dispose()
    ids = [str(one.id) for one in executions]
    timeout = (LEAD + SPACING * len(ids)).total_seconds() + 30
    code = await wait_for_starts(bench, ids, timeout=timeout)
    rows = await bench.stack.fetch("SELECT id::text, queued_at, started_at FROM core.executions")
    known = {row["id"]: (row["queued_at"], row["started_at"]) for row in rows}
    return [_start(one.slot, *known[str(one.id)], code[str(one.id)]) for one in executions]


def _start(due: datetime, queued: datetime, claimed: datetime, code_nanoseconds: int) -> Start:
    return Start(
        dispatch=(queued - due).total_seconds() * 1000,
        claim=(claimed - queued).total_seconds() * 1000,
        start=(code_nanoseconds / 1e9 - claimed.timestamp()) * 1000,
    )


def _measures(what: str, starts: Sequence[Start]) -> list[Measure]:
    totals = [start.total for start in starts]
    steps = ", ".join(
        f"{step} {median(getattr(start, step) for start in starts):.1f}" for step in ("dispatch", "claim", "start")
    )
    note = f"{len(totals)} runs, one every {SPACING.total_seconds() * 1000:.0f} ms; medians: {steps} ms"
    worst = f"worst {max(totals):.0f} ms"
    return [
        Measure(
            f"due -> code starts, {what}, p50",
            percentile(totals, 0.5),
            "ms",
            bar=BAR_P50_MS,
            note=note,
            group=SCHEDULED,
        ),
        Measure(f"due -> code starts, {what}, p99", percentile(totals, 0.99), "ms", bar=BAR_P99_MS, note=worst),
    ]
