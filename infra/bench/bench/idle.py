"""Idle memory of the processes that every installation runs."""

import asyncio

from bench.processes import family_pss
from bench.report import Measure
from bench.stack import bench_stack

SETTLE_SECONDS = 8
BAR_MEGABYTES = 350
BAR_AI_MEGABYTES = 120  # the offline model has processes of its own, which start when they are needed


async def measure_idle_memory() -> list[Measure]:
    """After start-up and a few quiet heartbeats; a worker counts with its warm child processes."""
    async with bench_stack("idle") as bench:
        scheduler = bench.stack.start_scheduler()
        worker = await bench.stack.start_worker("worker-1", slots=4)
        ai = (await bench.start_ai()).process
        await asyncio.sleep(SETTLE_SECONDS)
        core = next(process for process in bench.stack.processes if process.name == "core-api")
        parts = {process.name: family_pss(process.pid) for process in (core, scheduler, worker, ai)}
    named = [
        Measure(
            f"idle memory, {name}",
            megabytes,
            "MB",
            bar=BAR_AI_MEGABYTES if name == "ai-svc" else None,
            note=f"PSS of {count} process{'es' if count > 1 else ''}",
        )
        for name, (megabytes, count) in parts.items()
    ]
    total = sum(megabytes for name, (megabytes, _) in parts.items() if name != "ai-svc")
    return [*named, Measure("idle memory: api + scheduler + worker", total, "MB", bar=BAR_MEGABYTES)]
