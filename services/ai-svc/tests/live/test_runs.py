"""Runs on a real Redis: one terminal event each, whatever happens, and a place to take up again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from ai_svc.live import runs as runs_module
from ai_svc.live.runs import RunEvent, RunNotFound, Runs
from shared_utils.messaging.streams import create_redis

type Events = AsyncIterator[tuple[str, dict[str, Any]]]


@pytest.fixture
async def runs(streams_redis: Any, redis_streams_url: str) -> AsyncIterator[Runs]:
    waiting = create_redis(redis_streams_url, name="test-waiting", blocking=True)
    made = Runs(streams_redis, waiting)
    yield made
    await made.close()
    await waiting.aclose()


async def said(count: int, *, end: tuple[str, dict[str, Any]] | None = ("done", {})) -> Events:
    for n in range(count):
        yield "delta", {"text": f"{n} "}
        if n % 7 == 0:
            await asyncio.sleep(0)
    if end:
        yield end


async def followed(runs: Runs, run_id: UUID, *, after: int = 0, limit: int | None = None) -> list[RunEvent]:
    found: list[RunEvent] = []
    async with asyncio.timeout(30):
        async for event in runs.follow(run_id, owner="ana", after=after):
            found.append(event)
            if limit is not None and len(found) >= limit:
                break
    return found


async def begun(runs: Runs, produced: Events) -> UUID:
    run_id = uuid4()
    await runs.begin(run_id, owner="ana", produced=produced)
    return run_id


async def test_a_run_is_followed_to_its_end(runs: Runs) -> None:
    events = await followed(runs, await begun(runs, said(100)))
    assert [event.seq for event in events] == list(range(1, 102))
    assert "".join(event.data["text"] for event in events[:-1]) == "".join(f"{n} " for n in range(100))
    assert events[-1].name == "done"


@pytest.mark.parametrize("lost_after", [0, 1, 37, 100, 101])
async def test_a_client_that_lost_it_takes_it_up_again_without_losing_or_doubling(runs: Runs, lost_after: int) -> None:
    run_id = await begun(runs, said(100))
    first = await followed(runs, run_id, limit=lost_after) if lost_after else []
    rest = await followed(runs, run_id, after=lost_after) if lost_after <= 100 else []
    assert [event.seq for event in first + rest] == list(range(1, 102))


async def test_a_run_that_breaks_off_ends_with_an_error(runs: Runs) -> None:
    async def breaking() -> Events:
        yield "delta", {"text": "a"}
        raise RuntimeError("a bug")

    events = await followed(runs, await begun(runs, breaking()))
    assert [(event.name, event.data.get("code")) for event in events] == [("delta", None), ("error", "INTERNAL_ERROR")]


async def test_a_run_without_an_end_gets_one(runs: Runs) -> None:
    events = await followed(runs, await begun(runs, said(3, end=None)))
    assert [event.name for event in events] == ["delta", "delta", "delta", "error"]


async def test_what_comes_after_the_end_is_not_sent(runs: Runs) -> None:
    async def talking() -> Events:
        yield "done", {}
        yield "delta", {"text": "and another thing"}

    assert [event.name for event in await followed(runs, await begun(runs, talking()))] == ["done"]


async def test_stopping_closes_what_produces_and_tells_the_followers(runs: Runs) -> None:
    closed = asyncio.Event()

    async def endless() -> Events:
        try:
            while True:
                yield "delta", {"text": "a"}
                await asyncio.sleep(0)
        finally:
            closed.set()

    run_id = await begun(runs, endless())
    await followed(runs, run_id, limit=2)
    async with asyncio.timeout(10):
        await runs.stop(run_id, owner="ana")
        assert closed.is_set()
    events = await followed(runs, run_id)
    assert events[-1].data["code"] == "RUN_STOPPED"
    assert [event.name for event in events].count("error") == 1


async def test_another_process_stops_a_run_through_redis(
    runs: Runs, streams_redis: Any, redis_streams_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_module, "HEART_SECONDS", 0.05)

    async def endless() -> Events:
        while True:
            yield "delta", {"text": "a"}
            await asyncio.sleep(0)

    run_id = await begun(runs, endless())
    waiting = create_redis(redis_streams_url, name="test-other", blocking=True)
    other = Runs(streams_redis, waiting)
    await other.stop(run_id, owner="ana")
    assert (await followed(other, run_id))[-1].data["code"] == "RUN_STOPPED"
    await waiting.aclose()


async def test_a_run_that_nobody_follows_is_stopped(
    runs: Runs, streams_redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_module, "HEART_SECONDS", 0.05)
    closed = asyncio.Event()

    async def endless() -> Events:
        try:
            while True:
                yield "delta", {"text": "a"}
                await asyncio.sleep(0)
        finally:
            closed.set()

    run_id = await begun(runs, endless())
    await streams_redis.delete(f"ai:run:{{{run_id}}}:watched")  # as after a minute without a follower
    async with asyncio.timeout(10):
        await closed.wait()


async def test_the_run_of_a_process_that_died_is_ended_once_by_its_followers(runs: Runs, streams_redis: Any) -> None:
    async def hanging() -> Events:
        yield "delta", {"text": "a"}
        await asyncio.Event().wait()

    run_id = await begun(runs, hanging())
    await followed(runs, run_id, limit=1)
    # Its heart has not beaten for long, as if the process were gone.
    await streams_redis.delete(f"ai:run:{{{run_id}}}:heart")
    found = await asyncio.gather(*(followed(runs, run_id) for _ in range(5)))
    assert all([event.name for event in events] == ["delta", "error"] for events in found)
    assert {events[-1].data["code"] for events in found} == {"RUN_LOST"}


async def test_a_run_is_its_owner_s_alone(runs: Runs) -> None:
    run_id = await begun(runs, said(1))
    with pytest.raises(RunNotFound):
        await anext(runs.follow(run_id, owner="bia"))
    with pytest.raises(RunNotFound):
        await runs.stop(run_id, owner="bia")
    with pytest.raises(RunNotFound):
        await anext(runs.follow(uuid4(), owner="ana"))


async def test_a_process_that_leaves_hands_its_followers_over_and_says_that_its_own_runs_are_lost(
    runs: Runs, streams_redis: Any, redis_streams_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_module, "BLOCK_MILLISECONDS", 10)
    monkeypatch.setattr(runs_module, "HANDED_OVER_SECONDS", 0.05)
    waiting = create_redis(redis_streams_url, name="test-leaving", blocking=True)
    leaving = asyncio.Event()
    here = Runs(streams_redis, waiting, leaving=leaving)
    more = asyncio.Event()

    async def interrupted() -> Events:
        yield "delta", {"text": "a"}
        await more.wait()
        yield "done", {}

    foreign, own = await begun(runs, interrupted()), await begun(here, interrupted())
    followers = [asyncio.create_task(followed(here, run_id)) for run_id in (foreign, own)]
    leaving.set()
    seen = await asyncio.gather(*followers)
    assert all(event.name == "delta" for events in seen for event in events), "the streams end in order, without an end"

    await here.close()
    assert (await followed(runs, own, after=1))[-1].data["code"] == "RUN_LOST"
    more.set()
    assert [event.name for event in await followed(runs, foreign, after=1)] == ["done"], "taken up elsewhere"
    await waiting.aclose()
