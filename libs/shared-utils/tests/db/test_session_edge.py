"""The transaction is committed at the edge, before the answer: checked on a real socket against a real server."""

from typing import Any

import asyncpg
import pytest
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared_schemas.envelope import ApiResponse
from shared_utils.db.session import read_transaction, sessionmaker_for, transaction
from shared_utils.errors import Conflict
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.http.envelope import ok
from shared_utils.http.health import database_check
from shared_utils.testing.serving import served

DDL = """
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (
    id int PRIMARY KEY,
    parent_id int REFERENCES parents DEFERRABLE INITIALLY DEFERRED
);
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON parents
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
"""

router = APIRouter(prefix="/rows", tags=["rows"])


@router.post("/parents/{number}")
async def add_parent(number: int, session: WriteSessionDep) -> ApiResponse[int, None]:
    await session.execute(text("INSERT INTO parents VALUES (:id)"), {"id": number})
    return ok(number)


@router.post("/orphans/{number}")
async def add_orphan(number: int, session: WriteSessionDep) -> ApiResponse[int, None]:
    """Everything works until the commit, when the deferred constraint fails."""
    await session.execute(text("INSERT INTO children VALUES (:id, 99999)"), {"id": number})
    return ok(number)


@router.post("/conflicts/{number}")
async def add_and_raise(number: int, session: WriteSessionDep) -> ApiResponse[int, None]:
    await session.execute(text("INSERT INTO parents VALUES (:id)"), {"id": number})
    raise Conflict


@router.post("/crashes/{number}")
async def add_and_crash(number: int, session: WriteSessionDep) -> ApiResponse[int, None]:
    await session.execute(text("INSERT INTO parents VALUES (:id)"), {"id": number})
    raise RuntimeError("boom")


@router.post("/through-read-session/{number}")
async def add_in_read_session(number: int, session: ReadSessionDep) -> ApiResponse[int, None]:
    await session.execute(text("INSERT INTO parents VALUES (:id)"), {"id": number})
    return ok(number)


@router.get("/echo")
async def echo(value: str, session: ReadSessionDep) -> ApiResponse[str, None]:
    return ok((await session.execute(text("SELECT CAST(:value AS text)"), {"value": value})).scalar_one())


@router.get("/integer")
async def integer(value: int, session: ReadSessionDep) -> ApiResponse[int, None]:
    return ok(
        (await session.execute(text("SELECT CAST(CAST(:value AS text) AS int)"), {"value": str(value)})).scalar_one()
    )


@router.get("/slow")
async def slow(session: ReadSessionDep) -> ApiResponse[None, None]:
    await session.execute(text("SET LOCAL statement_timeout = '10ms'"))
    await session.execute(text("SELECT pg_sleep(5)"))
    return ok(None)


@router.get("/count")
async def count(session: ReadSessionDep) -> ApiResponse[int, None]:
    return ok((await session.execute(text("SELECT count(*) FROM parents"))).scalar_one())


@pytest.fixture(scope="module")
async def database(service_database: Any) -> Any:
    made = service_database.fresh(schema="core")
    owner = await asyncpg.connect(made.owner_url.replace("+asyncpg", ""))
    await owner.execute(DDL)
    await owner.close()
    yield made
    service_database.drop(made)


@pytest.fixture
async def client(database, open_engine, make_app):
    async with open_engine(database.runtime_url) as engine:
        app = make_app(router, state={"sessionmaker": sessionmaker_for(engine), "engine": engine})
        async with served(app) as http:
            yield http


@pytest.fixture
async def admin(database):
    connection = await asyncpg.connect(database.admin_url)
    await connection.execute("TRUNCATE core.parents, core.children")
    yield connection
    await connection.close()


async def test_the_row_is_committed_when_the_answer_arrives(client, admin):
    """The commit takes 0.3 s; an answer sent before it would arrive while nobody else sees the row."""
    response = await client.post("/api/v1/rows/parents/1")
    assert response.status_code == 200
    assert await admin.fetchval("SELECT count(*) FROM core.parents WHERE id = 1") == 1


