"""Migrations: there and back again, in step with the models, with the runtime role kept away from DDL."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS, migrate
from shared_utils.db.engine import create_engine
from shared_utils.db.migrations import check_drift, current_is_head, downgrade, upgrade
from shared_utils.db.session import WriteSession
from shared_utils.testing.databases import ServiceDatabase

Fresh = Callable[..., ServiceDatabase]


async def relations(database: ServiceDatabase) -> set[str]:
    engine = create_engine(database.owner_url, application_name="test")
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(
                text(
                    "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
                    " WHERE n.nspname = 'core' AND c.relkind IN ('r', 'p', 'v', 'S') AND c.relname <> 'alembic_version'"
                    " UNION SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
                    " WHERE n.nspname = 'core'"
                )
            )
            return set(rows.scalars())
    finally:
        await engine.dispose()


async def test_up_down_up(fresh_database: Fresh) -> None:
    database = fresh_database(schema=SCHEMA)
    upgrade(migrations_dir=MIGRATIONS, url=database.owner_url)
    first = await relations(database)
    assert {"routines", "calendar_sessions", "audit_log"} <= first
    downgrade(migrations_dir=MIGRATIONS, url=database.owner_url, revision="base")
    assert await relations(database) == set()
    upgrade(migrations_dir=MIGRATIONS, url=database.owner_url)
    assert await relations(database) == first


async def test_models_and_migrations_agree(fresh_database: Fresh) -> None:
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    check_drift(migrations_dir=MIGRATIONS, url=database.owner_url)


async def test_migrate_brings_a_new_database_all_the_way_and_again_changes_nothing(fresh_database: Fresh) -> None:
    database = fresh_database(schema=SCHEMA)
    engine = create_engine(database.owner_url, application_name="test")
    try:
        assert not await current_is_head(engine, MIGRATIONS, schema=SCHEMA)
        assert await migrate(database.owner_url) == ["ANBIMA", "B3"]
        assert await current_is_head(engine, MIGRATIONS, schema=SCHEMA)
        assert await migrate(database.owner_url) == []
        async with engine.connect() as connection:
            days = await connection.scalar(text("SELECT count(*) FROM core.calendar_sessions"))
        assert days == 8928 + 9032
    finally:
        await engine.dispose()


async def test_the_runtime_role_has_no_ddl(session: WriteSession) -> None:
    for statement in (
        "CREATE TABLE core.mine (id int)",
        "DROP TABLE core.routines",
        "ALTER TABLE core.routines ADD COLUMN x int",
        "TRUNCATE core.routines",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            async with session.begin_nested():
                await session.execute(text(statement))


async def test_the_runtime_role_cannot_publish_or_read_elsewhere(session: WriteSession) -> None:
    for schema in ("ai", "market"):
        with pytest.raises(ProgrammingError, match="permission denied for schema"):
            async with session.begin_nested():
                await session.execute(text(f"CREATE TABLE {schema}.mine (id int)"))
