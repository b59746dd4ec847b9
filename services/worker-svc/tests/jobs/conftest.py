"""Jobs run in the test's own process, against a real database, an exchange and core-api's calendar."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from factories.exchange import Exchange

from rotina.running import RunEnd
from rotina.testing import RecordingChannel, run_job
from shared_utils.testing.databases import ServiceDatabase
from worker_svc.jobs.catalog import CATALOG
from worker_svc.settings import Settings

EMPTY = "TRUNCATE market.loads, market.quotes, market.releases, market.outbox"


@pytest.fixture
async def sql(market_database: ServiceDatabase) -> AsyncIterator[Any]:
    """A superuser's connection to a market schema that is empty before and after: jobs commit."""
    connection = await asyncpg.connect(market_database.admin_url)
    await connection.execute(EMPTY)
    yield connection
    await connection.execute(EMPTY)
    await connection.close()


type Run = Callable[..., Awaitable[RunEnd]]


@pytest.fixture
def run(job_environment: Settings, sql: Any, tmp_path: Path) -> Run:
    """`await run("b3.cotahist.load", day, on_missing="warn")`."""

    async def go(name: str, day: date, *, channel: RecordingChannel | None = None, **params: Any) -> RunEnd:
        spec = CATALOG.get(name)
        assert spec is not None
        return await run_job(spec, business_date=day, temp_dir=tmp_path / "job", params=params, channel=channel)

    return go


@pytest.fixture
def publish(exchange: Exchange) -> Callable[..., None]:
    """Puts a session's file at its address."""

    def put(day: date, body: bytes, *, etag: str | None = None) -> None:
        exchange.put(f"/InstDados/SerHist/COTAHIST_D{day:%d%m%Y}.ZIP", body, etag=etag)

    return put
