"""Loops are begun anew because a person asks for it, without a step lost or a process ended."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from core_api.modules.schedulers.public import ControlLoop, Instance, Loop, Supervisor
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import LoopState
from core_api.scheduler import SchedulerSettings, run
from shared_utils.clock import FakeClock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.waiting import until

URL = "/api/v1/scheduler/monitor/restart"


class Counted:
    """Loops that count how often they were made and how often they stepped; the one called `slow` hangs when told."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.steps: dict[str, int] = {}
        self.hang = asyncio.Event()
        self.cancelled = False

    def make(self) -> list[Loop]:
        return [self._loop(name) for name in ("quick", "slow")]

    def _loop(self, name: str) -> Loop:
        self.made[name] = self.made.get(name, 0) + 1

        async def step() -> float:
            self.steps[name] = self.steps.get(name, 0) + 1
            if name == "slow" and self.hang.is_set():
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    self.cancelled = True
                    raise
            return 3600

        return Loop(name=name, step=step)


async def test_e18_loops_begin_anew_and_others_go_on(
    sessionmaker: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops, stop = Counted(), asyncio.Event()
    supervisor = Supervisor(sessionmaker, SystemClock(), loops.make)
    task = asyncio.create_task(supervisor.run(stop, limit_seconds=5))
    await until(lambda: loops.steps == {"quick": 1, "slow": 1}, what="the first steps")

    assert await supervisor.restart(["quick"], but="control") == ["quick"]
    await until(lambda: loops.steps == {"quick": 2, "slow": 1}, what="the new loop's first step")
    assert {one.name: one.restarts for one in supervisor.states()} == {"quick": 1, "slow": 0}

    # A step that does not end is cancelled, and its loop steps again.
    monkeypatch.setattr("core_api.modules.schedulers.service.RESTART_SECONDS", 0.05)
    loops.hang.set()
    assert await supervisor.restart([], but="quick") == ["slow"]
    await until(lambda: loops.steps["slow"] == 2, what="the hanging step")
    loops.hang.clear()
    assert await supervisor.restart(["slow"], but="control") == ["slow"]
    assert loops.cancelled
    await until(lambda: loops.steps["slow"] == 3, what="a step after the hanging one")

    stop.set()
    async with asyncio.timeout(10):
        await task
    assert await supervisor.restart([], but="control") == ["quick", "slow"]
    assert loops.steps == {"quick": 2, "slow": 3}, "nothing begins after the stop"


async def alive(session: WriteSession, clock: FakeClock, scheduler_id: str) -> Instance:
    instance = Instance("host-1", 1, id=scheduler_id)
    states = [LoopState(name=name, started_at=clock.now(), runs=3) for name in ("dispatch", "relay", "control")]
    await SchedulerRepository(session).seen(instance, now=clock.now(), loops=states)
    await session.commit()
    return instance


async def test_what_is_asked_is_taken_up_once_by_whoever_it_was_asked_of(
    session: WriteSession,
    sessionmaker: SessionFactory,
    clock: FakeClock,
    as_operator: httpx.AsyncClient,
    as_viewer: httpx.AsyncClient,
    as_admin: httpx.AsyncClient,
) -> None:
    one, two = [await alive(session, clock, name) for name in ("s-1", "s-2")]
    loops, stop = Counted(), asyncio.Event()
    supervisor = Supervisor(sessionmaker, SystemClock(), loops.make)
    task = asyncio.create_task(supervisor.run(stop, limit_seconds=5))
    await until(lambda: len(loops.steps) == 2, what="the first steps")

    answer = await as_operator.post(URL)
    assert answer.status_code == 202
    asked = answer.json()["data"]
    assert (asked["done"], [item["state"] for item in asked["schedulers"]]) == (False, ["WAITING", "WAITING"])

    first, second = [ControlLoop(sessionmaker, clock, instance, supervisor) for instance in (one, two)]
    await first.step()
    await first.step()
    assert loops.made == {"quick": 2, "slow": 2}, "once, however often it is looked"
    half = (await as_viewer.get(f"{URL}/{asked['id']}")).json()["data"]
    assert [item["state"] for item in half["schedulers"]] == ["DONE", "WAITING"]
    await second.step()
    done = (await as_viewer.get(f"{URL}/{asked['id']}")).json()["data"]
    assert (done["done"], done["schedulers"][1]["loops"]) == (True, ["quick", "slow"])
    lines = (await as_viewer.get("/api/v1/scheduler/logs", params={"event": "LOOPS_RESTARTED"})).json()["data"]
    assert [line["fields"]["id"] for line in lines] == ["s-2", "s-1"]
    audit = (await as_admin.get("/api/v1/audit", params={"entity": "scheduler"})).json()["data"]
    assert [entry["action"] for entry in audit] == ["scheduler.restart"]
    stop.set()
    async with asyncio.timeout(10):
        await task


async def test_one_scheduler_or_some_loops_and_clear_refusals(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    assert (await as_operator.post(URL)).json()["code"] == "NO_SCHEDULER"
    await alive(session, clock, "s-1")
    await alive(session, clock, "s-2")
    asked = (await as_operator.post(URL, json={"scheduler_id": "s-2", "loops": ["relay"]})).json()["data"]
    assert ([item["scheduler_id"] for item in asked["schedulers"]], asked["loops"]) == (["s-2"], ["relay"])
    for body, status, code in [
        ({"scheduler_id": "s-3"}, 404, "SCHEDULER_NOT_FOUND"),
        ({"loops": ["relais"]}, 422, "LOOP_UNKNOWN"),
        ({"loops": ["control"]}, 422, "LOOP_UNKNOWN"),
    ]:
        answer = await as_operator.post(URL, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await as_viewer.post(URL)).status_code == 403
    assert (await as_viewer.get(f"{URL}/{uuid4()}")).json()["code"] == "RESTART_NOT_FOUND"
    clock.advance(timedelta(seconds=30))
    gone = (await as_viewer.get(f"{URL}/{asked['id']}")).json()["data"]
    assert (gone["done"], gone["schedulers"][0]["state"]) == (True, "GONE")


async def test_e18_a_whole_scheduler_restarts_its_loops_and_tells_how_they_stand(
    fresh_database: Callable[..., ServiceDatabase], redis_streams_url: str
) -> None:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    sessions, stop = sessionmaker_for(engine), asyncio.Event()
    settings = SchedulerSettings.model_validate(
        {"environment": "test", "database_url": database.runtime_url, "streams_url": redis_streams_url}
    )

    async def loops() -> dict[str, Any]:
        async with transaction(sessions) as session:
            rows = await session.scalars(text("SELECT loops FROM core.scheduler_instances"))
            return {loop["name"]: loop for row in rows for loop in row}

    async def reported() -> Any:
        async with transaction(sessions) as session:
            return await session.scalar(text("SELECT loops FROM core.loop_restart_reports"))

    task = asyncio.create_task(run(settings, stop=stop))
    try:
        await until(lambda: _has(loops, "dispatch"), what="the first sign of life with its loops", timeout=20)
        async with transaction(sessions) as session:
            names = list((await session.scalars(text("SELECT id FROM core.scheduler_instances"))).all())
            await SchedulerRepository(session).ask_restart(
                uuid4(), by="ana", scheduler_ids=names, loops=[], now=SystemClock().now()
            )
        await until(reported, what="the report", timeout=20)
        assert {"dispatch", "relay", "sweep", "upkeep", "presence", "stats"} <= set(await reported())

        async def told() -> bool:
            dispatch = (await loops())["dispatch"]
            return dispatch["restarts"] == 1 and dispatch["last_duration_seconds"] is not None

        await until(told, what="the restart in the signs of life", timeout=20)
        dispatch = (await loops())["dispatch"]
        assert dispatch["runs"] >= 1
        assert (dispatch["failing"], dispatch["last_error"]) == (False, None)
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task
        await engine.dispose()


async def _has(loops: Callable[[], Any], name: str) -> bool:
    return name in await loops()


async def test_a_failing_loop_says_with_what(sessionmaker: SessionFactory, session: WriteSession) -> None:
    clock = SystemClock()

    async def broken() -> float:
        raise ValueError("no such file")

    stop = asyncio.Event()
    supervisor = Supervisor(sessionmaker, clock, lambda: [Loop(name="x", step=broken)])
    task = asyncio.create_task(supervisor.run(stop, limit_seconds=5))
    await until(lambda: supervisor.states() and supervisor.states()[0].failures >= 2, what="two failures")
    [state] = supervisor.states()
    assert (state.failing, state.last_error) == (True, "ValueError('no such file')")
    stop.set()
    async with asyncio.timeout(10):
        await task
