"""500 routines due at the same instant, as at 08:00 on every business day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from bench.planned import planned, write
from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack, wait_for_marks
from shared_utils.clock import utc_now

ROUTINES = 500
WORKERS = 2
FEW_SLOTS, MANY_SLOTS = 20, 250
HOLD_SECONDS = 0.05
LEAD = timedelta(seconds=4)
ROUNDS = 3
BAR_P50_MS, BAR_P99_MS = 50, 250


async def measure_burst() -> list[Measure]:
    """With 40 slots, where most have to wait for one, and with 500, where nobody has to."""
    few = await _rounds(FEW_SLOTS)
    many = await _rounds(MANY_SLOTS)
    return [
        *_measures(f"{WORKERS * FEW_SLOTS} slots, from when due and a slot is free", few),
        *_measures(f"{WORKERS * MANY_SLOTS} slots, from when due", many),
    ]


async def _rounds(slots: int) -> list[float]:
    async with bench_stack("burst") as bench:
        bench.stack.start_scheduler()
        for number in range(WORKERS):
            await bench.stack.start_worker(f"worker-{number + 1}", slots=slots)
        await _round(bench, slots)  # warms everything up
        return [wait for _ in range(ROUNDS) for wait in await _round(bench, slots)]


async def _round(bench: BenchStack, slots: int) -> list[float]:
    due = utc_now() + LEAD
    params = {"folder": str(bench.folder), "seconds": HOLD_SECONDS}
    executions = [planned(uuid4(), "bench.hold.light", due=due, params=params) for _ in range(ROUTINES)]
    ids = await write(bench, executions)
    ends = await wait_for_marks(bench, "ends.log", ids, timeout=60)
    starts = await wait_for_marks(bench, "starts.log", ids, timeout=1)
    return waits_per_slot(due, [starts[one][0] for one in ids], [ends[one][0] for one in ids], slots=WORKERS * slots)


def waits_per_slot(due: datetime, starts: Sequence[int], ends: Sequence[int], *, slots: int) -> list[float]:
    """Milliseconds that a free slot stood idle before each start: the k-th run can start when k - slots have ended."""
    due_ns = round(due.timestamp() * 1e9)
    freed = [due_ns] * slots + sorted(ends)
    return [(start - max(due_ns, free)) / 1e6 for start, free in zip(sorted(starts), freed, strict=False)]


def _measures(what: str, waits: Sequence[float]) -> list[Measure]:
    note = f"{ROUNDS} x {ROUTINES} runs of {HOLD_SECONDS * 1000:.0f} ms, {WORKERS} workers"
    worst = f"worst {max(waits):.0f} ms"
    return [
        Measure(f"{ROUTINES} at once, {what}, p50", percentile(waits, 0.5), "ms", bar=BAR_P50_MS, note=note),
        Measure(f"{ROUTINES} at once, {what}, p99", percentile(waits, 0.99), "ms", bar=BAR_P99_MS, note=worst),
    ]
