"""Migrations of every service: each step there and back with data in the tables, and many processes that begin at once (issue 5, line 6)."""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from recovery.targets import local_postgres
from shared_utils.db.migrations import downgrade, upgrade
from shared_utils.db.revisions import head_revisions
from shared_utils.testing.databases import ServiceDatabase

REPO = Path(__file__).resolve().parents[2]
SERVICES = {"core": ("core-api", "core_api"), "ai": ("ai-svc", "ai_svc"), "market": ("worker-svc", "worker_svc")}
_REVISION = re.compile(r'^(?P<name>revision|down_revision)(?:: [^=]+)? = "(?P<value>[^"]+)"', re.MULTILINE)
_RAN = re.compile(r"Running upgrade (?P<before>\S*) -> (?P<after>\w+)")

# What migrations of core have moved, cut down or refused: rows that only the newest schema can hold, and old ones.
CORE_ROWS = """
INSERT INTO core.scheduler_instances (id, kind, host, pid, started_at, last_seen_at)
SELECT k, k, 'host', 1, now(), now() FROM unnest(ARRAY['api', 'scheduler']) AS k;
INSERT INTO core.calendars (code, name, kind, time_zone)
VALUES ('OWN', 'own', 'custom', 'America/Sao_Paulo'), ('BOTH', 'both', 'union', 'America/Sao_Paulo');
INSERT INTO core.calendar_overrides (calendar_code, day, is_business_day, note, created_by, ended_at)
VALUES ('OWN', '2026-12-24', false, 'closed', 'ana', NULL), ('OWN', '2026-12-31', false, 'closed', 'ana', now());
INSERT INTO core.routines (name, title, description, job, params, trigger, time_zone, queue, priority, retry, max_recoveries, max_instances,
                           created_by, updated_by)
SELECT 'r' || n, 'r', '', 'journey.effect', '{}', '{"type": "manual"}', 'America/Sao_Paulo', 'default', 10, '{}', 3, 1, 'ana', 'ana'
FROM generate_series(1, 2) AS n;
INSERT INTO core.executions (id, routine_id, routine_name, title, job, params, queue, priority, retry, max_attempts, max_recoveries,
                             max_instances, status, origin, slot, due_at, business_date, correlation_id, created_at, updated_at)
SELECT gen_random_uuid(), r.id, r.name, 'r', 'journey.effect', '{}', 'default', 10, '{}', 3, 3, 1, s, o,
       now() - d * interval '20 days', now() - d * interval '20 days', (now() - d * interval '20 days')::date, 'c', now(), now()
FROM core.routines AS r, unnest(ARRAY['SUCCEEDED', 'FAILED'], ARRAY['event', 'webhook']) AS x(s, o), generate_series(0, 9) AS d;
INSERT INTO core.daily_loads (id, business_date, trigger, routines, created, already_there, started_at, finished_at)
VALUES (gen_random_uuid(), '2026-11-20', 'catch_up', 1, 1, 0, now(), now());
"""


def revisions(folder: Path) -> list[str]:
    """Oldest first."""
    after: dict[str | None, str] = {}
    for file in (folder / "versions").glob("*.py"):
        found = {match["name"]: match["value"] for match in _REVISION.finditer(file.read_text(encoding="utf-8"))}
        after[found.get("down_revision")] = found["revision"]
    ordered, last = [], None
    while last in after:
        last = after[last]
        ordered.append(last)
    assert set(ordered[-1:]) == head_revisions(folder)
    return ordered


def objects(database: ServiceDatabase) -> list[str]:
    """Tables, columns, indexes, constraints, triggers, functions, owners and rights. The version table is Alembic's."""
    found = local_postgres(database.admin_url).inventory(database.name)["objects"]
    return [line for line in found if "alembic_version" not in line]


@pytest.mark.parametrize("schema", SERVICES)
def test_every_migration_goes_there_and_back_and_there_again(
    fresh_database: Callable[..., ServiceDatabase], schema: str
) -> None:
    migrations = REPO / "services" / SERVICES[schema][0] / "migrations"
    database, steps = fresh_database(schema=schema), revisions(migrations)
    states = {"base": objects(database)}
    for step in steps:
        upgrade(migrations_dir=migrations, url=database.owner_url, revision=step)
        states[step] = objects(database)
    if schema == "core":
        _fill(database)
    for below in [*reversed(steps[:-1]), "base"]:
        downgrade(migrations_dir=migrations, url=database.owner_url, revision=below)
        assert _changes(states[below], objects(database)) == [], f"the way back to {below} leaves something behind"
    upgrade(migrations_dir=migrations, url=database.owner_url)
    assert _changes(states[steps[-1]], objects(database)) == []


