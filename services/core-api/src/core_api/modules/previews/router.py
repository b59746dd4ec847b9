"""HTTP of previews."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query

from core_api.modules.previews.dependencies import Previews
from core_api.modules.previews.exceptions import PreviewTooLong
from core_api.modules.previews.schemas import DayPreview, RoutinePreview
from core_api.modules.routines.public import RoutineNotFound
from core_api.texts import DEFAULT_LANGUAGE
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

scheduler = APIRouter(prefix="/scheduler", tags=["scheduler"])
routines = APIRouter(prefix="/routines", tags=["routines"])


Language = Annotated[
    str, Header(alias="Accept-Language", max_length=200, description="pt-BR or en: the language of the texts.")
]


@routines.get(
    "/{routine_id}/preview",
    summary="Preview a routine's slots",
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound, PreviewTooLong),
)
async def preview_routine(
    routine_id: UUID,
    start: Annotated[date, Query(alias="from", examples=["2026-12-21"])],
    end: Annotated[date, Query(alias="to", examples=["2026-12-31"])],
    previews: Previews,
    _: Viewer,
    language: Language = DEFAULT_LANGUAGE,
) -> ApiResponse[RoutinePreview, None]:
    """Which slots each date from `from` to `to` has, by the same computation as the daily load; at most 366 dates."""
    return ok(await previews.preview(routine_id, start=start, end=end, language=language))


@scheduler.get("/preview", summary="Preview a day", responses=problems(Unauthenticated, Forbidden))
async def preview_day(
    business_date: Annotated[date, Query(alias="date", examples=["2026-12-24"])],
    previews: Previews,
    _: Viewer,
    limit: Annotated[int, Query(ge=1, le=5000, description="At most so many runs; `runs_total` counts all.")] = 1000,
    language: Language = DEFAULT_LANGUAGE,
) -> ApiResponse[DayPreview, None]:
    """What runs on a date in the order of the queue, by the daily load's computation; and why the others do not."""
    return ok(await previews.preview_day(business_date, limit=limit, language=language))
