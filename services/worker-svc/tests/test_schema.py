"""Migrations: there and back, in step with the models, and partitions that only the owner's functions make."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from shared_utils.db.migrations import check_drift, downgrade, upgrade
from shared_utils.testing.databases import ServiceDatabase
from worker_svc.database import MIGRATIONS_DIR

Fresh = Callable[..., ServiceDatabase]
RELATIONS = """
SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'market' AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relname <> 'alembic_version'
UNION SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = 'market'
"""


async def relations(database: ServiceDatabase) -> set[str]:
    connection = await asyncpg.connect(database.admin_url)
    try:
        return {row["relname"] for row in await connection.fetch(RELATIONS)}
    finally:
        await connection.close()


async def test_up_down_up(fresh_database: Fresh) -> None:
    database = fresh_database(schema="market")
    upgrade(migrations_dir=MIGRATIONS_DIR, url=database.owner_url)
    first = await relations(database)
    assert {"quotes", "releases", "loads", "outbox", "inbox", "ensure_quote_partitions"} <= first
    downgrade(migrations_dir=MIGRATIONS_DIR, url=database.owner_url, revision="base")
    assert await relations(database) == set()
    upgrade(migrations_dir=MIGRATIONS_DIR, url=database.owner_url)
    assert await relations(database) == first


async def test_models_and_migrations_agree_also_with_partitions(fresh_database: Fresh) -> None:
    database = fresh_database(schema="market", migrations_dir=MIGRATIONS_DIR)
    connection = await asyncpg.connect(_dsn(database.runtime_url))
    await connection.execute("SELECT market.ensure_quote_partitions(2023, 2024)")
    await connection.close()
    check_drift(migrations_dir=MIGRATIONS_DIR, url=database.owner_url)


async def test_the_runtime_role_gets_partitions_but_no_ddl(fresh_database: Fresh) -> None:
    database = fresh_database(schema="market", migrations_dir=MIGRATIONS_DIR)
    connection = await asyncpg.connect(_dsn(database.runtime_url))
    try:
        assert await connection.fetchval("SELECT market.ensure_quote_partitions(2023, 2025)") == 3
        assert await connection.fetchval("SELECT market.ensure_quote_partitions(2022, 2025)") == 1
        assert await connection.fetchval("SELECT count(*) FROM market.quotes_y2023") == 0
        for statement in (
            "CREATE TABLE market.mine (id int)",
            "DROP TABLE market.quotes_y2023",
            "TRUNCATE market.quotes",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.RaiseError, match="outside 1986 to 2100"):
            await connection.execute("SELECT market.ensure_quote_partitions(1985, 1985)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT 1 FROM core.routines")
    finally:
        await connection.close()


def _dsn(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://")


def test_the_migrations_are_where_the_service_looks() -> None:
    assert (MIGRATIONS_DIR / "env.py").is_file()
    assert Path(__file__).resolve().parents[1] / "migrations" == MIGRATIONS_DIR
