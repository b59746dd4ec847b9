"""Databases for tests: migrated once into a template, cloned for each xdist worker (about 60 ms each)."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from shared_utils.db.bootstrap import bootstrap_database, database_rights
from shared_utils.db.migrations import upgrade
from shared_utils.testing.run_servers import RunFolder, RunningPostgres

_TEST_NAME: Final = re.compile(r"^[a-z0-9_]*test[a-z0-9_]*$")


@dataclass(frozen=True)
class ServiceDatabase:
    """A test database. `runtime_url` and `owner_url` are SQLAlchemy URLs, `admin_url` is an asyncpg DSN."""

    name: str
    schema: str
    runtime_url: str
    owner_url: str
    admin_url: str


type Prepare = Callable[[ServiceDatabase], None]


class DatabaseFactory:
    """Makes databases on the run's server.

    `prepare` runs once on the template, after the migrations, for data that every test may rely on; it is called
    outside of any event loop and must close its connections.
    """

    def __init__(self, server: RunningPostgres, run: RunFolder, *, worker: str) -> None:
        self._server = server
        self._run = run
        self._worker = worker
        self._shared: dict[str, ServiceDatabase] = {}

    def __call__(
        self, *, schema: str = "core", migrations_dir: Path | None = None, prepare: Prepare | None = None
    ) -> ServiceDatabase:
        """The worker's database for `schema`: the same one each time."""
        template = self._template(schema, migrations_dir, prepare)
        if template not in self._shared:
            name = f"{template.replace('_tpl_', '_')}_{self._worker}"
            self._shared[template] = self._clone(template, name, schema)
        return self._shared[template]

    def fresh(
        self, *, schema: str = "core", migrations_dir: Path | None = None, prepare: Prepare | None = None
    ) -> ServiceDatabase:
        """A new database, for a test that commits. `drop` it afterwards."""
        template = self._template(schema, migrations_dir, prepare)
        return self._clone(template, f"rotina_test_{schema}_{secrets.token_hex(6)}", schema)

    def drop(self, database: ServiceDatabase) -> None:
        """Drops a database with whatever is still connected to it."""
        self._execute([f'DROP DATABASE IF EXISTS "{_test_name(database.name)}" WITH (FORCE)'])

    def _template(self, schema: str, migrations_dir: Path | None, prepare: Prepare | None) -> str:
        name = f"rotina_test_tpl_{schema}_{_digest(migrations_dir, prepare)}"
        with self._run.locked(name):
            if self._run.read(name) is None:
                self._make_template(name, schema, migrations_dir, prepare)
                self._run.write(name, {"made": True})
        return name

    def _make_template(self, name: str, schema: str, migrations_dir: Path | None, prepare: Prepare | None) -> None:
        self._execute([f'DROP DATABASE IF EXISTS "{_test_name(name)}" WITH (FORCE)'])
        in_thread(bootstrap_database(self._server.admin_dsn, database=name, passwords=self._server.passwords))
        database = self._describe(name, schema)
        if migrations_dir is not None:
            upgrade(migrations_dir=migrations_dir, url=database.owner_url)
        if prepare is not None:
            with ThreadPoolExecutor(max_workers=1) as executor:
                executor.submit(prepare, database).result()
        # A connection to the template would make every clone fail.
        self._execute([f'ALTER DATABASE "{name}" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false'])

    def _clone(self, template: str, name: str, schema: str) -> ServiceDatabase:
        self._execute(
            [
                f'DROP DATABASE IF EXISTS "{_test_name(name)}" WITH (FORCE)',
                f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY',
                *database_rights(name),
            ]
        )
        return self._describe(name, schema)

    def _describe(self, name: str, schema: str) -> ServiceDatabase:
        return ServiceDatabase(
            name=name,
            schema=schema,
            runtime_url=self._server.url(schema, name),
            owner_url=self._server.url(f"{schema}_owner", name),
            admin_url=self._server.admin_dsn.rsplit("/", 1)[0] + f"/{name}",
        )

    def _execute(self, statements: Iterable[str]) -> None:
        in_thread(_execute(self._server.admin_dsn, list(statements)))


def in_thread[ResultT](coroutine: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Runs a coroutine to its end, whether or not the caller's thread has a running event loop."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(asyncio.run, coroutine).result()


async def _execute(dsn: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _test_name(name: str) -> str:
    """Refuses to touch a database that is not a test's."""
    if not _TEST_NAME.match(name):
        raise ValueError(f"tests only create and drop databases with `test` in their name, not {name!r}")
    return name


def _digest(migrations_dir: Path | None, prepare: Prepare | None) -> str:
    digest = hashlib.sha256(repr(migrations_dir).encode())
    if migrations_dir is not None:
        for file in sorted(migrations_dir.rglob("*.py")):
            digest.update(file.read_bytes())
    if prepare is not None:
        digest.update(f"{prepare.__module__}.{prepare.__qualname__}".encode())
    return digest.hexdigest()[:12]
