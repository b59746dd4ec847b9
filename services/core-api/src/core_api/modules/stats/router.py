"""HTTP of statistics."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from core_api.modules.stats.dependencies import Stats
from core_api.modules.stats.exceptions import RangeInvalid
from core_api.modules.stats.schemas import DaysRead, RoutineOrder, RoutinesRead
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/stats", tags=["stats"])
of_routine = APIRouter(prefix="/routines", tags=["stats"])

_PROBLEMS = problems(Unauthenticated, Forbidden, RangeInvalid)
Start = Annotated[date | None, Query(description="The first business date; without it 30 days up to `end`.")]
End = Annotated[date | None, Query(description="The last business date; without it today in São Paulo.")]


@router.get("/days", summary="Statistics by day", responses=_PROBLEMS)
async def stats_by_day(stats: Stats, _: Viewer, start: Start = None, end: End = None) -> ApiResponse[DaysRead, None]:
    """All routines together, per business date and in all; at most 400 days. Today is counted as it stands."""
    return ok(await stats.days(start=start, end=end))


@router.get("/routines", summary="Statistics by routine", responses=_PROBLEMS)
async def stats_by_routine(
    stats: Stats,
    _: Viewer,
    start: Start = None,
    end: End = None,
    order: Annotated[RoutineOrder, Query(description="The largest first; `name` alphabetically.")] = RoutineOrder.NAME,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ApiResponse[RoutinesRead, None]:
    """Each routine with its runs, rates, durations and start delays over all the dates together."""
    return ok(await stats.routines(start=start, end=end, order=order, limit=limit))


@of_routine.get("/{routine_id}/stats", summary="Statistics of a routine", responses=_PROBLEMS)
async def stats_of_routine(
    routine_id: UUID, stats: Stats, _: Viewer, start: Start = None, end: End = None
) -> ApiResponse[DaysRead, None]:
    """One routine, per business date and in all. A deleted one keeps its numbers; an unknown one has none."""
    return ok(await stats.days(start=start, end=end, routine_id=routine_id))
