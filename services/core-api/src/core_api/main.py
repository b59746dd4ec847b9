"""core-api as an ASGI application: `uvicorn core_api.main:create_app --factory`."""

from fastapi import FastAPI

from core_api import __version__
from core_api.api import INTERNAL, PUBLIC
from core_api.database import SERVICE
from core_api.lifespan import lifespan_for
from core_api.settings import Settings
from shared_utils.clock import Clock
from shared_utils.http.app import build_app
from shared_utils.logging import configure_logging


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """Build the application; nothing is opened before its lifespan starts."""
    settings = settings or Settings()
    configure_logging(service=SERVICE, level=settings.log_level, fmt=settings.log_format)
    return build_app(
        title="Rotina core-api",
        version=__version__,
        settings=settings,
        lifespan=lifespan_for(settings, clock=clock),
        routers=[*(("/api/v1", router) for router in PUBLIC), *(("/internal/v1", router) for router in INTERNAL)],
        readiness=[],
    )
