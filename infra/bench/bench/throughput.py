"""Daily loads, and no-op executions through the whole path: load, dispatch, claim, run, finish, history kept."""

import asyncio
import time
from datetime import date, datetime, timedelta
from typing import cast

from bench.processes import family_cpu_seconds
from bench.report import NO_OPS, Measure
from bench.stack import BenchStack, bench_stack
from shared_utils.clock import home_date, utc_now

MINUTES = 1440
EVERY_MINUTE = {"type": "interval", "every_minutes": 1, "start": "00:00", "end": "23:59"}
WORKER_SLOTS = 200
NOOP_ROUTINES = 14  # x 1,440 slots = 20,160 executions
LARGE_ROUTINES = 70  # x 1,440 slots = 100,800 executions
TIMEOUT_SECONDS = 180
POLL_SECONDS = 0.5

_FINISHED = "SELECT count(*) AS done, max(finished_at) AS last FROM core.executions WHERE business_date = $1 AND status = 'SUCCEEDED'"


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
        await _no_ops(bench, _day(6))  # a scheduler begins with writing again what changed while none was there
        measures += await _no_ops(bench, _day(4))
        for number in range(NOOP_ROUTINES, LARGE_ROUTINES):
            await bench.routine(f"noop-{number}", job="bench.nothing", trigger=EVERY_MINUTE, max_instances=1_000)
        measures.append(await _daily_load(bench, _day(5), size=100_000, bar=8.0))
    return measures


def _day(ahead: int) -> date:
    return home_date(utc_now() + timedelta(days=ahead))


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
    before = _processor_time(bench)
    began = utc_now()
    run = await bench.post("/scheduler/run", {"business_date": day.isoformat()})
    if int(run["brought_forward"]) != expected:
        raise RuntimeError(f"{run['brought_forward']} of {expected} executions were made due")
    wall = (await _last_finish(bench, day, expected) - began).total_seconds()
    after = _processor_time(bench)
    history = await bench.scalar(
        "SELECT count(*) FROM core.attempts a JOIN core.executions e ON e.id = a.execution_id WHERE e.business_date = $1",
        day,
    )
    if history != expected:
        raise RuntimeError(f"{history} attempts for {expected} executions")
    note = f"{expected:,} light no-ops, one worker, {WORKER_SLOTS} slots, {wall:.1f} s from request to last finish"
    used = {name: (after[name] - before[name]) / expected * 1e6 for name in after}
    shares = ", ".join(f"{name} {microseconds:.0f}" for name, microseconds in used.items())
    return [
        Measure("no-op executions per second", expected / wall, "/s", bar=2000, better="more", note=note, group=NO_OPS),
        Measure("processor time per no-op execution", sum(used.values()), "us", note=shares),
    ]


async def _last_finish(bench: BenchStack, day: date, expected: int) -> datetime:
    """Waits on one connection and asks seldom, so that the watching costs next to nothing."""
    connection = await bench.stack.connect()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while True:
                row = await connection.fetchrow(_FINISHED, day)
                if row is not None and row["done"] == expected:
                    return cast("datetime", row["last"])
                await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()


def _processor_time(bench: BenchStack) -> dict[str, float]:
    """Seconds used so far, by everything that takes part."""
    parts = {process.name: process.pid for process in bench.stack.processes if process.alive()}
    servers = {"postgres": bench.stack.postgres.pid, "redis": bench.stack.streams.pid}
    known = parts | {name: pid for name, pid in servers.items() if pid is not None}
    return {name: family_cpu_seconds(pid) for name, pid in known.items()}
