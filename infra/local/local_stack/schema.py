"""Brings the database to this checkout's code, and knows when it already is: a warm start asks three tables instead of four processes."""

import asyncio
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

from local_stack.console import Console, StackError
from local_stack.plan import DATABASE, SERVICES, Plan
from local_stack.processes import Command, spawn
from local_stack.state import read_json, write_private
from local_stack.tools import REPO
from shared_utils.db.bootstrap import bootstrap_database

_CODE = ("libs/*/src", "services/*/src", "services/*/migrations")
_PACKAGES = {"core-api": "core_api", "ai-svc": "ai_svc", "worker-svc": "worker_svc"}
_VERSION_QUERIES = {
    "core": "SELECT string_agg(version_num, ',' ORDER BY 1) FROM core.alembic_version",
    "ai": "SELECT string_agg(version_num, ',' ORDER BY 1) FROM ai.alembic_version",
    "market": "SELECT string_agg(version_num, ',' ORDER BY 1) FROM market.alembic_version",
}


def code_fingerprint(repo: Path = REPO) -> str:
    """Changes whenever a file of a service or library does (names, sizes and times; contents would be slower to read)."""
    digest = hashlib.sha256()
    for pattern in _CODE:
        for folder in sorted(repo.glob(pattern)):
            for file in sorted(folder.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    status = file.stat()
                    digest.update(f"{file.relative_to(repo)}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


async def prepare_database(plan: Plan, console: Console) -> None:
    """Roles, schemas, migrations, demo data. Raises StackError with the end of the log of what failed."""
    fingerprint = code_fingerprint()
    known = read_json(plan.state.schema_file) or {}
    versions = await _versions(plan)
    if versions is not None and known == {"code": fingerprint, "versions": versions}:
        return
    plan.state.schema_file.unlink(missing_ok=True)
    await bootstrap_database(plan.admin_url("postgres"), database=DATABASE, passwords=plan.secrets.roles)
    await migrate_all(plan)
    console.step("database migrated")
    await run_once(plan, "seed", [sys.executable, "-m", "core_api.seed"], plan.service_environment("core-api"))
    write_private(plan.state.schema_file, {"code": fingerprint, "versions": await _versions(plan)})


async def migrate_all(plan: Plan) -> None:
    """The three services' migrations, side by side: each has a schema and a lock of its own."""
    async with asyncio.TaskGroup() as group:
        for service in SERVICES:
            command = [sys.executable, "-m", f"{_PACKAGES[service]}.migrate"]
            group.create_task(run_once(plan, f"migrate-{service}", command, plan.migration_environment(service)))


async def run_once(plan: Plan, name: str, command: list[str], environment: Mapping[str, str]) -> None:
    """A one-shot process. Raises StackError with the end of its log when it fails."""
    child = await spawn(Command(name, command, environment, plan.state.rotate_log(name), REPO))
    try:
        code = await child.process.wait()
    finally:
        await child.stop()
    if code:
        raise StackError(
            f"{name} failed with status {code}; the end of {child.command.log}:\n\n{plan.state.tail(name)}"
        )


async def _versions(plan: Plan) -> dict[str, Any] | None:
    """The newest migration of each schema; None when there is no such database or table yet."""
    try:
        connection = await asyncpg.connect(plan.admin_url(), timeout=10)
    except asyncpg.InvalidCatalogNameError:
        return None
    except asyncpg.InvalidPasswordError as error:
        message = f"PostgreSQL does not accept the password in {plan.state.secrets_file}. Start over with: make reset"
        raise StackError(message) from error
    try:
        return {schema: await connection.fetchval(query) for schema, query in _VERSION_QUERIES.items()}
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    finally:
        await connection.close()
