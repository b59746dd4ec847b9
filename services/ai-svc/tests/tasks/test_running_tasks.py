"""Runners: done once, tried again, taken over, cancelled, forgotten."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from running_tasks import LIMITS, announced, killed, put, row, runner

from ai_svc.brain.exceptions import BudgetExceeded, ModelLimited
from ai_svc.tasks.public import ItemOutcome, NewTask, TaskService, Work, WorkItem, enqueue, erase
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, read_transaction, sessionmaker_for, transaction
from shared_utils.testing.waiting import until

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
async def sessions(database: Any) -> AsyncIterator[SessionFactory]:
    engine = create_engine(database.runtime_url, application_name="test-ai")
    yield sessionmaker_for(engine)
    await engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


async def echo(work: Work) -> dict[str, Any]:
    return {"said": work.task.input["text"]}


async def over(database: Any, task_id: Any) -> Any:
    async def ended() -> Any:
        found = await row(database, task_id)
        return found if found["finished_at"] is not None else None

    return await until(ended, what="the task is over")


async def test_a_task_is_done_and_announced(database: Any, sessions: SessionFactory, clock: FakeClock) -> None:
    task = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": echo}):
        done = await over(database, task.id)
    assert (done["status"], done["result"], done["attempts"], done["progress"]) == (
        "SUCCEEDED",
        '{"said": "olá"}',
        1,
        1,
    )
    assert done["expires_at"] == NOON + timedelta(days=7)
    assert await announced(database) == ["task.created", "task.started", "task.finished"]


async def test_fifty_tasks_and_three_runners_do_each_once(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    seen: Counter[Any] = Counter()

    async def count(work: Work) -> dict[str, Any]:
        seen[work.task.id] += 1
        return {}

    tasks = [await put(sessions, clock) for _ in range(50)]
    handlers = {"test.echo": count}
    async with runner(sessions, clock, handlers), runner(sessions, clock, handlers), runner(sessions, clock, handlers):
        for task in tasks:
            await over(database, task.id)
    assert seen == {task.id: 1 for task in tasks}


async def test_a_kind_without_a_handler_waits_for_another_process(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    other = await put(sessions, clock, kind="test.other")
    mine = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": echo}):
        await over(database, mine.id)
    assert (await row(database, other.id))["status"] == "PENDING"


async def test_what_may_pass_is_tried_again_later_and_then_given_up(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    tries = 0

    async def limited(_: Work) -> dict[str, Any]:
        nonlocal tries
        tries += 1
        raise ModelLimited

    task = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": limited}):
        for attempt in (1, 2):

            async def waits(number: int = attempt) -> bool:
                now = await row(database, task.id)
                return now["status"] == "PENDING" and now["attempts"] == number

            await until(waits, what=f"attempt {attempt} is over")
            assert (await row(database, task.id))["error_code"] == "MODEL_LIMITED"
            clock.advance(timedelta(seconds=10))
        done = await over(database, task.id)
    assert (done["status"], done["error_code"], tries) == ("FAILED", "MODEL_LIMITED", 3)


@pytest.mark.parametrize(
    ("error", "code"), [(BudgetExceeded(), "BUDGET_EXCEEDED"), (ValueError("segredo 4711"), "TASK_FAILED")]
)
async def test_what_does_not_pass_fails_at_once_and_says_no_content(
    database: Any,
    sessions: SessionFactory,
    clock: FakeClock,
    error: Exception,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(_: Work) -> dict[str, Any]:
        raise error

    task = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": fails}):
        done = await over(database, task.id)
    assert (done["status"], done["error_code"], done["attempts"]) == ("FAILED", code, 1)
    told = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "4711" not in f"{done['error_message']} {told}"


async def test_a_killed_batch_goes_on_where_it_was(database: Any, sessions: SessionFactory, clock: FakeClock) -> None:
    """40 items, killed four times in the middle: each item's result is written once, and none that was is done again."""
    written: set[int] = set()
    again: list[int] = []
    crash = asyncio.Event()
    until_crash = 9

    async def handle(item: WorkItem) -> ItemOutcome:
        nonlocal until_crash
        if item.ordinal in written:
            again.append(item.ordinal)
        until_crash -= 1
        if until_crash == 0:
            crash.set()
            await asyncio.Event().wait()  # it is at hand when the process dies
        return ItemOutcome(result={"n": item.input["n"]}, input_tokens=2, output_tokens=1)

    async def batch(work: Work) -> dict[str, Any]:
        return await work.each_item(handle, concurrency=2)

    limits = type(LIMITS)(concurrency=3, lease_seconds=30, poll_seconds=0.05, max_attempts=10, stop_seconds=0)
    task = await put(sessions, clock, kind="test.batch", items=[{"n": n} for n in range(40)])
    for _ in range(4):
        async with killed(sessions, clock, {"test.batch": batch}, limits=limits):
            await asyncio.wait_for(crash.wait(), 20)
        crash.clear()
        until_crash = 9
        written |= {one["ordinal"] for one in await items(sessions, task.id) if one["status"] == "SUCCEEDED"}
        clock.advance(timedelta(seconds=31))
    until_crash = 1000
    async with runner(sessions, clock, {"test.batch": batch}, limits=limits):
        done = await over(database, task.id)
    rows = await items(sessions, task.id)
    assert [one["result"] for one in rows] == [{"n": n} for n in range(40)]
    assert again == []
    assert (done["status"], done["items_done"], done["items_failed"], done["attempts"]) == ("SUCCEEDED", 40, 0, 5)
    async with read_transaction(sessions) as session:
        read = await TaskService(session, clock, retention_days=7).get(task.id, by="ana")
    assert read.result == {
        "items": 40,
        "succeeded": 40,
        "failed": 0,
        "usage": {"input_tokens": 80, "output_tokens": 40},
    }
    assert (await announced(database)).count("task.progressed") == 10


