"""Runs by hand over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from factories.executions import row_of
from factories.routines import add_day_group, add_routine
from factories.workers import register
from sqlalchemy import text

from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS
from shared_schemas.auth import Role
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase

MONDAY = date(2026, 11, 23)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=ZoneInfo("America/Sao_Paulo")).astimezone(UTC))


@pytest.fixture
async def committed(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    """Sessions that really commit."""
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=10)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def run(client: httpx.AsyncClient, routine: UUID, key: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post(f"/api/v1/routines/{routine}/run", json=body, headers=headers)


async def test_a_run_by_hand_is_an_execution_of_its_own(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "manual", params={"reference": "business_date"}, paused=True)
    await session.commit()
    answer = await run(as_operator, routine.id, params={"reference": "previous_session", "extra": 1})
    assert answer.status_code == 201, answer.text
    read = answer.json()["data"]
    assert (read["origin"], read["status"], read["business_date"], read["requested_by"]) == (
        "manual",
        "PENDING",
        "2026-11-23",
        "Test operator",
    )
    assert read["params"] == {"reference": "previous_session", "extra": 1}
    assert read["slot"] == read["due_at"] == "2026-11-23T15:00:00.123000Z"
    row = await row_of(session, UUID(read["id"]))
    assert row.correlation_id == answer.headers["X-Request-ID"]

    again = await run(as_operator, routine.id)
    assert again.json()["data"]["id"] != read["id"]
    audit = (await session.scalars(text("SELECT action FROM core.audit_log WHERE action = 'routine.run'"))).all()
    assert len(audit) == 2


async def test_the_same_key_gives_the_same_execution(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient, as_admin: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "manual")
    await session.commit()
    first = await run(as_operator, routine.id, key="click-1")
    clock.advance(timedelta(minutes=1))
    second = await run(as_operator, routine.id, key="click-1")
    assert first.status_code == second.status_code == 201
    assert first.json()["data"]["id"] == second.json()["data"]["id"]
    other_body = await run(as_operator, routine.id, key="click-1", business_date="2026-11-19")
    assert (other_body.status_code, other_body.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    other_person = await run(as_admin, routine.id, key="click-1")
    assert other_person.json()["data"]["id"] != first.json()["data"]["id"]
    assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 2
    bad = await run(as_operator, routine.id, key="two words")
    assert bad.status_code == 422


async def test_what_waits_for_a_run_runs_after_it_beside_what_is_scheduled(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    """Tonight's own runs stay as they are: the chain of a run by hand is a chain of its own."""
    group = await add_day_group(session, clock, weekdays=[2])
    download = await add_routine(session, clock, "baixar")
    load = await add_routine(session, clock, "carregar", depends_on=[str(download.id)])
    report = await add_routine(session, clock, "relatorio", depends_on=[str(load.id), str(download.id)])
    await add_routine(session, clock, "so-na-terca", depends_on=[str(load.id)], day_group_id=group)
    await add_routine(session, clock, "parada", depends_on=[str(load.id)], paused=True)
    await add_routine(session, clock, "do-dia-anterior", depends_on=[{"routine_id": str(load.id), "day_offset": -1}])
    await register(session, clock)
    await session.commit()
    assert (await as_operator.post("/api/v1/scheduler/daily-load")).json()["data"]["created"] == 4
    answer = (await run(as_operator, download.id, key="click", with_downstream=True, params={"n": 1})).json()
    names = [one["routine_name"] for one in answer["meta"]["downstream"]]
    assert (names, answer["meta"]["dry_run"]) == (["carregar", "relatorio"], False)
    rows = list(
        await session.execute(text("SELECT * FROM core.executions WHERE origin = 'manual' ORDER BY routine_name"))
    )
    assert [(row.routine_name, row.params, row.due_at, row.requested_by) for row in rows] == [
        ("baixar", {"n": 1}, rows[0].slot, "Test operator"),
        ("carregar", {}, rows[0].slot, "Test operator"),
        ("relatorio", {}, rows[0].slot, "Test operator"),
    ]
    assert len({row.run_key for row in rows}) == 1
    reasons = [(await as_operator.get(f"/api/v1/executions/{row.id}")).json()["data"]["reason"] for row in rows]
    assert [reason["code"] for reason in reasons[1:]] == ["WAITING_DEPENDENCY"] * 2
    assert reasons[0]["code"] != "WAITING_DEPENDENCY"
    scheduled = await session.scalars(text("SELECT due_at = slot FROM core.executions WHERE origin = 'schedule'"))
    assert all(scheduled.all())
    again = (await run(as_operator, download.id, key="click", with_downstream=True, params={"n": 1})).json()
    assert (again["data"]["id"], again["meta"]) == (answer["data"]["id"], answer["meta"])
    assert report.id in {UUID(one["routine_id"]) for one in again["meta"]["downstream"]}
    assert await session.scalar(text("SELECT count(*) FROM core.executions WHERE origin = 'manual'")) == 3


