"""Roles, schemas and rights of the product's database (DESIGN, section 3).

Each service has two login roles: an owner that runs migrations and a runtime role without DDL. A role sees its own
schema and nothing else; the extension schema is shared with the AI service, whose search path includes it.
"""

import re
from collections.abc import Mapping
from typing import Final

import asyncpg

SERVICES: Final = ("core", "ai", "market")
ROLES: Final = tuple(role for service in SERVICES for role in (f"{service}_owner", service))
EXTENSION_SCHEMA: Final = "extensions"
_SEARCH_PATHS: Final = {"ai": f"ai, {EXTENSION_SCHEMA}"}
_LOCK_KEY: Final = 0x526F74696E61  # "Rotina": two stacks that start together take turns
_DATABASE_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,62}$")


async def bootstrap_database(admin_dsn: str, *, database: str, passwords: Mapping[str, str]) -> None:
    """Creates or repairs everything below the tables. Repeating it changes nothing but passwords that differ.

    `admin_dsn` is a superuser's, of any database of the server; `passwords` has an entry for each of `ROLES`.
    """
    _check(database, passwords)
    server = await asyncpg.connect(admin_dsn)
    try:
        await server.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY)
        await _create_roles(server, passwords)
        if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            await _run(server, [create_database(database)])
        await _run(server, database_rights(database))
        inside = await asyncpg.connect(admin_dsn, database=database)
        try:
            await _run(inside, schema_rights())
        finally:
            await inside.close()
    finally:
        await server.close()


def create_database(database: str) -> str:
    """The statement; it cannot run inside a transaction."""
    return f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8'"


def database_rights(database: str) -> list[str]:
    """Who may connect. A database cloned from a template needs these again: rights are no part of its contents."""
    roles = ", ".join(ROLES)
    return [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC',
        # Loads go through temporary tables, which are no DDL on anything that lasts.
        f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {roles}',
    ]


def _check(database: str, passwords: Mapping[str, str]) -> None:
    if not _DATABASE_NAME.match(database):
        raise ValueError(f"not a database name: {database!r}")
    missing = [role for role in ROLES if not passwords.get(role)]
    if missing:
        raise ValueError(f"passwords are missing for the roles {', '.join(missing)}")


async def _create_roles(server: "asyncpg.Connection[asyncpg.Record]", passwords: Mapping[str, str]) -> None:
    known = {
        row["rolname"]
        for row in await server.fetch("SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", list(ROLES))
    }
    for role in ROLES:
        if role not in known:
            await _run(server, [f"CREATE ROLE {role} LOGIN"])
        # ALTER ROLE takes no bind parameter, so the server quotes the password itself.
        statement = await server.fetchval(
            "SELECT format('ALTER ROLE %I WITH LOGIN PASSWORD %L', $1::text, $2::text)", role, passwords[role]
        )
        await _run(server, [str(statement)])
    for service in SERVICES:
        await _run(server, role_settings(service))


def role_settings(service: str) -> list[str]:
    """Search path and time limits of a service's two roles."""
    path = _SEARCH_PATHS.get(service, service)
    owner = f"{service}_owner"
    return [
        f"ALTER ROLE {service} SET search_path = {path}",
        f"ALTER ROLE {service} SET statement_timeout = '30s'",
        f"ALTER ROLE {service} SET idle_in_transaction_session_timeout = '60s'",
        f"ALTER ROLE {service} SET lock_timeout = '10s'",
        f"ALTER ROLE {owner} SET search_path = {path}",
        # A migration may run for long, but must not make others queue behind a lock it waits for.
        f"ALTER ROLE {owner} SET lock_timeout = '5s'",
        f"ALTER ROLE {owner} SET idle_in_transaction_session_timeout = '60s'",
    ]


def schema_rights() -> list[str]:
    """Schemas, the extension and rights, to be run inside the product's database."""
    statements = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"CREATE SCHEMA IF NOT EXISTS {EXTENSION_SCHEMA}",
        f"CREATE EXTENSION IF NOT EXISTS vector SCHEMA {EXTENSION_SCHEMA}",
        f"GRANT USAGE ON SCHEMA {EXTENSION_SCHEMA} TO ai, ai_owner",
    ]
    for service in SERVICES:
        statements += _schema_statements(service)
    return statements


def _schema_statements(service: str) -> list[str]:
    owner = f"{service}_owner"
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner}"
    return [
        f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner}",
        f"REVOKE ALL ON SCHEMA {service} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {service} TO {service}",
        f"{defaults} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        f"{defaults} IN SCHEMA {service} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {service}",
        f"{defaults} IN SCHEMA {service} GRANT USAGE, SELECT ON SEQUENCES TO {service}",
        f"{defaults} IN SCHEMA {service} GRANT EXECUTE ON FUNCTIONS TO {service}",
    ]


async def _run(connection: "asyncpg.Connection[asyncpg.Record]", statements: list[str]) -> None:
    for statement in statements:
        await connection.execute(statement)
