"""Fixtures of core-api's tests: a migrated database with the shipped calendars, the real application, and its callers.

A test runs in one transaction that is never committed; the application's requests commit into savepoints of it. What needs
commits that others see (several schedulers, a listener) takes `fresh_database` instead.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import hypothesis
import pytest
from fastapi import FastAPI

from core_api.lifespan import State
from core_api.main import create_app
from core_api.migrate import MIGRATIONS, publish_shipped_calendars
from core_api.settings import Settings
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import FakeClock
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession
from shared_utils.testing.databases import DatabaseFactory, ServiceDatabase
from shared_utils.testing.oidc_issuer import AUDIENCE, OidcIssuer
from shared_utils.testing.sessions import savepoint_sessionmaker

# The machine may be busy; a slow example is not a wrong one.
hypothesis.settings.register_profile("core-api", deadline=None)
hypothesis.settings.load_profile("core-api")

WORKER_KEY = "worker-svc-key-of-the-tests-0123456789abcdef"
SECRETS_KEY = "key-for-secrets-of-the-tests-0123456789"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""Noon in São Paulo on Friday, Consciência Negra: a holiday for B3 and for banks."""


def publish(database: ServiceDatabase) -> None:
    """Run once on the template: every test finds the shipped calendars."""
    asyncio.run(publish_shipped_calendars(database.owner_url))


@pytest.fixture(scope="session")
def core_database(service_database: DatabaseFactory) -> ServiceDatabase:
    """This process's database: migrated, with the shipped calendars, nothing else."""
    return service_database(schema="core", migrations_dir=MIGRATIONS, prepare=publish)


@pytest.fixture(scope="session")
def settings(
    core_database: ServiceDatabase,
    redis_streams_url: str,
    redis_cache_url: str,
    oidc_issuer: OidcIssuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    return Settings.model_validate(
        {
            "environment": "test",
            "log_level": "WARNING",
            "log_format": "text",
            "database_url": core_database.runtime_url,
            "streams_url": redis_streams_url,
            "cache_url": redis_cache_url,
            "oidc_issuer": oidc_issuer.issuer,
            "oidc_audience": AUDIENCE,
            "internal_keys": {"worker-svc": [WORKER_KEY]},
            "artifacts_dir": tmp_path_factory.mktemp("artifacts"),
            "secrets_keys": [SECRETS_KEY],
            "allow_private_webhooks": True,
            "public_url": "https://rotina.test",
            # It commits what it finds, which other tests would find too.
            "watchdog": False,
        }
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture(scope="session")
async def app_state(app: FastAPI) -> AsyncIterator[State]:
    """What the real lifespan opened, for the whole run. Its connections to the cache outlast a stall of this machine."""
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("shared_utils.http.rate_limit.TIMEOUT_SECONDS", 20.0)
            state = await stack.enter_async_context(app.router.lifespan_context(app))
        yield state


@pytest.fixture
def patient_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is counted, however long the cache takes."""
    monkeypatch.setattr("shared_utils.http.rate_limit.TIMEOUT_SECONDS", 20.0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def sessionmaker(app_state: State) -> AsyncIterator[SessionFactory]:
    """Sessions inside this test's transaction."""
    async with savepoint_sessionmaker(app_state["engine"]) as made:
        yield made


@pytest.fixture
async def session(sessionmaker: SessionFactory) -> AsyncIterator[WriteSession]:
    """A session of the test itself, beside those of the requests."""
    async with sessionmaker() as opened:
        yield WriteSession(ReadSession(opened))


class Api:
    """The application over ASGI; `caller(role)` is a client with that role's token."""

    def __init__(self, app: FastAPI, state: State, issuer: OidcIssuer, **overrides: Any) -> None:
        self._app = app
        self._state = {**state, **overrides}
        self._issuer = issuer

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        # httpx runs no lifespan: the state that a server would copy into every request is put there by hand.
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    @asynccontextmanager
    async def client(self, headers: dict[str, str] | None = None) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self._serve, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://core-api", headers=headers) as client:
            yield client

    @asynccontextmanager
    async def caller(self, role: Role) -> AsyncIterator[httpx.AsyncClient]:
        # Rate limits count by subject and outlive a test, so every caller is somebody else.
        token = self._issuer.token(
            f"{role}-{uuid4().hex}", roles=[role], name=f"Test {role}", email=f"{role}@example.test"
        )
        async with self.client({"Authorization": f"Bearer {token}"}) as client:
            yield client


@pytest.fixture
def api(app: FastAPI, app_state: State, oidc_issuer: OidcIssuer, sessionmaker: SessionFactory, clock: FakeClock) -> Api:
    return Api(app, app_state, oidc_issuer, sessionmaker=sessionmaker, clock=clock)


@pytest.fixture
def api_on(
    app: FastAPI, app_state: State, oidc_issuer: OidcIssuer, clock: FakeClock
) -> Callable[[SessionFactory], Api]:
    """The application on another database than this process's own."""
    return lambda sessions: Api(app, app_state, oidc_issuer, sessionmaker=sessions, clock=clock)


@pytest.fixture
async def anonymous(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client() as client:
        yield client


@pytest.fixture
async def as_viewer(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.caller(Role.VIEWER) as client:
        yield client


@pytest.fixture
async def as_operator(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.caller(Role.OPERATOR) as client:
        yield client


@pytest.fixture
async def as_admin(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.caller(Role.ADMIN) as client:
        yield client


@pytest.fixture
async def as_worker(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """The worker service, with its internal key."""
    async with api.client({"X-Internal-Key": WORKER_KEY, "X-Source-Service": "worker-svc"}) as client:
        yield client


@pytest.fixture
def admin() -> AuthContext:
    """An administrator, for calls below HTTP."""
    return AuthContext(
        subject="admin-1", issuer="https://issuer.test", name="Test admin", roles=frozenset({Role.ADMIN})
    )
