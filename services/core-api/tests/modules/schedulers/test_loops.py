"""Loops that nothing ends but a stop."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from core_api.modules.schedulers.public import Instance, Loop, LoopRunner, Spaced, alive_count, present
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Wake
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.waiting import until


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def runner(sessionmaker: SessionFactory, stop: asyncio.Event) -> LoopRunner:
    return LoopRunner(sessionmaker, SystemClock(), stop)


def steps(stop: asyncio.Event, *results: float | Exception) -> Callable[[], Awaitable[float]]:
    """A step that answers these one after the other, and after the last one stops everything."""
    remaining = list(results)

    async def step() -> float:
        result = remaining.pop(0)
        if not remaining:
            stop.set()
        if isinstance(result, Exception):
            raise result
        return result

    return step


async def noted(session: WriteSession) -> list[tuple[str, str]]:
    rows = await session.execute(text("SELECT event, fields ->> 'loop' FROM core.scheduler_logs ORDER BY id"))
    return [(row[0], row[1]) for row in rows]


async def test_a_failing_step_is_tried_again_and_noted_once_per_outage(
    runner: LoopRunner, stop: asyncio.Event, session: WriteSession
) -> None:
    broken = ValueError("broken")
    async with asyncio.timeout(20):
        await runner.run(Loop(name="x", step=steps(stop, 0, broken, broken, 0, 0, broken, 0, 0)))
    assert await noted(session) == [("LOOP_FAILED", "x"), ("LOOP_RECOVERED", "x")] * 2


async def test_a_step_that_hangs_has_failed(runner: LoopRunner, stop: asyncio.Event, session: WriteSession) -> None:
    started = 0

    async def hang() -> float:
        nonlocal started
        started += 1
        if started == 2:
            stop.set()
            return 0
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async with asyncio.timeout(20):
        await runner.run(Loop(name="x", step=hang, limit_seconds=0.05))
    assert (await noted(session))[0] == ("LOOP_FAILED", "x")


async def test_a_wake_up_ends_the_pause_and_one_during_a_step_is_not_lost(
    runner: LoopRunner, stop: asyncio.Event
) -> None:
    wake = asyncio.Event()
    seen: list[int] = []

    async def step() -> float:
        seen.append(len(seen))
        if len(seen) == 1:
            wake.set()
        if len(seen) == 3:
            stop.set()
        return 3600

    task = asyncio.create_task(runner.run(Loop(name="x", step=step, wake=wake)))
    await until(lambda: len(seen) == 2, what="the wake-up of the first step")
    wake.set()
    async with asyncio.timeout(5):
        await task
    assert seen == [0, 1, 2]


async def test_a_stop_ends_the_longest_pause(runner: LoopRunner, stop: asyncio.Event) -> None:
    async def step() -> float:
        return 3600

    task = asyncio.create_task(runner.run(Loop(name="x", step=step)))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(5):
        await task


async def test_wake_ups_are_spaced_but_urgent_ones_are_not() -> None:
    wake, urgent = Wake(), asyncio.Event()
    long, short = (Spaced(wake, seconds=seconds, urgent=urgent) for seconds in (600, 0.2))
    loop = asyncio.get_running_loop()
    wake.set()
    async with asyncio.timeout(60):
        await long.wait()  # the first one comes at once

    short.clear()
    began = loop.time()
    wake.set()
    await short.wait()
    assert loop.time() - began >= 0.19

    long.clear()
    wake.set()
    loop.call_later(0.02, urgent.set)
    async with asyncio.timeout(60):
        await long.wait()


async def test_a_process_is_known_while_it_is_there(fresh_database: Callable[..., ServiceDatabase]) -> None:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    sessions, clock = sessionmaker_for(engine), SystemClock()

    async def alive() -> int:
        async with transaction(sessions) as session:
            return await alive_count(session, now=clock.now())

    async with present(sessions, clock, Instance("host-1", 1)), present(sessions, clock, Instance("host-1", 2, "api")):
        await until(alive, what="the scheduler is known")
        assert await alive() == 1, "an API process is no scheduler"
    assert await alive() == 0
    await engine.dispose()
