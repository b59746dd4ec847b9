"""Connections that died while nobody used them: the pool hands none of them out."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared_utils.db import engine as engines


@pytest.fixture
async def database(fresh_database: Any) -> Any:
    return fresh_database(schema="core")


@pytest.fixture
async def engine(database: Any) -> AsyncIterator[AsyncEngine]:
    engine = engines.create_engine(database.runtime_url, application_name="test", pool_size=3, max_overflow=0)
    yield engine
    await engine.dispose()


async def _pid(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())


async def _terminate(url: str, pid: int) -> None:
    connection = await asyncpg.connect(engines.asyncpg_dsn(url))
    try:
        assert await connection.fetchval("SELECT pg_terminate_backend($1)", pid)
    finally:
        await connection.close()


async def test_a_connection_that_the_server_closed_is_replaced(engine: AsyncEngine, database: Any) -> None:
    gone = asyncio.Event()
    async with engine.connect() as connection:
        pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        driver.add_termination_listener(lambda _connection: gone.set())
    await _terminate(database.runtime_url, pid)
    async with asyncio.timeout(10):
        await gone.wait()
    assert await _pid(engine) != pid


async def test_a_connection_in_use_is_used_again_without_being_asked(
    engine: AsyncEngine, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = await _pid(engine)
    monkeypatch.setattr(engines, "PING_AFTER_SECONDS", 1e9)
    watching = await asyncpg.connect(engines.asyncpg_dsn(database.runtime_url))
    last = "SELECT query FROM pg_stat_activity WHERE pid = $1"
    async with engine.connect():
        assert await watching.fetchval(last, pid) == "ROLLBACK;"  # what gave it back the time before
    monkeypatch.setattr(engines, "PING_AFTER_SECONDS", -1.0)
    before = await watching.fetchval("SELECT state_change FROM pg_stat_activity WHERE pid = $1", pid)
    async with engine.connect():
        assert await watching.fetchval("SELECT state_change FROM pg_stat_activity WHERE pid = $1", pid) > before
    await watching.close()


async def test_a_connection_that_was_idle_for_long_is_tried_first(
    engine: AsyncEngine, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server closed it, and this process has not noticed yet: its loop stood still meanwhile."""
    pid = await _pid(engine)
    monkeypatch.setattr(engines, "PING_AFTER_SECONDS", -1.0)
    closing = threading.Thread(target=lambda: asyncio.run(_terminate(database.runtime_url, pid)))
    closing.start()
    closing.join()
    assert await _pid(engine) != pid
