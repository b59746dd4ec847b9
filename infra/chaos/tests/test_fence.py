"""The store of effects refuses what it has to."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from chaos.effects import SCHEMA
from shared_utils.testing.servers import PostgresServer, free_port


@pytest.fixture(scope="module")
async def database(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[asyncpg.Connection]:
    folder = tmp_path_factory.mktemp("fence")
    server = PostgresServer(
        folder / "postgres", port=free_port(), superuser_password=uuid4().hex, log_file=folder / "log", durable=False
    )
    server.init()
    server.start()
    try:
        connection = await asyncpg.connect(server.admin_dsn("postgres"))
        await connection.execute("CREATE ROLE market")
        await connection.execute(SCHEMA)
        yield connection
        await connection.close()
    finally:
        server.remove()


async def opened(database: asyncpg.Connection, *attempts: int) -> object:
    execution = uuid4()
    for attempt in attempts:
        await database.execute("SELECT chaos.open($1, $2, $3)", execution, attempt, uuid4())
    return execution


async def write(database: asyncpg.Connection, execution: object, attempt: int) -> str:
    return str(await database.fetchval("SELECT chaos.write($1, $2)", execution, attempt))


async def test_an_old_token_is_refused_once_a_newer_attempt_has_begun(database: asyncpg.Connection) -> None:
    execution = await opened(database, 1, 2)
    assert await write(database, execution, 1) == "stale"
    assert await write(database, execution, 2) == "accepted"


async def test_an_effect_is_taken_once(database: asyncpg.Connection) -> None:
    execution = await opened(database, 1)
    assert await write(database, execution, 1) == "accepted"
    assert await write(database, execution, 1) == "twice"
    await database.execute("SELECT chaos.open($1, 2, $2)", execution, uuid4())
    assert await write(database, execution, 2) == "already there"
