"""The monitor: how a day stands, and what needs a person."""

from datetime import timedelta

import httpx
import pytest
from factories.executions import DAY, add, add_one, force, new_execution
from factories.workers import register
from sqlalchemy import text

from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession


async def scheduler_seen(session: WriteSession, clock: FakeClock, *, seconds_ago: float = 0) -> None:
    await session.execute(
        text("INSERT INTO core.scheduler_instances VALUES (:id, 'host-1', 1, :at, :at)"),
        {"id": f"s-{seconds_ago}", "at": clock.now() - timedelta(seconds=seconds_ago)},
    )


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
    start = clock.now() - timedelta(minutes=10)
    for late in (0.1, 0.2, 0.3):
        one = await add_one(session, slot=start)
        await force(session, one, status="SUCCEEDED", attempt=1)
        await session.execute(
            text("INSERT INTO core.attempts (execution_id, attempt, worker_id, started_at) VALUES (:id, 1, 'w', :at)"),
            {"id": one, "at": start + timedelta(seconds=late)},
        )
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
    codes = {problem["code"] for problem in status["problems"]}
    assert codes == {"NO_SCHEDULER", "NO_WORKER", "WORKER_LOST", "WORK_WITHOUT_WORKER", "OUTBOX_STUCK"}
    assert all(len(problem["message"]) > 20 for problem in status["problems"])
    [heavy] = [queue for queue in status["queues"] if queue["queue"] == "heavy"]
    assert (heavy["workers"], heavy["due"], heavy["oldest_due_seconds"]) == (0, 1, 320.0)


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
