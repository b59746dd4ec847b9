"""HTTP of daily loads."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.daily_loads.dependencies import Days, LoadReads
from core_api.modules.daily_loads.exceptions import DateTooFar, RangeTooLong
from core_api.modules.daily_loads.schemas import DailyLoadRead, DayRequest, DayRun, LoadDayRead
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Operator, Viewer

loads = APIRouter(prefix="/daily-loads", tags=["daily-loads"])
scheduler = APIRouter(prefix="/scheduler", tags=["scheduler"])


@loads.get("", summary="List daily loads", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_daily_loads(
    service: LoadReads,
    _: Viewer,
    business_date: Annotated[date | None, Query(description="Only loads of this date.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[DailyLoadRead], CursorMeta]:
    """Which days were written into the queue, when, by what and how many executions came of it; the newest first."""
    page, meta = await service.page(business_date=business_date, cursor=cursor, limit=limit)
    return ok(page, meta=meta)


@loads.get(
    "/days", summary="List days by how they were loaded", responses=problems(Unauthenticated, Forbidden, RangeTooLong)
)
async def list_load_days(
    service: LoadReads,
    _: Viewer,
    start: Annotated[date | None, Query(description="First date; a month before the last one when left out.")] = None,
    end: Annotated[date | None, Query(description="Last date; today when left out.")] = None,
) -> ApiResponse[list[LoadDayRead], None]:
    """Every date with its state: a day that no scheduler loaded is NOT_LOADED, one that lacks routines INCOMPLETE."""
    return ok(await service.days(start, end))


@scheduler.post(
    "/daily-load",
    summary="Load a day",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DateTooFar),
)
async def load_day(
    service: Days, caller: Operator, request: DayRequest | None = None
) -> ApiResponse[DailyLoadRead, None]:
    """Writes the executions of a day that are not in the queue yet; repeating it writes nothing."""
    return ok(await service.load_day(request.business_date if request else None, by=caller))


@scheduler.post(
    "/run",
    summary="Run a day now",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DateTooFar),
)
async def run_day(service: Days, caller: Operator, request: DayRequest | None = None) -> ApiResponse[DayRun, None]:
    """Loads the day if need be and makes all of it that still waits due now. Dependencies and pools still count."""
    return ok(await service.run_day(request.business_date if request else None, by=caller))
