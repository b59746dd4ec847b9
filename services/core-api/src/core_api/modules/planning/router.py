"""HTTP of previews."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from core_api.modules.planning.dependencies import Planning
from core_api.modules.planning.exceptions import PreviewTooLong
from core_api.modules.planning.schemas import RoutinePreview
from core_api.modules.routines.public import RoutineNotFound
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

routines = APIRouter(prefix="/routines", tags=["routines"])


@routines.get(
    "/{routine_id}/preview",
    summary="Preview a routine's slots",
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound, PreviewTooLong),
)
async def preview_routine(
    routine_id: UUID,
    start: Annotated[date, Query(alias="from", examples=["2026-12-21"])],
    end: Annotated[date, Query(alias="to", examples=["2026-12-31"])],
    planning: Planning,
    _: Viewer,
) -> ApiResponse[RoutinePreview, None]:
    """Which slots each date from `from` to `to` has, by the same computation as the daily load; at most 366 dates."""
    return ok(await planning.preview(routine_id, start=start, end=end))
