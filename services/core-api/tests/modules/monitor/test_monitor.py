"""The monitor: how a day stands, and what needs a person."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories.executions import DAY, add, add_one, force, new_execution
from factories.workers import register
from sqlalchemy import text

from core_api.lifespan import State
from core_api.modules.monitor.public import HealthLoop
from core_api.modules.schedulers.public import Instance
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.schemas import LoopState
from shared_schemas.auth import Role
from shared_schemas.jobs import work_stream
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.ports import free_port


async def scheduler_seen(session: WriteSession, clock: FakeClock, *, seconds_ago: float = 0) -> None:
    await session.execute(
        text("INSERT INTO core.scheduler_instances VALUES (:id, 'host-1', 1, :at, :at)"),
        {"id": f"s-{seconds_ago}", "at": clock.now() - timedelta(seconds=seconds_ago)},
    )


async def loaded_today(session: WriteSession, clock: FakeClock) -> None:
    """Today's load is done, and there are partitions for months."""
    await session.execute(
        text(
            "INSERT INTO core.daily_loads (id, business_date, trigger, started_at, finished_at, created, already_there,"
            " routines) VALUES (gen_random_uuid(), :day, 'schedule', :at, :at, 1, 0, 1)"
        ),
        {"day": DAY, "at": clock.now() - timedelta(hours=11)},
    )
    await session.execute(text("SELECT core.ensure_partitions(:day, :day)"), {"day": DAY + timedelta(days=60)})
    await session.execute(text("UPDATE core.stats_progress SET until = :at"), {"at": clock.now()})