async def test_a_dry_run_answers_what_would_be_written_and_writes_nothing(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    download = await add_routine(session, clock, "baixar")
    load = await add_routine(session, clock, "carregar", depends_on=[str(download.id)], params={"a": 1}, priority=12)
    await add_routine(session, clock, "relatorio", depends_on=[str(load.id)])
    await register(session, clock)
    await session.commit()
    body = {"dry_run": True, "with_downstream": True, "business_date": "2026-11-19", "params": {"b": 2}}
    answer = await run(as_operator, load.id, key="click", **body)
    assert answer.status_code == 200, answer.text
    read, meta = answer.json()["data"], answer.json()["meta"]
    assert (read["business_date"], read["params"], read["priority"]) == ("2026-11-19", {"a": 1, "b": 2}, 12)
    assert (read["reason"]["code"], read["reason"]["context"]["upstream"][0]["name"]) == (
        "WAITING_DEPENDENCY",
        "baixar",
    )
    assert (meta["dry_run"], [one["routine_name"] for one in meta["downstream"]]) == (True, ["relatorio"])
    for table in ("executions", "idempotency_keys"):
        assert await session.scalar(text(f"SELECT count(*) FROM core.{table}")) == 0
    assert await session.scalar(text("SELECT count(*) FROM core.audit_log WHERE action = 'routine.run'")) == 0
    assert (await as_operator.get(f"/api/v1/executions/{read['id']}")).status_code == 404
    real = await run(as_operator, load.id, key="click", **{**body, "dry_run": False})
    assert real.status_code == 201


async def test_params_of_a_run_must_fit_the_jobs_schema_dry_or_not(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "baixar")
    await register(session, clock)
    await session.execute(
        text("""UPDATE core.jobs SET params_schema = '{"properties": {"n_dias": {"type": "integer"}}}'""")
    )
    await session.commit()
    for dry_run in (True, False):
        refused = await run(as_operator, routine.id, params={"n_dias": "three"}, dry_run=dry_run)
        assert (refused.status_code, refused.json()["code"]) == (422, "ROUTINE_PARAMS_INVALID")
        assert refused.json()["details"][0]["field"] == "params.n_dias"


async def test_a_day_of_years_ago_runs_again(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    routine = await add_routine(session, clock, "manual")
    await session.commit()
    answer = await run(as_operator, routine.id, business_date="2016-01-04")
    assert answer.status_code == 201, answer.text
    dates = (await session.scalars(text("SELECT business_date FROM core.executions"))).all()
    assert dates == [date(2016, 1, 4)]


async def test_bad_runs_are_refused(session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient) -> None:
    routine = await add_routine(session, clock, "manual")
    await session.commit()
    assert (await run(as_operator, UUID(int=1))).json()["code"] == "ROUTINE_NOT_FOUND"
    assert (await run(as_operator, routine.id, business_date="2036-01-01")).json()["code"] == "BUSINESS_DATE_TOO_FAR"
    assert (await run(as_operator, routine.id, wrong=1)).status_code == 422
    assert (await run(as_operator, routine.id, params={"a": "x\x00y"})).status_code == 422
    assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 0


async def test_two_requests_with_one_key_at_the_same_moment_make_one_execution(
    api: Any, app: Any, app_state: Any, oidc_issuer: Any, committed: SessionFactory, clock: FakeClock
) -> None:
    """A double click: the second request waits for the first one's commit and tells what that made."""
    async with transaction(committed) as session:
        routine = await add_routine(session, clock, "manual")
    real = type(api)(app, app_state, oidc_issuer, sessionmaker=committed, clock=clock)
    async with real.caller(Role.OPERATOR) as client:
        for number in range(5):
            answers = await asyncio.gather(*(run(client, routine.id, key=f"click-{number}") for _ in range(4)))
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.json()["data"]["id"] for answer in answers}) == 1
    async with committed() as session:
        assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 5
        assert await session.scalar(text("SELECT count(*) FROM core.audit_log WHERE action = 'routine.run'")) == 5


async def test_a_viewer_runs_nothing(anonymous: httpx.AsyncClient, as_viewer: httpx.AsyncClient) -> None:
    assert (await run(as_viewer, UUID(int=1))).status_code == 403
    refused = await run(anonymous, UUID(int=1))
    assert (refused.status_code, refused.headers["WWW-Authenticate"].startswith("Bearer")) == (401, True)
