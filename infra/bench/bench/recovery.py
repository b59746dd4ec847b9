"""What a loss costs: a worker that is killed, and a Redis that loses everything with 10,000 executions queued."""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import uuid4

from bench.jobs import registry
from bench.planned import planned, write
from bench.report import Measure
from bench.stack import BenchStack, bench_stack, read_marks, wait_for_marks
from ephemeral import EphemeralStack, ManagedProcess
from shared_utils.clock import home_date, utc_now
from silent_workers import entries_at_rest, executions_at_rest, silent_workers

KILLS = 3
RUNS = 8
HOLD_SECONDS = 4.0
QUEUED = 10_000
ROUTINES = 10
THOUSAND_MINUTES = {"type": "interval", "every_minutes": 1, "start": "00:00", "end": "16:39"}
BAR_KILL_SECONDS, BAR_LOSS_SECONDS = 15, 10


async def measure_recovery() -> list[Measure]:
    """With the lease that every installation has."""
    return [
        await _killed_workers(),
        *await _burnt("FLUSHALL", lambda stack: stack.streams.flushall()),
        *await _burnt("kill -9 of a Redis without persistence", _kill_without_persistence),
    ]


# --- workers ---------------------------------------------------------------------------------------------------------


async def _killed_workers() -> Measure:
    """From the SIGKILL to the second start of each of its runs; all of them end once."""
    seconds: list[float] = []
    async with bench_stack("recovery") as bench:
        bench.stack.start_scheduler()
        workers = {name: await bench.stack.start_worker(name, slots=RUNS) for name in ("worker-0", "worker-1")}
        for number in range(KILLS):
            seconds += await _kill(bench, workers)
            name = f"worker-{number + 2}"
            workers[name] = await bench.stack.start_worker(name, slots=RUNS)
        ends = read_marks(bench.folder, "ends.log")
    twice = sum(len(marks) > 1 for marks in ends.values())
    lost = KILLS * RUNS - len(ends)
    if twice or lost:
        raise RuntimeError(f"{lost} runs were lost and {twice} ended twice")
    note = f"worst of {len(seconds)} runs that {KILLS} killed workers held; of {KILLS * RUNS} runs 0 lost, 0 twice"
    return Measure("SIGKILL of a worker -> run begins again", max(seconds), "s", bar=BAR_KILL_SECONDS, note=note)


async def _kill(bench: BenchStack, workers: dict[str, ManagedProcess]) -> list[float]:
    params = {"folder": str(bench.folder), "seconds": HOLD_SECONDS}
    executions = [planned(uuid4(), "bench.hold.process", due=utc_now(), params=params) for _ in range(RUNS)]
    ids = await write(bench, executions)
    await wait_for_marks(bench, "starts.log", ids, timeout=30)
    victim = await _busiest(bench, workers, ids)
    held = await _held_by(bench, victim, ids)
    killed_at = time.time()
    workers.pop(victim).kill()
    await wait_for_marks(bench, "ends.log", ids, timeout=60)
    starts = read_marks(bench.folder, "starts.log")
    return [starts[one][-1] / 1e9 - killed_at for one in held]


async def _busiest(bench: BenchStack, workers: dict[str, ManagedProcess], ids: Sequence[str]) -> str:
    held = {name: len(await _held_by(bench, name, ids)) for name in workers}
    return max(held, key=lambda name: held[name])


async def _held_by(bench: BenchStack, worker: str, ids: Sequence[str]) -> list[str]:
    query = """SELECT id::text FROM core.executions
               WHERE id = ANY ($1::text[]::uuid[]) AND status = 'RUNNING' AND worker_id LIKE $2 || '.%'"""
    return [row["id"] for row in await bench.stack.fetch(query, list(ids), worker)]


# --- Redis -----------------------------------------------------------------------------------------------------------


def _kill_without_persistence(stack: EphemeralStack) -> None:
    stack.streams.kill()
    shutil.rmtree(stack.folder / "streams")
    stack.streams.start()


async def _burnt(what: str, burn: Callable[[EphemeralStack], None]) -> list[Measure]:
    """10,000 entries at rest, since the workers that they are meant for take nothing; then all of them run."""
    async with bench_stack("redis-loss") as bench:
        day = home_date(utc_now()) + timedelta(days=2)
        await _routines_of(bench, day)
        bench.stack.start_scheduler()
        async with silent_workers(bench.stack, [spec.descriptor() for spec in registry], count=5):
            await bench.post("/scheduler/run", {"business_date": day.isoformat()})
            await bench.stack.until(lambda: _at_rest(bench), timeout=60, what="10,000 entries are on the streams")
            burn(bench.stack)
            began = time.perf_counter()
            await bench.stack.until(lambda: _at_rest(bench), timeout=90, what="10,000 entries are back")
            seconds = time.perf_counter() - began
            back = len(await executions_at_rest(bench.stack))
        await bench.stack.start_worker("worker-1", slots=200)
        await bench.stack.until(lambda: _all_succeeded(bench), timeout=120, what="all 10,000 run")
        attempts = int(await bench.scalar("SELECT count(*) FROM core.attempts"))
    if back != QUEUED or attempts != QUEUED:
        raise RuntimeError(f"{QUEUED - back} entries were lost; {attempts} attempts for {QUEUED} executions")
    note = f"{QUEUED:,} entries; 0 lost, 0 run twice"
    return [Measure(f"{what}: all entries are back", seconds, "s", bar=BAR_LOSS_SECONDS, note=note)]


async def _routines_of(bench: BenchStack, day: date) -> None:
    """Ten routines with 1,000 slots on `day` and none on the days that the scheduler loads by itself meanwhile."""
    others = [(day + timedelta(days=n)).isoformat() for n in range(-4, 3) if n]
    group = {"name": "one day", "calendar_code": "EVERY_DAY", "rule": {"exclude": others}}
    created = await bench.post("/day-groups", group)
    for number in range(ROUTINES):
        await bench.routine(
            f"many-{number}",
            job="bench.nothing",
            trigger=THOUSAND_MINUTES,
            max_instances=1000,
            day_group_id=created["id"],
        )


async def _at_rest(bench: BenchStack) -> bool:
    # On a slow machine the first are sent again before the last are handed out: entries alone would be counted twice.
    return await entries_at_rest(bench.stack) >= QUEUED and len(await executions_at_rest(bench.stack)) == QUEUED


async def _all_succeeded(bench: BenchStack) -> bool:
    done = await bench.scalar("SELECT count(*) FROM core.executions WHERE status = 'SUCCEEDED'")
    return bool(done == QUEUED)