async def test_how_today_stands(session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    """20 November is a holiday in São Paulo since 2024: B3 is closed, and so are the banks."""
    await register(session, clock, slots=4)
    await scheduler_seen(session, clock)
    await scheduler_seen(session, clock, seconds_ago=60)
    evening = clock.now() + timedelta(hours=6)
    ids = await add(session, *(new_execution(slot=evening + timedelta(minutes=n)) for n in range(4)))
    await force(session, ids[0], status="SUCCEEDED")
    await force(session, ids[1], status="RUNNING", worker_id="worker-one")
    await add_one(session, business_date=DAY + timedelta(days=1))
    await session.commit()

    status = (await as_viewer.get("/api/v1/scheduler/queue/status")).json()["data"]

    assert (status["business_date"], status["today"]) == ("2026-11-20", "2026-11-20")
    assert (status["counts"], status["total"]) == ({"SUCCEEDED": 1, "RUNNING": 1, "PENDING": 2}, 4)
    calendars = {item["code"]: item for item in status["calendars"]}
    assert set(calendars) == {"B3", "ANBIMA"}
    assert calendars["B3"]["is_business_day"] is False
    assert calendars["B3"]["note"]
    assert status["last_session"] == {"B3": "2026-11-19", "ANBIMA": "2026-11-19"}
    assert status["next_due_at"] == (evening + timedelta(minutes=2)).isoformat().replace("+00:00", "Z")
    assert (status["schedulers_alive"], status["workers_alive"]) == (1, 1)
    assert (status["slots"], status["slots_free"]) == (4, 3)


async def test_another_day_and_an_empty_engine(clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    answer = await as_viewer.get("/api/v1/scheduler/queue/status", params={"business_date": "2026-11-19"})
    status = answer.json()["data"]
    assert (status["business_date"], status["today"], status["total"], status["counts"]) == (
        "2026-11-19",
        "2026-11-20",
        0,
        {},
    )
    assert {item["code"]: item["is_business_day"] for item in status["calendars"]} == {"B3": True, "ANBIMA": True}
    assert (status["schedulers_alive"], status["slots_free"], status["next_due_at"]) == (0, 0, None)
    far = (await as_viewer.get("/api/v1/scheduler/queue/status", params={"business_date": "1950-01-01"})).json()["data"]
    assert {item["is_business_day"] for item in far["calendars"]} == {None}


async def test_a_healthy_engine(session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    await register(session, clock)
    await session.commit()
    await session.execute(text("DELETE FROM core.outbox"))
    await scheduler_seen(session, clock)
    await loaded_today(session, clock)
    start = clock.now() - timedelta(minutes=10)
    for late in (0.1, 0.2, 0.3):
        one = await add_one(session, slot=start)
        await force(session, one, status="SUCCEEDED", attempt=1, started_at=start + timedelta(seconds=late))
    again = await add_one(session, slot=start)
    await force(session, again, status="SUCCEEDED", attempt=2, started_at=start + timedelta(seconds=40))
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    assert (status["healthy"], status["problems"]) == (True, [])
    assert [one["alive"] for one in status["schedulers"]] == [True]
    assert status["queues"] == [
        {
            "queue": "default",
            "workers": 1,
            "slots": 4,
            "queued": 0,
            "running": 0,
            "due": 0,
            "oldest_due_seconds": None,
            "bands": [],
        }
    ]
    delays = status["start_delays"]
    assert delays["starts"] == 3
    assert delays["p50_seconds"] == pytest.approx(0.2)


async def test_what_needs_a_person_is_named(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    await register(session, clock)
    await add_one(session, slot=clock.now() - timedelta(minutes=5), queue="heavy")
    await session.execute(
        text("INSERT INTO core.outbox (stream, fields, created_at) VALUES ('s', '{}', :at)"),
        {"at": clock.now() - timedelta(minutes=1)},
    )
    clock.advance(timedelta(seconds=20))
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    assert status["healthy"] is False
    severities = {problem["code"]: problem["severity"] for problem in status["problems"]}
    assert severities == {
        "NO_SCHEDULER": "CRITICAL",
        "NO_WORKER": "CRITICAL",
        "WORKER_LOST": "WARNING",
        "WORK_WITHOUT_WORKER": "CRITICAL",
        "OUTBOX_STUCK": "CRITICAL",
        "DAILY_LOAD_MISSING": "CRITICAL",
    }
    assert all(len(problem["message"]) > 20 for problem in status["problems"])
    [heavy] = [queue for queue in status["queues"] if queue["queue"] == "heavy"]
    assert (heavy["workers"], heavy["due"], heavy["oldest_due_seconds"]) == (0, 1, 320.0)


async def test_e03_depth_and_age_by_band_and_what_each_worker_runs(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    await register(session, clock)
    now = clock.now()
    for priority, minutes in [(1, 2), (10, 4), (11, 8), (30, 1)]:
        await add_one(session, slot=now - timedelta(minutes=minutes), priority=priority)
    running = await add_one(session, slot=now, priority=20, title="Carga")
    await force(session, running, status="RUNNING", worker_id="worker-one", attempt=1, started_at=now, progress=0.5)
    await add_one(session, slot=now + timedelta(minutes=5), priority=1)
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    [queue] = status["queues"]
    bands = {band["band"]: (band["due"], band["running"], band["oldest_due_seconds"]) for band in queue["bands"]}
    assert bands == {1: (2, 0, 240.0), 2: (1, 1, 480.0), 3: (1, 0, 60.0)}
    [worker] = status["workers"]
    assert worker["runs"] == [
        {
            "execution_id": str(running),
            "routine_name": "b3-cotahist-download",
            "title": "Carga",
            "business_date": "2026-11-20",
            "attempt": 1,
            "started_at": "2026-11-20T15:00:00Z",
            "progress": 0.5,
        }
    ]


async def test_streams_with_their_groups_and_a_redis_that_is_away(
    session: WriteSession, clock: FakeClock, api: Any, as_viewer: httpx.AsyncClient, app_state: State
) -> None:
    await register(session, clock)
    await session.commit()
    streams, name = app_state["streams"], work_stream("default", 2)
    await streams.delete(name)
    await streams.xgroup_create(name, "workers", id="0", mkstream=True)
    for number in range(3):
        await streams.xadd(name, {"n": number})
    await streams.xreadgroup("workers", "one", {name: ">"}, count=1)
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    found = {one["stream"]: one for one in status["streams"]["streams"]}[name]
    await streams.delete(name)
    assert status["streams"]["reachable"] is True
    assert found == {
        "stream": name,
        "length": 3,
        "groups": [{"name": "workers", "consumers": 1, "pending": 1, "lag": 2}],
    }

    away = create_redis(f"redis://127.0.0.1:{free_port()}/0", name="away")
    elsewhere = type(api)(api._app, {**api._state, "streams": away}, api._issuer)
    async with elsewhere.caller(Role.VIEWER) as client:
        answer = await client.get("/api/v1/scheduler/monitor/status")
    await away.aclose()
    assert answer.status_code == 200
    told = answer.json()["data"]
    assert (told["streams"]["reachable"], told["streams"]["error"]) == (False, "ConnectionError")
    assert "STREAMS_AWAY" in {problem["code"] for problem in told["problems"]}


async def test_the_next_load_calendars_that_end_partitions_and_the_quarantine(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    await loaded_today(session, clock)
    lost = await add_one(session, slot=clock.now() - timedelta(days=3))
    await force(session, lost, status="FAILED", reason="WORKER_LOST")
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    assert status["daily_load"] == {
        "business_date": "2026-11-20",
        "loaded": True,
        "last_loaded_at": "2026-11-20T04:00:00Z",
        "next_at": "2026-11-21T03:01:00Z",
        "next_business_date": "2026-11-21",
    }
    assert status["quarantined"] == 1
    assert status["calendars_ending"] == []
    assert status["database"]["partitions_until"] >= "2027-01-01"
    clock.advance(timedelta(days=365 * 20))
    later = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    assert {one["code"] for one in later["calendars_ending"]} >= {"B3", "ANBIMA"}
    assert {"CALENDAR_ENDS", "PARTITIONS_END", "DAILY_LOAD_MISSING"} <= {one["code"] for one in later["problems"]}


async def test_messages_that_reached_nobody_are_a_problem(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    channel = await session.scalar(
        text(
            "INSERT INTO core.channels (name, kind, config, language, updated_at, updated_by)"
            " VALUES ('c', 'webhook', '{}', 'en', :at, 't') RETURNING id"
        ),
        {"at": clock.now()},
    )
    for status, days in [("DEAD", 1), ("DEAD", 8), ("SENT", 1)]:
        at = clock.now() - timedelta(days=days)
        await session.execute(
            text(
                "INSERT INTO core.deliveries (id, channel_id, rule_id, what, status, created_at, send_at)"
                " VALUES (gen_random_uuid(), :channel, gen_random_uuid(), 'opened', :status, :at, :at)"
            ),
            {"channel": channel, "status": status, "at": at},
        )
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    assert status["dead_letters"] == 1
    assert "DEAD_LETTERS" in {problem["code"] for problem in status["problems"]}


async def test_a_failing_loop_is_a_problem(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    state = LoopState(name="relay", started_at=clock.now(), failing=True, last_error="ConnectionError('gone')")
    await SchedulerRepository(session).seen(Instance("h", 1, id="s-1"), now=clock.now(), loops=[state])
    await session.commit()
    status = (await as_viewer.get("/api/v1/scheduler/monitor/status")).json()["data"]
    [problem] = [one for one in status["problems"] if one["code"] == "LOOP_FAILING"]
    assert "relay" in problem["message"]
    assert "gone" in problem["message"]
    assert status["schedulers"][0]["loops"][0]["last_error"] == "ConnectionError('gone')"


async def test_health_is_checked_on_demand_and_every_hour_by_one_scheduler(
    session: WriteSession,
    sessionmaker: SessionFactory,
    clock: FakeClock,
    as_operator: httpx.AsyncClient,
    as_viewer: httpx.AsyncClient,
    app_state: State,
) -> None:
    found = (await as_operator.post("/api/v1/scheduler/monitor/check")).json()["data"]
    assert found["healthy"] is False
    assert "NO_SCHEDULER" in {problem["code"] for problem in found["problems"]}
    assert (await as_viewer.post("/api/v1/scheduler/monitor/check")).status_code == 403

    async def checks() -> list[dict[str, Any]]:
        answer = await as_viewer.get("/api/v1/scheduler/logs", params={"event": "HEALTH_CHECK"})
        lines: list[dict[str, Any]] = answer.json()["data"]
        return lines

    assert [(line["level"], line["fields"]["workers"]) for line in await checks()] == [("ERROR", 0)]
    loops = [HealthLoop(sessionmaker, app_state["streams"], clock) for _ in range(2)]
    for minutes in range(0, 150, 10):
        for loop in loops:
            await loop.step()
        assert len(await checks()) == 1 + minutes // 60, minutes
        clock.advance(timedelta(minutes=10))


async def test_the_schedulers_log_is_read_page_by_page(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    for number in range(5):
        await session.execute(
            text(
                "INSERT INTO core.scheduler_logs (level, event, message, fields) VALUES (:level, :event, :m, '{\"n\": 1}')"
            ),
            {"level": "ERROR" if number == 3 else "INFO", "event": "DAILY_LOAD", "m": str(number)},
        )
    await session.commit()
    url = "/api/v1/scheduler/logs"
    first = (await as_viewer.get(url, params={"limit": 3})).json()
    second = (await as_viewer.get(url, params={"limit": 3, "cursor": first["meta"]["next_cursor"]})).json()
    assert [line["message"] for line in first["data"] + second["data"]] == ["4", "3", "2", "1", "0"]
    errors = (await as_viewer.get(url, params={"level": "ERROR"})).json()["data"]
    assert [(line["message"], line["fields"]) for line in errors] == [("3", {"n": 1})]
    assert (await as_viewer.get(url, params={"event": "WORKER_LOST"})).json()["data"] == []
    assert (await as_viewer.get(url, params={"cursor": "e30"})).json()["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "path", ["scheduler/queue/status", "scheduler/monitor/status", "scheduler/logs", "workers", "jobs"]
)
async def test_reading_needs_a_token(path: str, anonymous: httpx.AsyncClient, as_worker: httpx.AsyncClient) -> None:
    assert (await anonymous.get(f"/api/v1/{path}")).status_code == 401
    assert (await as_worker.get(f"/api/v1/{path}")).status_code == 401
