"""From the instant that a run is due to the first line of its job's code, with a worker that has nothing else to do."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID, uuid4

from bench.planned import planned, write
from bench.report import IMMEDIATE, SCHEDULED, Measure, percentile
from bench.stack import BenchStack, bench_stack, wait_for_starts
from core_api.modules.executions.public import NewExecution
from shared_utils.clock import utc_now

RUNS = 200
ASKED = 100
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
        light = await latencies(bench, "bench.start.light")
        process = await latencies(bench, "bench.start.process")
        asked = await _asked(bench)
    return [*_measures("light job", light), *_measures("process job", process), asked]


async def _asked(bench: BenchStack) -> Measure:
    """From before the request of a person or a program to the first line of the job: HTTP, audit and all."""
    routine = await bench.routine(
        "asked", job="bench.start.light", params={"folder": str(bench.folder)}, max_instances=1000
    )
    sent: dict[str, int] = {}
    for number in range(ASKED + WARM_UP):
        before = time.time_ns()
        done = await bench.post(f"/routines/{routine}/run")
        execution = done["executions"][0] if "executions" in done else done
        if number >= WARM_UP:
            sent[str(execution["id"])] = before
        await asyncio.sleep(0.02)
    code = await wait_for_starts(bench, list(sent), timeout=30)
    waits = [(code[one] - before) / 1e6 for one, before in sent.items()]
    note = f"{len(waits)} manual runs by the API; p99 {percentile(waits, 0.99):.1f} ms, worst {max(waits):.1f} ms"
    return Measure("run asked for -> code starts, p50", percentile(waits, 0.5), "ms", note=note, group=IMMEDIATE)


async def latencies(bench: BenchStack, job: str, *, spacing: timedelta = SPACING) -> list[Start]:
    routine = uuid4()
    await _run(bench, _planned(routine, job, bench, WARM_UP, spacing=spacing))
    return await _run(bench, _planned(routine, job, bench, RUNS, spacing=spacing))


def _planned(routine: UUID, job: str, bench: BenchStack, count: int, *, spacing: timedelta) -> list[NewExecution]:
    first = utc_now() + LEAD
    params = {"folder": str(bench.folder)}
    return [planned(routine, job, due=first + spacing * number, params=params) for number in range(count)]


async def _run(bench: BenchStack, executions: Sequence[NewExecution]) -> list[Start]:
    """The starts, in the order in which the runs were due."""
    ids = await write(bench, executions)
    timeout = (LEAD + executions[-1].slot - executions[0].slot).total_seconds() + 30
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
