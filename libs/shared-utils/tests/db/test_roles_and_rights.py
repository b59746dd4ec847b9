import asyncpg
import pytest

from shared_utils.db.bootstrap import ROLES, bootstrap_database
from shared_utils.db.engine import asyncpg_dsn
from shared_utils.testing.databases import DatabaseFactory, ServiceDatabase
from shared_utils.testing.run_servers import RunningPostgres


@pytest.fixture(scope="module")
def database(service_database: DatabaseFactory) -> ServiceDatabase:
    return service_database(schema="core")


async def connect(server: RunningPostgres, database: ServiceDatabase, role: str) -> asyncpg.Connection:
    return await asyncpg.connect(asyncpg_dsn(server.url(role, database.name)))


async def test_the_runtime_role_reads_and_writes_what_its_owner_makes(postgres_server, database):
    owner = await connect(postgres_server, database, "core_owner")
    runtime = await connect(postgres_server, database, "core")
    try:
        await owner.execute("CREATE TABLE parts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)")
        assert await runtime.fetchval("INSERT INTO parts (name) VALUES ('a') RETURNING id") == 1
        await runtime.execute("UPDATE core.parts SET name = 'b'")
        assert await runtime.fetchval("SELECT name FROM parts") == "b"
        await runtime.execute("DELETE FROM parts")
        await owner.execute("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'")
        assert await runtime.fetchval("SELECT twice(4)") == 8
    finally:
        await owner.execute("DROP TABLE IF EXISTS parts")
        await owner.execute("DROP FUNCTION IF EXISTS twice")
        await owner.close()
        await runtime.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE core.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE TABLE ai.mine (id int)",
        "CREATE SCHEMA mine",
        "SELECT * FROM ai.secrets",
        "SELECT * FROM market.secrets",
        "INSERT INTO ai.secrets VALUES (1)",
        "SELECT 'x'::extensions.vector",
        "DROP EXTENSION plpgsql",
        "ALTER ROLE core SUPERUSER",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
async def test_the_runtime_role_has_no_ddl_and_no_neighbours(postgres_server, database, statement):
    for service in ("ai", "market"):
        owner = await connect(postgres_server, database, f"{service}_owner")
        await owner.execute("CREATE TABLE IF NOT EXISTS secrets (id int)")
        await owner.close()
    runtime = await connect(postgres_server, database, "core")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await runtime.execute(statement)
    finally:
        await runtime.close()


async def test_no_runtime_role_can_change_its_own_tables(postgres_server, database):
    for service in ("core", "ai", "market"):
        owner = await connect(postgres_server, database, f"{service}_owner")
        runtime = await connect(postgres_server, database, service)
        try:
            await owner.execute("CREATE TABLE IF NOT EXISTS guarded (id int)")
            for statement in ("ALTER TABLE guarded ADD COLUMN extra int", "DROP TABLE guarded", "TRUNCATE guarded"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await runtime.execute(statement)
        finally:
            await owner.close()
            await runtime.close()


async def test_time_limits_and_search_paths_are_set_for_each_role(postgres_server, database):
    expected_paths = {"core": "core", "ai": "ai, extensions", "market": "market"}
    for role in ROLES:
        connection = await connect(postgres_server, database, role)
        try:
            service = role.removesuffix("_owner")
            assert await connection.fetchval("SHOW search_path") == expected_paths[service]
            assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "1min"
            assert await connection.fetchval("SHOW lock_timeout") == ("5s" if role.endswith("_owner") else "10s")
            assert await connection.fetchval("SHOW statement_timeout") == ("0" if role.endswith("_owner") else "30s")
        finally:
            await connection.close()


async def test_the_ai_service_has_vectors(postgres_server, database):
    connection = await connect(postgres_server, database, "ai")
    try:
        assert await connection.fetchval("SELECT '[1,0]'::vector <=> '[1,0]'::vector") == 0
    finally:
        await connection.close()


async def test_a_wrong_password_is_refused(postgres_server, database):
    dsn = f"postgresql://core:wrong@127.0.0.1:{postgres_server.port}/{database.name}"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn)


async def test_passwords_are_stored_as_scram(postgres_server):
    admin = await asyncpg.connect(postgres_server.admin_dsn)
    try:
        stored = await admin.fetch("SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY($1)", list(ROLES))
    finally:
        await admin.close()
    assert {row["rolname"] for row in stored} == set(ROLES)
    assert all(row["rolpassword"].startswith("SCRAM-SHA-256$") for row in stored)


async def test_only_the_six_roles_may_connect(postgres_server, database):
    admin = await asyncpg.connect(postgres_server.admin_dsn)
    try:
        await admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(f"postgresql://stranger:stranger@127.0.0.1:{postgres_server.port}/{database.name}")
    finally:
        await admin.execute("DROP ROLE stranger")
        await admin.close()


async def test_repeating_the_bootstrap_keeps_data_and_connections(postgres_server, fresh_database):
    made = fresh_database(schema="core")
    owner = await connect(postgres_server, made, "core_owner")
    await owner.execute("CREATE TABLE kept (id int)")
    await owner.execute("INSERT INTO kept VALUES (7)")
    await bootstrap_database(postgres_server.admin_dsn, database=made.name, passwords=postgres_server.passwords)
    assert await owner.fetchval("SELECT id FROM kept") == 7
    await owner.close()


@pytest.mark.parametrize("name", ['x"; DROP DATABASE postgres; --', "Rotina", "", "1st", "a" * 64])
async def test_a_strange_database_name_is_refused(postgres_server, name):
    with pytest.raises(ValueError, match="not a database name"):
        await bootstrap_database(postgres_server.admin_dsn, database=name, passwords=postgres_server.passwords)


async def test_a_missing_password_is_named(postgres_server):
    passwords = {role: "x" for role in ROLES if role != "market"}
    with pytest.raises(ValueError, match="market"):
        await bootstrap_database(postgres_server.admin_dsn, database="rotina_test_x", passwords=passwords)


async def test_passwords_with_quotes_work(own_postgres):
    """The statement that sets a password cannot take parameters: quoting is on the server's side."""
    passwords = {role: f"{role}'; DROP ROLE core; -- \\ \"" for role in ROLES}
    await bootstrap_database(own_postgres.admin_dsn(), database="rotina_test", passwords=passwords)
    connection = await asyncpg.connect(
        host="127.0.0.1", port=own_postgres.port, user="core", password=passwords["core"], database="rotina_test"
    )
    assert await connection.fetchval("SELECT current_user") == "core"
    await connection.close()
