"""Leases that are short, so that ten of them pass in a test: who is declared dead, who is not, and what becomes of it."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Journey, journey_on, started_stack

from ephemeral import EphemeralStack

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

LEASE_SECONDS = 2.0


@pytest.fixture(scope="module")
async def short_leases(tmp_path_factory: pytest.TempPathFactory, oidc_issuer: Any) -> AsyncIterator[EphemeralStack]:
    stack = await started_stack(tmp_path_factory.mktemp("leases"), oidc_issuer, lease_seconds=LEASE_SECONDS)
    try:
        yield stack
    finally:
        await stack.stop()


@pytest.fixture
async def journey(short_leases: EphemeralStack, oidc_issuer: Any) -> AsyncIterator[Journey]:
    async with journey_on(short_leases, oidc_issuer) as prepared:
        yield prepared


async def test_e07_run_that_holds_the_interpreter_for_ten_leases_is_not_declared_dead(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1")
    seconds = 10 * LEASE_SECONDS + 1
    execution = await journey.run(await journey.routine("hog", params={"seconds": seconds, "hog": True}))
    row = await journey.until_status(execution, "SUCCEEDED", "FAILED", "RECOVERY", timeout=seconds + 60)
    assert (row["status"], row["attempt"], row["recoveries"]) == ("SUCCEEDED", 1, 0)
    [attempt] = await journey.attempts(execution)
    assert (attempt["finished_at"] - attempt["started_at"]).total_seconds() > 10 * LEASE_SECONDS
    assert journey.effects("start")[execution] == 1
    assert await stack.fetch("SELECT 1 FROM core.scheduler_logs WHERE event = 'EXECUTION_RECOVERED'") == []


async def test_e07_frozen_worker_is_declared_dead_and_its_late_result_is_refused(journey: Any) -> None:
    """Its job is not frozen: it ends, and its result waits in the socket until the worker wakes up and reports it."""
    stack = journey.stack
    stack.start_scheduler()
    frozen = await stack.start_worker("worker-1")
    execution = await journey.run(await journey.routine("late", params={"seconds": 1}))

    async def started() -> bool:
        return journey.effects("start")[execution] > 0

    await stack.until(started, timeout=60, what="the first attempt starts")
    frozen.signal(signal.SIGSTOP)
    lost = await journey.until_status(execution, "RECOVERY", timeout=60)
    assert lost["recoveries"] == 1

    async def ended() -> bool:
        return journey.effects("end")[execution] == 1

    await stack.until(ended, timeout=60, what="the frozen worker's job ends")
    frozen.signal(signal.SIGCONT)

    async def again() -> bool:
        return len(await journey.attempts(execution)) == 2

    # The same worker, thawed and registered anew, is the only one: it may take the run up again as a new attempt.
    await stack.until(again, timeout=60, what="a second attempt")
    row = await journey.until_status(execution, "SUCCEEDED", timeout=60)
    first, second = await journey.attempts(execution)
    assert (first["outcome"], second["outcome"]) == ("LOST", "SUCCEEDED")
    assert first["result"] is None, "what came late changed nothing"
    assert (row["attempt"], row["failures"]) == (2, 0)


async def test_e10_cancelled_run_leaves_none_of_its_processes_when_its_row_says_so(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1")
    routine = await journey.routine("children", job="journey.children", cancel_grace_seconds=1, params={"seconds": 600})
    execution = await journey.run(routine)

    async def children_started() -> bool:
        return len(journey.effects("child")) == 2

    await stack.until(children_started, timeout=60, what="the job and its children run")
    children = {int(pid) for pid in journey.effects("child")}
    assert children <= _processes()
    await journey.post(f"/executions/{execution}/cancel")
    await journey.until_status(execution, "CANCELLED", timeout=60)
    assert children.isdisjoint(_processes())
    [attempt] = await journey.attempts(execution)
    assert attempt["outcome"] == "CANCELLED"


async def test_e09_poison_ends_in_quarantine_and_one_click_tries_it_again(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    routine = await journey.routine("poison", job="journey.poison", max_recoveries=1)
    execution = await journey.run(routine)
    for number in (1, 2):
        worker = await stack.start_worker(f"worker-{number}", wait=False)

        async def dead(worker: Any = worker) -> bool:
            return not worker.alive()

        await stack.until(dead, timeout=60, what=f"worker {number} is killed by its job")
    row = await journey.until_status(execution, "FAILED", timeout=60)
    assert (row["reason"], row["failures"], row["recoveries"]) == ("WORKER_LOST", 0, 1)
    assert [one["outcome"] for one in await journey.attempts(execution)] == ["LOST", "LOST"]
    [shown] = await journey.get("/executions", reason="WORKER_LOST")
    assert shown["id"] == execution
    assert shown["error"]["message"].startswith("The worker was lost 2 times")
    assert shown["actions"]["retry"] is True
    await journey.post(f"/executions/{execution}/retry")
    assert (await journey.row(execution))["status"] in {"PENDING", "QUEUED"}
    assert await journey.get("/executions", reason="WORKER_LOST") == []


async def test_e18_worker_that_is_told_to_stop_finishes_or_hands_back_under_load(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    leaving = await stack.start_worker("leaving", slots=8, WORKER_SVC_STOP_GRACE_SECONDS="3")
    short = await journey.routine("short", max_instances=1000, params={"seconds": 0.05})
    long = await journey.routine(
        "long", job="journey.children", max_instances=1000, priority=1, params={"seconds": 600}
    )
    held = [await journey.run(long) for _ in range(2)]

    async def both_started() -> bool:
        return set(journey.effects("start")) >= set(held)

    await stack.until(both_started, timeout=60, what="the long runs start")
    executions = [await journey.run(short) for _ in range(60)]

    async def some_done() -> bool:
        return (await journey.statuses())["SUCCEEDED"] > 3

    await stack.until(some_done, timeout=60, what="work has begun")
    assert leaving.stop(timeout=60) == 0, leaving.tail()
    assert await stack.fetch("SELECT 1 FROM core.workers WHERE id LIKE 'leaving.%' AND lost_at IS NULL") == []
    children = [int(pid) for pid in journey.effects("child")]
    assert len(children) == 4
    assert set(children).isdisjoint(_processes())
    for execution in held:
        row = await journey.row(execution)
        assert (row["status"], row["failures"], row["recoveries"]) == ("PENDING", 0, 0), "handed back, not lost"
        [attempt] = await journey.attempts(execution)
        assert attempt["outcome"] == "HANDED_BACK"
        await journey.post(f"/executions/{execution}/cancel")
    await stack.start_worker("staying", slots=8)

    async def all_done() -> bool:
        return (await journey.statuses())["SUCCEEDED"] == len(executions)

    await stack.until(all_done, timeout=120, what="the other worker does the rest")
    outcomes = await stack.fetch("SELECT outcome FROM core.attempts GROUP BY outcome")
    assert {row["outcome"] for row in outcomes} <= {"SUCCEEDED", "HANDED_BACK"}, "nothing was lost or failed"
    assert set(journey.effects("end").values()) == {1}, "nothing ran to its end twice"


def _processes() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").glob("[0-9]*")}
