"""Fixtures of worker-svc's tests: a migrated database, a core-api that speaks the protocol, and a worker on top of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.exchange import Exchange
from factories.protocol_server import ProtocolServer
from factories.serving import serving

from shared_utils.testing.databases import DatabaseFactory, ServiceDatabase
from shared_utils.testing.oidc_issuer import AUDIENCE, OidcIssuer
from worker_svc.database import MIGRATIONS_DIR
from worker_svc.settings import Settings, as_environment

REAL_DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "b3"
KEY = "worker-svc-key-of-the-tests-0123456789abcdef"


@pytest.fixture(scope="session")
def market_database(service_database: DatabaseFactory) -> ServiceDatabase:
    """This process's database, shared by tests that leave it as they found it."""
    return service_database(schema="market", migrations_dir=MIGRATIONS_DIR)


@pytest.fixture
async def core() -> AsyncIterator[ProtocolServer]:
    """core-api's side of the protocol; its address is `core.url`."""
    server = ProtocolServer()
    async with serving(server.app) as url:
        server.url = url
        yield server


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """B3; its address is `exchange.url`."""
    server = Exchange()
    async with serving(server) as url:
        server.url = url
        yield server


@pytest.fixture
def settings(
    market_database: ServiceDatabase,
    redis_streams_url: str,
    oidc_issuer: OidcIssuer,
    core: ProtocolServer,
    tmp_path: Path,
) -> Settings:
    """Settings of a worker of this test alone."""
    return Settings.model_validate(
        {
            "environment": "test",
            "log_level": "WARNING",
            "log_format": "text",
            "database_url": market_database.runtime_url,
            "streams_url": redis_streams_url,
            "oidc_issuer": oidc_issuer.issuer,
            "oidc_audience": AUDIENCE,
            "core_api_url": core.url,
            "internal_key": KEY,
            "storage_dir": tmp_path / "storage",
            "slots": 4,
            "kill_grace_seconds": 0.5,
            "stop_grace_seconds": 0.5,
            "extra_jobs": ["factories.rough_jobs:registry"],
        }
    )


@pytest.fixture
def job_environment(settings: Settings, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Jobs that run in this process find these settings."""
    mine = settings.model_copy(update={"b3_base_url": exchange.url})
    for name, value in as_environment(mine).items():
        monkeypatch.setenv(name, value)
    return mine


@pytest.fixture(scope="session")
def real_b3() -> Path:
    """The folder of real B3 files."""
    if not REAL_DATA.is_dir():
        pytest.skip("the shared folder of real market files is not here")
    return REAL_DATA
