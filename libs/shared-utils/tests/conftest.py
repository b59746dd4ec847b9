from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared_utils.db.engine import create_engine
from shared_utils.http.app import build_app
from shared_utils.settings import ServiceSettings


@asynccontextmanager
async def engine_of(url: str, **options: Any) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(url, application_name="test", **options)
    try:
        yield engine
    finally:
        await engine.dispose()


def application(
    *routers: APIRouter, state: dict[str, Any] | None = None, environment: str = "test", **options: Any
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        yield dict(state or {})

    return build_app(
        title="Test service",
        version="1.2.3",
        settings=ServiceSettings(environment=environment),  # type: ignore[arg-type]
        lifespan=lifespan,
        routers=[("/api/v1", router) for router in routers],
        **options,
    )


@pytest.fixture(scope="session")
def make_app() -> Callable[..., FastAPI]:
    """`make_app(router, state={...})`: an application of the house with these routes under /api/v1."""
    return application


@pytest.fixture(scope="session")
def open_engine() -> Callable[..., Any]:
    """`async with open_engine(url) as engine`."""
    return engine_of
