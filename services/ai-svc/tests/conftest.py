from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.main import create_app
from ai_svc.settings import Settings
from shared_utils.db.engine import create_engine

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


@pytest.fixture(scope="session")
async def engine(service_database: Any) -> AsyncIterator[AsyncEngine]:
    """The runtime role on this worker's database, for tests whose transaction is rolled back."""
    database = service_database(schema="ai", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test-ai")
    yield engine
    await engine.dispose()


@pytest.fixture
def database(fresh_database: Any) -> Any:
    """A database of this test alone, for what really commits."""
    return fresh_database(schema="ai", migrations_dir=MIGRATIONS)


@pytest.fixture
def settings(database: Any, redis_streams_url: str, oidc_issuer: Any) -> Settings:
    return Settings(
        environment="test",
        database_url=SecretStr(database.runtime_url),
        streams_url=SecretStr(redis_streams_url),
        oidc_issuer=oidc_issuer.issuer,
        oidc_audience="rotina-api",
        event_wait_ms=20,
        embeddings_provider="off",
    )


type Serve = Callable[[Settings], Any]


@pytest.fixture
def serve(oidc_issuer: Any) -> Serve:
    """`async with serve(settings) as client`: the application with its lifespan running, and a viewer's client."""

    @asynccontextmanager
    async def running(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(settings)
        async with app.router.lifespan_context(app) as state:

            async def with_state(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
                await app({**scope, "state": dict(state or {})}, receive, send)

            headers = {"Authorization": f"Bearer {oidc_issuer.token(sub='ana', roles=['viewer'])}"}
            transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://ai", headers=headers) as client:
                yield client

    return running


@pytest.fixture
async def client(serve: Serve, settings: Settings, streams_redis: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The application on its own database and an empty streams Redis."""
    async with serve(settings) as client:
        yield client