def _changes(before: list[str], after: list[str]) -> list[str]:
    return sorted(set(before) ^ set(after))


def _fill(database: ServiceDatabase) -> None:
    async def insert() -> None:
        connection = await asyncpg.connect(database.admin_url)
        try:
            await connection.execute(CORE_ROWS)
        finally:
            await connection.close()

    asyncio.run(insert())


@pytest.fixture
def empty(fresh_database: Callable[..., ServiceDatabase], postgres_server: Any) -> dict[str, str]:
    """The environment of processes that find a database with roles and schemas, and nothing in them."""
    database = fresh_database(schema="core")
    address = urlsplit(database.owner_url)

    def url(role: str) -> str:
        return f"postgresql+asyncpg://{role}:{postgres_server.passwords[role]}@{address.hostname}:{address.port}{address.path}"

    return {
        "EMPTY_DATABASE": database.admin_url,
        "CORE_API_MIGRATION_DATABASE_URL": url("core_owner"),
        "AI_SVC_MIGRATION_DATABASE_URL": url("ai_owner"),
        "WORKER_SVC_MIGRATION_DATABASE_URL": url("market_owner"),
    }


async def test_two_replicas_of_each_service_migrate_an_empty_database_once(empty: dict[str, str]) -> None:
    packages = [package for _, package in SERVICES.values() for _ in range(2)]
    ended = await asyncio.gather(*(_migrated(package, empty) for package in packages))
    for package, (status, said) in zip(packages, ended, strict=True):
        assert status == 0, f"{package}.migrate failed:\n{said}"
        assert "ERROR" not in said, said
    ran = [match["after"] for _, said in ended for match in _RAN.finditer(said)]
    expected = [
        step for service, _ in SERVICES.values() for step in revisions(REPO / "services" / service / "migrations")
    ]
    assert sorted(ran) == sorted(expected), "each migration ran in one process only"
    status, said = await _migrated("core_api", empty)
    assert (status, _RAN.findall(said)) == (0, []), "whoever starts later finds nothing to do"
    connection = await asyncpg.connect(empty["EMPTY_DATABASE"])
    try:
        assert await connection.fetchval("SELECT count(*) FROM core.calendar_versions") == 2, (
            "calendars were published once"
        )
        assert await connection.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    finally:
        await connection.close()


async def _migrated(package: str, settings: dict[str, str]) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"{package}.migrate"),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    return process.returncode, said


MAY_NOT = (
    "CREATE TABLE {own}.mine (id int)",
    "ALTER TABLE {own}.alembic_version ADD COLUMN mine int",
    "DROP TABLE {own}.alembic_version",
    "TRUNCATE {own}.alembic_version",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine (id int)",
    "CREATE TABLE extensions.mine (id int)",
    "SELECT 1 FROM {other}.alembic_version",
    "CREATE TABLE {other}.mine (id int)",
    "SET ROLE {own}_owner",
    "DROP EXTENSION vector",
)


@pytest.mark.parametrize("schema", SERVICES)
async def test_a_runtime_role_changes_no_structure_and_sees_no_other_schema(
    fresh_database: Callable[..., ServiceDatabase], postgres_server: Any, schema: str
) -> None:
    service, _ = SERVICES[schema]
    database = fresh_database(schema=schema, migrations_dir=REPO / "services" / service / "migrations")
    address = urlsplit(database.runtime_url)
    connection = await asyncpg.connect(
        host=address.hostname,
        port=address.port,
        user=schema,
        password=postgres_server.passwords[schema],
        database=database.name,
    )
    try:
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1, "its own schema it reads"
        for other in SERVICES.keys() - {schema}:
            for statement in MAY_NOT:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement.format(own=schema, other=other))
        for setting in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
            assert await connection.fetchval("SELECT current_setting($1)", setting) != "0"
    finally:
        await connection.close()
