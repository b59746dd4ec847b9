"""What the built-in jobs work with, opened for one run and closed after it. Settings come from the environment."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for
from shared_utils.http.client import ServiceClient
from worker_svc.database import SERVICE
from worker_svc.settings import Settings
from worker_svc.sources.fetching import open_http
from worker_svc.storage.raw_files import RawFiles

STATEMENT_TIMEOUT_MS = 15 * 60 * 1000
"""A year's load may take long on a slow disk; the run's own time limit is what bounds it."""


@dataclass(frozen=True, slots=True)
class JobEnvironment:
    settings: Settings
    sessionmaker: SessionFactory
    http: httpx.AsyncClient
    core: ServiceClient
    raw_files: RawFiles
    clock: Clock


@asynccontextmanager
async def open_environment() -> AsyncIterator[JobEnvironment]:
    """Open everything a market-data job needs; connections are made when they are first used."""
    settings = Settings()
    async with AsyncExitStack() as stack:
        engine = create_engine(
            settings.database_url,
            application_name=f"{SERVICE}-job",
            pool_size=1,
            max_overflow=1,
            statement_timeout_ms=STATEMENT_TIMEOUT_MS,
        )
        stack.push_async_callback(engine.dispose)
        core = ServiceClient(settings.core_api_url, service_name=SERVICE, internal_key=settings.internal_key)
        yield JobEnvironment(
            settings=settings,
            sessionmaker=sessionmaker_for(engine),
            http=await stack.enter_async_context(open_http(ca_file=settings.b3_ca_file)),
            core=await stack.enter_async_context(core),
            raw_files=RawFiles(settings.storage_dir),
            clock=SystemClock(),
        )