async def test_a_commit_that_fails_is_a_500_and_leaves_nothing(client, admin):
    response = await client.post("/api/v1/rows/orphans/2")
    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"
    assert "constraint" not in response.text
    assert await admin.fetchval("SELECT count(*) FROM core.children") == 0


@pytest.mark.parametrize(("path", "status"), [("conflicts", 409), ("crashes", 500)])
async def test_raising_rolls_back(client, admin, path, status):
    response = await client.post(f"/api/v1/rows/{path}/3")
    assert response.status_code == status
    assert await admin.fetchval("SELECT count(*) FROM core.parents") == 0


async def test_a_read_session_cannot_write(client, admin):
    response = await client.post("/api/v1/rows/through-read-session/4")
    assert response.status_code == 500
    assert await admin.fetchval("SELECT count(*) FROM core.parents") == 0


async def test_a_connection_that_was_read_only_writes_again(client, admin):
    """Read-only is a property of the transaction, not of the pooled connection that it used."""
    for number in range(10, 14):
        assert (await client.get("/api/v1/rows/count")).json()["data"] == number - 10
        assert (await client.post(f"/api/v1/rows/parents/{number}")).status_code == 200


async def test_transaction_commits_and_rolls_back(database, open_engine, admin):
    async with open_engine(database.runtime_url) as engine:
        sessions = sessionmaker_for(engine)
        async with transaction(sessions) as session:
            await session.execute(text("INSERT INTO parents VALUES (20)"))
        with pytest.raises(KeyError):  # noqa: PT012
            async with transaction(sessions) as session:
                await session.execute(text("INSERT INTO parents VALUES (21)"))
                raise KeyError
        with pytest.raises(IntegrityError):
            async with transaction(sessions) as session:
                await session.execute(text("INSERT INTO children VALUES (1, 5555)"))
        with pytest.raises(DBAPIError, match="read-only"):
            async with read_transaction(sessions) as session:
                await session.execute(text("INSERT INTO parents VALUES (22)"))
    assert [row["id"] for row in await admin.fetch("SELECT id FROM core.parents")] == [20]
    assert await admin.fetchval("SELECT count(*) FROM core.children") == 0


async def test_a_character_that_cannot_be_stored_is_the_clients_fault(client):
    assert (await client.get("/api/v1/rows/echo", params={"value": "ação"})).json()["data"] == "ação"
    response = await client.get("/api/v1/rows/echo", params={"value": "a\x00b"})
    assert (response.status_code, response.json()["code"]) == (422, "INVALID")


async def test_a_number_out_of_range_too(client):
    response = await client.get("/api/v1/rows/integer", params={"value": 2**40})
    assert (response.status_code, response.json()["code"]) == (422, "INVALID")


async def test_a_statement_that_takes_too_long_may_be_tried_again(client):
    response = await client.get("/api/v1/rows/slow")
    assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")


async def test_a_database_that_is_down_is_a_503_and_comes_back(own_postgres, open_engine, make_app):
    checks = [database_check()]
    async with open_engine(own_postgres.admin_dsn()) as engine:
        state = {"sessionmaker": sessionmaker_for(engine), "engine": engine}
        async with served(make_app(router, state=state, readiness=checks)) as client:
            echo = "/api/v1/rows/echo?value=x"
            assert (await client.get(echo)).status_code == 200
            assert (await client.get("/health/ready")).status_code == 200
            own_postgres.stop("immediate")
            for _ in range(3):
                response = await client.get(echo)
                assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
                assert response.headers["Retry-After"]
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["details"]) == (503, {"checks": {"database": "failed"}})
            assert (await client.get("/health")).status_code == 200
            own_postgres.start()
            assert (await client.get(echo)).status_code == 200
            assert (await client.get("/health/ready")).status_code == 200


async def test_a_pool_without_a_free_connection_is_a_503(database, open_engine, make_app, monkeypatch):
    monkeypatch.setattr("shared_utils.db.engine.POOL_TIMEOUT_SECONDS", 0.05)
    async with open_engine(database.runtime_url, pool_size=1, max_overflow=0) as engine:
        app = make_app(router, state={"sessionmaker": sessionmaker_for(engine)})
        async with engine.connect(), served(app) as client:
            response = await client.get("/api/v1/rows/count")
    assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
