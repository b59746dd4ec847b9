"""A backfill of 250 dates x 40 routines, and what live runs notice of it."""

import asyncio
import contextlib
import time
from datetime import timedelta
from typing import Any

from bench.latency import latencies
from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack, read_starts

ROUTINES = 40
RANGE = {"start": "2024-01-02", "end": "2024-12-27"}  # 250 sessions of B3
EXECUTIONS = 10_000
SLOTS = 16
MAX_ACTIVE = 8
HOLD_SECONDS = 0.5
PREVIEWS = 5
ROUNDS = 10
LIVE_SPACING = timedelta(milliseconds=60)
"""Ten rounds of 200 live runs each way: a 99th percentile that twenty runs stand behind."""
BAR_PREVIEW_SECONDS, BAR_CANCEL_SECONDS, BAR_RISE_PERCENT = 2, 1, 10


async def measure_backfills() -> list[Measure]:
    """Preview, creation (twice, which must create once), live starts without and with it, cancel."""
    async with bench_stack("backfills") as bench:
        request = RANGE | {"routine_ids": await _routines(bench), "mode": "all"}
        measures = [await _preview(bench, request)]
        bench.stack.start_scheduler()
        await bench.stack.start_worker("worker-1", slots=SLOTS)
        backfill, created = await _create(bench, request)
        watching = asyncio.create_task(_most_at_once(bench, backfill))
        alone: list[float] = []
        beside: list[float] = []
        for _ in range(ROUNDS):  # in turns: what else the machine does should hit both alike
            await _pause(bench, backfill)
            alone += [start.total for start in await latencies(bench, "bench.start.light", spacing=LIVE_SPACING)]
            await bench.post(f"/backfills/{backfill}/resume")
            await bench.stack.until(lambda: _is_busy(bench, backfill), timeout=30, what="the backfill goes on")
            beside += [start.total for start in await latencies(bench, "bench.start.light", spacing=LIVE_SPACING)]
        watching.cancel()
        measures += [created, _rise(alone, beside), await watching, await _cancel(bench, backfill)]
    return measures


async def _pause(bench: BenchStack, backfill: str) -> None:
    """Pauses it and waits until nothing of it runs any more."""
    await bench.post(f"/backfills/{backfill}/pause")

    async def quiet() -> bool:
        return await _count(bench, backfill, "QUEUED", "RUNNING") == 0

    await bench.stack.until(quiet, timeout=30, what="nothing of the backfill runs")


async def _most_at_once(bench: BenchStack, backfill: str) -> Measure:
    """Looks twice a second, until it is cancelled, at how many of the backfill are handed out or running."""
    most = looks = 0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            most = max(most, await _count(bench, backfill, "QUEUED", "RUNNING"))
            looks += 1
            await asyncio.sleep(0.5)
    return Measure("most runs of the backfill at once", most, "", bar=MAX_ACTIVE, note=f"its own cap; {looks} looks")


async def _routines(bench: BenchStack) -> list[str]:
    group = await bench.post("/day-groups", {"name": "Pregões", "calendar_code": "B3", "rule": {}})
    params = {"folder": str(bench.folder), "seconds": HOLD_SECONDS}
    return [
        await bench.routine(f"again-{number}", job="bench.hold.light", params=params, day_group_id=group["id"])
        for number in range(ROUTINES)
    ]


async def _preview(bench: BenchStack, request: dict[str, Any]) -> Measure:
    taken: list[float] = []
    for _ in range(PREVIEWS):
        began = time.perf_counter()
        preview = await bench.post("/backfills/preview", request)
        taken.append(time.perf_counter() - began)
        if preview["executions"] != EXECUTIONS:
            raise RuntimeError(f"the preview shows {preview['executions']} executions, not {EXECUTIONS}")
    name = f"preview of a backfill of {EXECUTIONS:,}"
    return Measure(name, max(taken), "s", bar=BAR_PREVIEW_SECONDS, note=f"worst of {PREVIEWS}, by the API")


async def _create(bench: BenchStack, request: dict[str, Any]) -> tuple[str, Measure]:
    body = request | {"max_active": MAX_ACTIVE}
    began = time.perf_counter()
    first = await bench.post("/backfills", body)
    seconds = time.perf_counter() - began
    again = await bench.post("/backfills", body)
    rows = await _count(bench, first["id"])
    if again["id"] != first["id"] or rows != EXECUTIONS:
        raise RuntimeError(f"submitting twice made {rows} executions, not {EXECUTIONS}")
    note = "until the API's answer; the same request again created nothing"
    return str(first["id"]), Measure(f"a backfill of {EXECUTIONS:,} is written", seconds, "s", note=note)


def _rise(alone: list[float], beside: list[float]) -> Measure:
    before, after = percentile(alone, 0.99), percentile(beside, 0.99)
    medians = f"p50 {percentile(alone, 0.5):.1f} -> {percentile(beside, 0.5):.1f} ms"
    note = f"p99 {before:.1f} -> {after:.1f} ms, {medians}; {len(alone)} live runs alone, {len(beside)} beside"
    rise = max((after / before - 1) * 100, 0.0)
    return Measure("live start p99 beside a running backfill, rise", rise, "%", bar=BAR_RISE_PERCENT, note=note)


async def _cancel(bench: BenchStack, backfill: str) -> Measure:
    """From before the request to the last start that comes after it."""
    asked = time.time_ns()
    await bench.post(f"/backfills/{backfill}/cancel")
    await asyncio.sleep(3)
    late = [began for began in read_starts(bench.folder).values() if began > asked]
    seconds = (max(late) - asked) / 1e9 if late else 0.0
    left = await _count(bench, backfill, "PENDING", "QUEUED")
    if left:
        raise RuntimeError(f"{left} executions still wait after the cancel")
    note = f"{len(late)} runs began after the request"
    return Measure("cancel of a backfill -> last new start", seconds, "s", bar=BAR_CANCEL_SECONDS, note=note)


async def _is_busy(bench: BenchStack, backfill: str) -> bool:
    return await _count(bench, backfill, "RUNNING") >= MAX_ACTIVE // 2


async def _count(bench: BenchStack, backfill: str, *statuses: str) -> int:
    """Executions of a backfill, or those of them in one of the statuses."""
    query = """SELECT count(*) FROM core.executions
               WHERE backfill_id = $1::text::uuid AND ($2::text[] = '{}' OR status = ANY ($2::text[]))"""
    return int(await bench.scalar(query, backfill, list(statuses)))
