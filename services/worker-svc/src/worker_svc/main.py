"""worker-svc as an ASGI application: the market API, health and metrics, with the worker running beside them."""

import asyncio

from fastapi import FastAPI

from shared_utils.http.app import build_app
from worker_svc import __version__
from worker_svc.api import PUBLIC
from worker_svc.database import SERVICE
from worker_svc.lifespan import lifespan_for
from worker_svc.readiness import checks
from worker_svc.settings import Settings


def create_app(
    settings: Settings | None = None,
    *,
    stopping: asyncio.Event | None = None,
    hurrying: asyncio.Event | None = None,
) -> FastAPI:
    """Build the application; nothing is opened before its lifespan starts.

    `stopping` ends the taking of work, `hurrying` also the waiting for what runs.
    """
    settings = settings or Settings()
    return build_app(
        title="Rotina worker-svc",
        service=SERVICE,
        version=__version__,
        settings=settings,
        lifespan=lifespan_for(settings, stopping=stopping or asyncio.Event(), hurrying=hurrying or asyncio.Event()),
        routers=[("/api/v1", router) for router in PUBLIC],
        aliases={"/api": "/api/v1"},
        readiness=checks(),
        handles_signals=True,
    )
