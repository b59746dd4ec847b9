"""Daily loads, and no-op executions through the whole path: load, dispatch, claim, run, finish, history kept."""

import time
from datetime import date, timedelta

from bench.report import Measure
from bench.stack import BenchStack, bench_stack
from shared_utils.clock import utc_now

MINUTES = 1440
EVERY_MINUTE = {"type": "interval", "every_minutes": 1, "start": "00:00", "end": "23:59"}
WORKER_SLOTS = 200
NOOP_ROUTINES = 14  # x 1,440 slots = 20,160 executions
LARGE_ROUTINES = 70  # x 1,440 slots = 100,800 executions
TIMEOUT_SECONDS = 180


async def measure_queue() -> list[Measure]:
    """Days ahead are loaded, so that no loop loads or runs them meanwhile."""
    async with bench_stack("queue") as bench:
        for number in range(7):
            await bench.routine(f"noop-{number}", job="bench.nothing", trigger=EVERY_MINUTE, max_instances=1_000)
        measures = [await _daily_load(bench, _day(3), size=10_000, bar=1.0)]
        for number in range(7, NOOP_ROUTINES):
            await bench.routine(f"noop-{number}", job="bench.nothing", trigger=EVERY_MINUTE, max_instances=1_000)
        bench.stack.start_scheduler()
        await bench.stack.start_worker("worker-1", slots=WORKER_SLOTS)
        measures += await _no_ops(bench, _day(4))
        for number in range(NOOP_ROUTINES, LARGE_ROUTINES):
            await bench.routine(f"noop-{number}", job="bench.nothing", trigger=EVERY_MINUTE, max_instances=1_000)
        measures.append(await _daily_load(bench, _day(5), size=100_000, bar=8.0))
    return measures


def _day(ahead: int) -> date:
    return (utc_now() + timedelta(days=ahead)).date()


async def _daily_load(bench: BenchStack, day: date, *, size: int, bar: float) -> Measure:
    began = time.perf_counter()
    done = await bench.post("/scheduler/daily-load", {"business_date": day.isoformat()})
    seconds = time.perf_counter() - began
    created = int(done["created"])
    if created < size:
        raise RuntimeError(f"{created} executions were created, at least {size} were expected")
    note = f"{created:,} rows; until the API's answer, commit included"
    return Measure(f"daily load of {size:,}", seconds, "s", bar=bar, note=note)


async def _no_ops(bench: BenchStack, day: date) -> list[Measure]:
    """From the request that makes everything due to the last finish, by the database's own times."""
    loaded = await bench.post("/scheduler/daily-load", {"business_date": day.isoformat()})
    expected = int(loaded["created"])
    began = time.perf_counter()
    await bench.post("/scheduler/run", {"business_date": day.isoformat()})

    async def all_done() -> bool:
        query = "SELECT count(*) FROM core.executions WHERE business_date = $1 AND status = 'SUCCEEDED'"
        return bool(await bench.scalar(query, day) == expected)

    await bench.stack.until(all_done, timeout=TIMEOUT_SECONDS, what=f"{expected} no-ops succeed")
    wall = time.perf_counter() - began
    history = await bench.scalar(
        "SELECT count(*) FROM core.attempts a JOIN core.executions e ON e.id = a.execution_id WHERE e.business_date = $1",
        day,
    )
    if history != expected:
        raise RuntimeError(f"{history} attempts for {expected} executions")
    note = f"{expected:,} light no-ops, one worker, {WORKER_SLOTS} slots, {wall:.1f} s from request to last finish"
    return [Measure("no-op executions per second", expected / wall, "/s", bar=2000, better="more", note=note)]