async def items(sessions: SessionFactory, task_id: Any) -> list[dict[str, Any]]:
    async with read_transaction(sessions) as session:
        page, _ = await TaskService(session, clock=FakeClock(NOON), retention_days=7).items(
            task_id, by="ana", after=None, limit=200
        )
    return [one.model_dump() for one in page]


async def test_a_late_writer_changes_nothing(database: Any, sessions: SessionFactory, clock: FakeClock) -> None:
    """The first runner was only slow: its lease ended, another one did the task, and then it wakes up."""
    slow, going_on = asyncio.Event(), asyncio.Event()

    async def first(_: Work) -> dict[str, Any]:
        slow.set()
        await going_on.wait()
        return {"by": "first"}

    async def second(_: Work) -> dict[str, Any]:
        return {"by": "second"}

    task = await put(sessions, clock)
    quiet = type(LIMITS)(concurrency=1, lease_seconds=30, poll_seconds=3600, max_attempts=3, stop_seconds=5)
    async with runner(sessions, clock, {"test.echo": first}, limits=quiet):
        await asyncio.wait_for(slow.wait(), 10)
        clock.advance(timedelta(seconds=31))
        async with runner(sessions, clock, {"test.echo": second}):
            done = await over(database, task.id)
        going_on.set()
    assert done["result"] == (await row(database, task.id))["result"] == '{"by": "second"}'


