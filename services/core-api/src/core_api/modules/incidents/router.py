"""HTTP of incidents."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.incidents.dependencies import IncidentChanges, IncidentReads
from core_api.modules.incidents.exceptions import IncidentNotFound
from core_api.modules.incidents.schemas import IncidentRead, Kind, State
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Operator, Viewer

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("", summary="List incidents", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_incidents(
    incidents: IncidentReads,
    _: Viewer,
    state: Annotated[State, Query(description="Only open ones, only resolved ones, or all.")] = "all",
    kind: Annotated[list[Kind] | None, Query(description="Only these kinds.")] = None,
    routine_id: Annotated[UUID | None, Query(description="Only incidents of this routine.")] = None,
    business_date: Annotated[date | None, Query(description="Only incidents of this business date.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[IncidentRead], CursorMeta]:
    """What was or is wrong, the newest first: failures, missed deadlines, silence of parts of the engine."""
    page, meta = await incidents.page(
        state=state, kinds=kind or (), routine_id=routine_id, business_date=business_date, cursor=cursor, limit=limit
    )
    return ok(page, meta=meta)


@router.get(
    "/{incident_id}", summary="Read an incident", responses=problems(Unauthenticated, Forbidden, IncidentNotFound)
)
async def get_incident(incident_id: UUID, incidents: IncidentReads, _: Viewer) -> ApiResponse[IncidentRead, None]:
    """One incident."""
    return ok(await incidents.get(incident_id))


@router.post(
    "/{incident_id}/acknowledge",
    summary="Acknowledge an incident",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, IncidentNotFound),
)
async def acknowledge_incident(
    incident_id: UUID, incidents: IncidentChanges, caller: Operator
) -> ApiResponse[IncidentRead, None]:
    """Say that you look after it. The first one to say so stays; if it is opened again, it needs somebody anew."""
    return ok(await incidents.acknowledge(incident_id, by=caller))
