from fastapi import APIRouter, Request

from ai_svc import __version__
from ai_svc.brain.links import Link
from ai_svc.brain.providers import configured_providers
from ai_svc.brain.schemas import AiStatus, LinkRead
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/ai", tags=["ai"])


@router.get("/status", summary="Read how models do", responses=problems(Unauthenticated, Forbidden))
async def status(_: Viewer, request: Request) -> ApiResponse[AiStatus, None]:
    """Which model providers are configured, who is asked in which order and how they do; whether events are kept."""
    providers = configured_providers(request.state.settings)
    links = request.state.models.links
    return ok(
        AiStatus(
            version=__version__,
            provider=links[0].provider.name,
            providers=providers,
            chain=[_link(link) for link in links],
            tracing=request.state.settings.otlp_traces_endpoint is not None,
            listening=request.state.listening.alive,
        )
    )


def _link(link: Link) -> LinkRead:
    return LinkRead(
        provider=link.provider.name,
        model=link.provider.model,
        breaker=link.state,
        retry_after_seconds=round(link.retry_after, 1),
    )
