"""ai-svc as an ASGI application: `uvicorn ai_svc.main:create_app --factory`."""

from typing import Final

from fastapi import FastAPI

from ai_svc import __version__
from ai_svc.api import INTERNAL, PUBLIC
from ai_svc.database import SERVICE
from ai_svc.lifespan import lifespan_for
from ai_svc.readiness import checks
from ai_svc.settings import Settings
from shared_utils.http.app import build_app

UPLOADS: Final = "/api/v1/rag/documents"
FORM_BYTES: Final = 64 * 1024
"""What a form says beside the file."""
TEXTS: Final = ("/api/v1/ai/text/", "/internal/v1/ai/text/")
MAX_TEXT_BYTES: Final = 16 * 1024 * 1024
"""A text, or a batch of them."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; nothing is opened before its lifespan starts."""
    settings = settings or Settings()
    return build_app(
        title="Rotina ai-svc",
        service=SERVICE,
        version=__version__,
        settings=settings,
        lifespan=lifespan_for(settings),
        routers=[
            *(("/api/v1", router) for router in PUBLIC),
            *(("/internal/v1", router) for router in INTERNAL),
        ],
        aliases={"/api": "/api/v1"},
        readiness=checks(),
        larger_bodies={UPLOADS: settings.document_max_bytes + FORM_BYTES} | dict.fromkeys(TEXTS, MAX_TEXT_BYTES),
    )
