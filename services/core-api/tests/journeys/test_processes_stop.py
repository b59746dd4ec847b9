"""Real processes that are told to stop do so at once, also with open streams and at work."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from shared_schemas.auth import Role
from shared_utils.db.engine import create_engine
from shared_utils.db.session import read_transaction, sessionmaker_for
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.oidc_issuer import AUDIENCE, OidcIssuer
from shared_utils.testing.ports import free_port
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.waiting import until

pytestmark = pytest.mark.journey


@pytest.fixture
def database(fresh_database: Callable[..., ServiceDatabase]) -> ServiceDatabase:
    return fresh_database(schema="core", migrations_dir=MIGRATIONS)


@pytest.fixture
def environment(database: ServiceDatabase, own_redis: RedisServer, oidc_issuer: OidcIssuer) -> dict[str, str]:
    return {
        **os.environ,
        "CORE_API_ENVIRONMENT": "test",
        "CORE_API_DATABASE_URL": database.runtime_url,
        "CORE_API_STREAMS_URL": own_redis.url(),
        "CORE_API_CACHE_URL": own_redis.url(1),
        "CORE_API_OIDC_ISSUER": oidc_issuer.issuer,
        "CORE_API_OIDC_AUDIENCE": AUDIENCE,
        "CORE_API_INTERNAL_KEYS": json.dumps({"worker-svc": ["worker-key-of-this-test-0123456789abcdef"]}),
    }


@asynccontextmanager
async def process(environment: dict[str, str], *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def test_an_api_with_open_streams_ends_them_and_stops(
    environment: dict[str, str], oidc_issuer: OidcIssuer
) -> None:
    port = free_port()
    arguments = ("-m", "uvicorn", "core_api.main:create_app", "--factory", "--host", "127.0.0.1", "--port", str(port))
    headers = {"Authorization": f"Bearer {oidc_issuer.token('viewer-1', roles=[Role.VIEWER])}"}
    async with (
        process(environment, *arguments) as api,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client,
    ):

        async def healthy() -> bool:
            try:
                return (await client.get("/health")).is_success
            except httpx.TransportError:
                return False

        await until(healthy, timeout=30, what="the API answers")
        async with client.stream("GET", "/api/v1/events/stream") as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": connected"
            api.send_signal(signal.SIGTERM)
            async with asyncio.timeout(4):
                # The stream ends as a whole answer; a connection that broke off would raise here.
                rest = [line async for line in lines]
        assert not any(line.startswith("data:") for line in rest)
        async with asyncio.timeout(5):
            assert await api.wait() in (0, -signal.SIGTERM)


async def test_a_scheduler_stops_in_order(environment: dict[str, str], database: ServiceDatabase) -> None:
    engine = create_engine(database.runtime_url, application_name="test")
    sessions = sessionmaker_for(engine)

    async def known() -> int:
        async with read_transaction(sessions) as session:
            return int(await session.scalar(text("SELECT count(*) FROM core.scheduler_instances")) or 0)

    async with process(environment, "-m", "core_api.scheduler") as scheduler:
        await until(known, timeout=30, what="the scheduler is known")
        scheduler.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await scheduler.wait() == 0
    assert await known() == 0
    async with read_transaction(sessions) as session:
        events = (await session.scalars(text("SELECT event FROM core.scheduler_logs ORDER BY id"))).all()
    assert (events[0], events[-1]) == ("SCHEDULER_STARTED", "SCHEDULER_STOPPED")
    await engine.dispose()
