"""Pytest plugin, loaded through the entry point `rotina_testing`: real servers, template databases, an identity
provider.

Everything heavy is imported by the fixture that needs it, so that a run without a database does not pay for one.
"""

# ruff: noqa: PLC0415  see above
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    import redis.asyncio

    from shared_utils.testing.databases import DatabaseFactory, ServiceDatabase
    from shared_utils.testing.oidc_issuer import OidcIssuer
    from shared_utils.testing.postgres_server import PostgresServer
    from shared_utils.testing.redis_server import RedisServer
    from shared_utils.testing.run_servers import RunFolder, RunningPostgres

LOOPBACK: Final = ["127.0.0.1", "::1", "localhost"]
_RUN: Final = pytest.StashKey["RunFolder"]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Closes the network outside of this machine, unless the command line says which hosts are allowed."""
    if getattr(config.option, "allow_hosts", "absent") is None:
        config.option.allow_hosts = ",".join(LOOPBACK)
        config.option.allow_unix_socket = True


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller ends the servers of the run."""
    run = config.stash.get(_RUN, None) or _folder_of_finished_run(config)
    if run is not None and not hasattr(config, "workerinput"):
        from shared_utils.testing.run_servers import stop_shared_servers

        stop_shared_servers(run)


@pytest.fixture(scope="session")
def test_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "RunFolder":
    """Where the processes of this run meet."""
    from shared_utils.testing.run_servers import RunFolder

    base = tmp_path_factory.getbasetemp()
    is_worker = hasattr(request.config, "workerinput")
    run = RunFolder(
        path=(base.parent if is_worker else base) / "servers", controller_pid=os.getppid() if is_worker else os.getpid()
    )
    request.config.stash[_RUN] = run
    return run


@pytest.fixture(scope="session")
def postgres_server(test_run: "RunFolder") -> "RunningPostgres":
    """The run's PostgreSQL 18 with pgvector."""
    from shared_utils.testing.run_servers import shared_postgres

    return shared_postgres(test_run)


@pytest.fixture(scope="session")
def service_database(
    postgres_server: "RunningPostgres", test_run: "RunFolder", request: pytest.FixtureRequest
) -> "DatabaseFactory":
    """`service_database(schema="core", migrations_dir=path)`: the worker's migrated database, always the same."""
    from shared_utils.testing.databases import DatabaseFactory

    return DatabaseFactory(postgres_server, test_run, worker=_worker_name(request.config))


@pytest.fixture
def fresh_database(service_database: "DatabaseFactory") -> "Iterator[Callable[..., ServiceDatabase]]":
    """`fresh_database(schema="core", migrations_dir=path)`: a database of this test alone, dropped after it."""
    made: list[ServiceDatabase] = []

    def make(
        *,
        schema: str = "core",
        migrations_dir: Path | None = None,
        prepare: "Callable[[ServiceDatabase], None] | None" = None,
    ) -> "ServiceDatabase":
        made.append(service_database.fresh(schema=schema, migrations_dir=migrations_dir, prepare=prepare))
        return made[-1]

    yield make
    for database in made:
        service_database.drop(database)


@pytest.fixture(scope="session")
def redis_streams_url(test_run: "RunFolder", request: pytest.FixtureRequest) -> str:
    """The worker's database on the run's Redis (noeviction)."""
    from shared_utils.testing.run_servers import shared_redis

    return f"{shared_redis(test_run)}/{_worker_number(request.config) * 2}"


@pytest.fixture(scope="session")
def redis_cache_url(test_run: "RunFolder", request: pytest.FixtureRequest) -> str:
    """A second database on the same server, for what plays the cache."""
    from shared_utils.testing.run_servers import shared_redis

    return f"{shared_redis(test_run)}/{_worker_number(request.config) * 2 + 1}"


@pytest.fixture
async def streams_redis(redis_streams_url: str) -> "AsyncIterator[redis.asyncio.Redis]":
    """A client of an emptied streams database."""
    from shared_utils.messaging.streams import create_redis

    client = create_redis(redis_streams_url, name="test")
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def own_postgres(tmp_path: Path) -> "Iterator[PostgresServer]":
    """A started PostgreSQL of this test alone, to stop, restart and crash. Its data survives a crash."""
    import secrets
    import shutil

    from shared_utils.testing.ports import free_port
    from shared_utils.testing.postgres_server import PostgresServer
    from shared_utils.testing.run_servers import data_folder

    folder = data_folder("own")
    server = PostgresServer(
        folder / "data",
        port=free_port(),
        superuser_password=secrets.token_urlsafe(16),
        log_file=tmp_path / "postgres.log",
    )
    server.init()
    server.start()
    yield server
    server.remove()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_redis(tmp_path: Path) -> "Iterator[RedisServer]":
    """A started Redis of this test alone, to kill, stop and flush."""
    import secrets

    from shared_utils.testing.ports import free_port
    from shared_utils.testing.redis_server import RedisServer

    server = RedisServer(
        tmp_path / "redis",
        free_port(),
        password=secrets.token_urlsafe(16),
        role="streams",
        log_file=tmp_path / "redis.log",
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def oidc_issuer() -> "Iterator[OidcIssuer]":
    """An identity provider on the loopback interface; `token()` makes access tokens."""
    from shared_utils.testing.oidc_issuer import OidcIssuer

    with OidcIssuer() as issuer:
        yield issuer


def _worker_name(config: pytest.Config) -> str:
    worker = getattr(config, "workerinput", None)
    return str(worker["workerid"]) if worker else "main"


def _worker_number(config: pytest.Config) -> int:
    digits = "".join(character for character in _worker_name(config) if character.isdigit())
    return int(digits or 0)


def _folder_of_finished_run(config: pytest.Config) -> "RunFolder | None":
    """Under xdist only the workers ask for the fixtures; the controller finds their folder by its own base folder."""
    factory = getattr(config, "_tmp_path_factory", None)
    base = getattr(factory, "_basetemp", None)
    if base is None or not (base / "servers").is_dir():
        return None
    from shared_utils.testing.run_servers import RunFolder

    return RunFolder(path=base / "servers", controller_pid=os.getpid())
