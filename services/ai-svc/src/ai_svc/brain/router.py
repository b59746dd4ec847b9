from fastapi import APIRouter, Request

from ai_svc import __version__
from ai_svc.brain.providers import configured_providers, first_choice
from ai_svc.brain.schemas import AiStatus
from shared_schemas.envelope import ApiResponse
from shared_utils.http.envelope import ok
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/ai", tags=["ai"])


@router.get("/status")
async def status(_: Viewer, request: Request) -> ApiResponse[AiStatus, None]:
    """Which model providers are configured, which one is asked first, and whether events are being remembered."""
    providers = configured_providers(request.state.settings)
    return ok(
        AiStatus(
            version=__version__,
            provider=first_choice(providers),
            providers=providers,
            listening=request.state.listening.alive,
        )
    )
