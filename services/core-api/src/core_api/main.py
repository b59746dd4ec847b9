"""core-api as an ASGI application: `uvicorn core_api.main:create_app --factory`."""

from fastapi import FastAPI

from core_api import __version__
from core_api.api import INTERNAL, PUBLIC
from core_api.database import SCHEMA, SERVICE
from core_api.lifespan import lifespan_for
from core_api.migrate import MIGRATIONS
from core_api.settings import Settings
from shared_schemas.jobs import MAX_ARTIFACT_BYTES
from shared_utils.clock import Clock
from shared_utils.http.app import build_app
from shared_utils.http.health import database_check, migration_check, redis_check


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """Build the application; nothing is opened before its lifespan starts."""
    settings = settings or Settings()
    return build_app(
        title="Rotina core-api",
        version=__version__,
        settings=settings,
        lifespan=lifespan_for(settings, clock=clock),
        service=SERVICE,
        routers=[
            *(("/api/v1", router) for router in PUBLIC),
            *(("/internal/v1", router) for router in INTERNAL),
        ],
        aliases={"/api": "/api/v1"},
        # A worker may send a thousand log lines, or results, at once.
        larger_bodies={"/internal/v1/artifacts/": MAX_ARTIFACT_BYTES, "/internal/v1/": 32 * 1024 * 1024},
        readiness=[database_check(), migration_check(MIGRATIONS, schema=SCHEMA), redis_check("streams")],
    )
