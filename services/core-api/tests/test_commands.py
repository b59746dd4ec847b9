"""`python -m core_api.migrate` and `python -m core_api.seed`, as a deployment runs them."""

import asyncio
import os
import sys
from collections.abc import Callable

from sqlalchemy import text

from core_api.database import SCHEMA
from shared_utils.db.engine import create_engine
from shared_utils.testing.databases import ServiceDatabase


async def run(module: str, **environment: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_replicas_migrate_and_seed_at_once(fresh_database: Callable[..., ServiceDatabase]) -> None:
    database = fresh_database(schema=SCHEMA)
    url = {"CORE_API_MIGRATION_DATABASE_URL": database.owner_url}
    outputs = await asyncio.gather(*(run("core_api.migrate", **url) for _ in range(2)))
    published = sorted('"calendars_published": ["ANBIMA", "B3"]' in output for output in outputs)
    assert published == [False, True], outputs
    password = database.owner_url.split(":")[2].split("@")[0]
    assert all(password not in output for output in outputs)
    await asyncio.gather(*(run("core_api.seed", CORE_API_DATABASE_URL=database.runtime_url) for _ in range(2)))
    engine = create_engine(database.owner_url, application_name="test")
    try:
        async with engine.connect() as connection:
            counts = await connection.execute(
                text("SELECT (SELECT count(*) FROM core.calendar_versions), (SELECT count(*) FROM core.routines)")
            )
            assert tuple(counts.one()) == (2, 6)
    finally:
        await engine.dispose()