async def test_a_task_whose_process_dies_each_time_is_given_up(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    begun = asyncio.Event()

    async def dies(_: Work) -> dict[str, Any]:
        begun.set()
        await asyncio.Event().wait()
        return {}

    task = await put(sessions, clock)
    for _ in range(3):
        async with killed(sessions, clock, {"test.echo": dies}):
            await asyncio.wait_for(begun.wait(), 10)
        begun.clear()
        clock.advance(timedelta(seconds=31))
    async with runner(sessions, clock, {"test.echo": dies}):
        done = await over(database, task.id)
    assert (done["status"], done["error_code"]) == ("FAILED", "TASK_RUNNER_LOST")


async def test_a_stop_hands_the_task_back_without_using_up_an_attempt(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    begun = asyncio.Event()

    async def waits(_: Work) -> dict[str, Any]:
        begun.set()
        await asyncio.Event().wait()
        return {}

    task = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": waits}):
        await asyncio.wait_for(begun.wait(), 10)
    back = await row(database, task.id)
    assert (back["status"], back["attempts"], back["runner"]) == ("PENDING", 0, None)


async def test_a_running_task_is_cancelled_and_keeps_what_it_has(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    begun, closed = asyncio.Event(), asyncio.Event()

    async def handle(item: WorkItem) -> ItemOutcome:
        if item.ordinal == 0:
            return ItemOutcome(result={})
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            closed.set()
        return ItemOutcome()

    async def batch(work: Work) -> dict[str, Any]:
        return await work.each_item(handle, concurrency=1)

    task = await put(sessions, clock, kind="test.batch", items=[{}, {}, {}])
    async with runner(sessions, clock, {"test.batch": batch}):
        await asyncio.wait_for(begun.wait(), 10)
        async with transaction(sessions) as session:
            told = await TaskService(session, clock, retention_days=7).cancel(task.id, by="ana")
        assert (told.status, told.cancel_requested) == ("RUNNING", True)
        done = await over(database, task.id)
    assert closed.is_set()
    assert done["status"] == "CANCELLED"
    assert [one["status"] for one in await items(sessions, task.id)] == ["SUCCEEDED", "CANCELLED", "CANCELLED"]


async def test_what_is_past_its_time_goes_with_its_items_and_a_person_is_erased(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    old = await put(sessions, clock)
    async with runner(sessions, clock, {"test.echo": echo}):
        await over(database, old.id)
    clock.advance(timedelta(days=8))
    async with runner(sessions, clock, {"test.echo": echo}):

        async def gone() -> bool:
            return await row(database, old.id) is None

        await until(gone, what="the old task is gone")
    for owner in ("ana", "ana", "bia"):
        await put(sessions, clock, owner=owner, items=[{"text": "segredo"}])
    async with transaction(sessions) as session:
        assert await erase(session, "ana") == 2
    async with read_transaction(sessions) as session:
        left, _ = await TaskService(session, clock, retention_days=7).page(
            by="bia", owner=None, kind=None, status=None, before=None, limit=10
        )
    assert len(left) == 1


async def test_one_key_is_one_task(sessions: SessionFactory, clock: FakeClock) -> None:
    new = NewTask(kind="test.echo", owner="ana", input={"a": 1}, items=[{"b": 2}], idempotency_key="k1")
    async with transaction(sessions) as session:
        first = await enqueue(session, new, clock=clock)
    async with transaction(sessions) as session:
        again = await enqueue(session, new, clock=clock)
    assert first.id == again.id


async def test_a_batch_that_failed_goes_on_with_what_is_not_done(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    """The same key asks again: only what failed is done once more, in the same task."""
    broken = True
    done: Counter[int] = Counter()

    async def handle(item: WorkItem) -> ItemOutcome:
        done[item.ordinal] += 1
        if broken and item.ordinal != 1:
            return ItemOutcome(error_code="MODEL_FAILED", error_message="m")
        return ItemOutcome(result={})

    async def batch(work: Work) -> dict[str, Any]:
        await work.each_item(handle, concurrency=2)
        raise BudgetExceeded

    fields = {"kind": "test.batch", "items": [{}, {}, {}], "idempotency_key": "execution-1", "reopen": True}
    task = await put(sessions, clock, **fields)
    async with runner(sessions, clock, {"test.batch": batch}):
        await over(database, task.id)
    broken = False

    async def sum_up(work: Work) -> dict[str, Any]:
        return await work.each_item(handle, concurrency=2)

    again = await put(sessions, clock, **fields)
    assert (again.id, again.status, again.items_done) == (task.id, "PENDING", 1)
    async with runner(sessions, clock, {"test.batch": sum_up}):
        end = await over(database, task.id)
    assert (end["status"], end["items_done"], end["items_failed"]) == ("SUCCEEDED", 3, 0)
    assert done == {0: 2, 1: 1, 2: 2}
