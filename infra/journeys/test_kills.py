"""What people trust the queue with: processes and servers die in the middle of work, nothing is lost, nothing runs twice."""

import asyncio
import signal
import time
from datetime import timedelta
from typing import Any

import pytest

from ephemeral import ManagedProcess
from shared_utils.clock import utc_now

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


async def test_e07_killed_workers_run_is_recovered_by_another_within_15_seconds_and_ends_once(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    workers = [await stack.start_worker("worker-1"), await stack.start_worker("worker-2")]
    execution = await journey.run(await journey.routine("slow", params={"seconds": 4}))
    await stack.until(lambda: _started(journey, execution), timeout=20, what="the first attempt writes its start")
    holder = await _holder(journey, execution, workers)

    holder.kill()
    killed_at = utc_now()
    row = await journey.until_status(execution, "SUCCEEDED", timeout=40)

    attempts = await journey.attempts(execution)
    assert [attempt["outcome"] for attempt in attempts] == ["LOST", "SUCCEEDED"]
    assert attempts[0]["worker_id"] != attempts[1]["worker_id"]
    assert attempts[1]["started_at"] - killed_at <= timedelta(seconds=15)
    assert (row["recoveries"], row["failures"]) == (1, 0), "a lost worker does not use up an attempt"
    assert journey.effects("end")[execution] == 1
    recovered = await stack.fetch("SELECT * FROM core.scheduler_logs WHERE event = 'EXECUTION_RECOVERED'")
    assert len(recovered) == 1


async def test_e06_frozen_worker_is_fenced_when_it_wakes(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    workers = [await stack.start_worker("worker-1"), await stack.start_worker("worker-2")]
    execution = await journey.run(await journey.routine("frozen", params={"seconds": 3}))
    await stack.until(lambda: _started(journey, execution), timeout=20, what="the first attempt starts")
    frozen = await _holder(journey, execution, workers)
    frozen.signal(signal.SIGSTOP)
    await journey.until_status(execution, "SUCCEEDED", timeout=40)
    frozen.signal(signal.SIGCONT)
    attempts = await journey.attempts(execution)
    assert [attempt["outcome"] for attempt in attempts] == ["LOST", "SUCCEEDED"]
    # The frozen worker's job ended meanwhile; its late result must change nothing.
    await stack.until(lambda: _registered_again(journey, 2), timeout=20, what="the thawed worker registers again")
    row = await journey.row(execution)
    assert (row["status"], row["attempt"]) == ("SUCCEEDED", 2)
    assert row["worker_id"] == attempts[1]["worker_id"]


async def test_killed_scheduler_leaves_nothing_behind_for_the_next_one(journey: Any) -> None:
    stack = journey.stack
    scheduler = stack.start_scheduler("scheduler-1")
    await stack.start_worker("worker-1", slots=8)
    routines = [await journey.routine(f"r{n}", job="journey.light", max_instances=100) for n in range(10)]
    runs = [asyncio.create_task(journey.run(routine)) for routine in routines for _ in range(20)]
    await stack.until(lambda: _some_succeeded(journey), timeout=40, what="work has begun")
    scheduler.kill()
    executions = await asyncio.gather(*runs)
    stack.start_scheduler("scheduler-2")
    await stack.until(lambda: _all_succeeded(journey, len(executions)), timeout=40, what="all executions end")
    assert set(journey.effects("end")) == set(executions)
    assert set(journey.effects("end").values()) == {1}


async def test_flushall_with_work_queued_loses_nothing_and_runs_nothing_twice(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    routine = await journey.routine("many", max_instances=1000, params={"seconds": 0.05})
    executions = await asyncio.gather(*(journey.run(routine) for _ in range(120)))
    await stack.until(lambda: _some_succeeded(journey), timeout=40, what="work has begun")
    stack.streams.flushall()
    flushed_at = time.monotonic()
    await stack.until(lambda: _all_succeeded(journey, len(executions)), timeout=60, what="all executions end")
    assert time.monotonic() - flushed_at < 60
    ends = journey.effects("end")
    assert set(ends) == set(executions)
    assert set(ends.values()) == {1}


async def test_killed_redis_comes_back_empty_and_the_queue_goes_on(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    routine = await journey.routine("many", max_instances=1000, params={"seconds": 0.05})
    executions = await asyncio.gather(*(journey.run(routine) for _ in range(60)))
    stack.streams.kill()
    await asyncio.gather(*(journey.run(routine) for _ in range(5)))  # the API needs no Redis to take work in
    stack.streams.start()
    await stack.until(lambda: _all_succeeded(journey, len(executions) + 5), timeout=60, what="all executions end")
    assert set(journey.effects("end").values()) == {1}


async def test_restarted_postgres_loses_nothing_and_runs_nothing_twice(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    routine = await journey.routine("many", max_instances=1000, params={"seconds": 0.2})
    executions = await asyncio.gather(*(journey.run(routine) for _ in range(60)))
    await stack.until(lambda: _some_succeeded(journey), timeout=40, what="work has begun")
    stack.postgres.restart()
    await stack.until(lambda: _all_succeeded(journey, len(executions)), timeout=60, what="all executions end")
    ends = journey.effects("end")
    assert set(ends) == set(executions)
    assert set(ends.values()) == {1}
    assert all(process.alive() for process in stack.processes), "a database restart ends no process"


async def _holder(journey: Any, execution: str, workers: list[ManagedProcess]) -> ManagedProcess:
    """The process that runs an execution: a worker's id begins with its name."""
    worker_id = (await journey.row(execution))["worker_id"]
    return next(worker for worker in workers if worker_id.startswith(f"{worker.name}."))


async def _started(journey: Any, execution: str) -> bool:
    return journey.effects("start")[execution] > 0


async def _some_succeeded(journey: Any) -> bool:
    return (await journey.statuses())["SUCCEEDED"] > 0


async def _all_succeeded(journey: Any, expected: int) -> bool:
    statuses = await journey.statuses()
    return statuses["SUCCEEDED"] == expected and statuses.total() == expected


async def _registered_again(journey: Any, workers: int) -> bool:
    rows = await journey.stack.fetch("SELECT 1 FROM core.workers WHERE lease_until > now() AND lost_at IS NULL")
    return len(rows) >= workers
