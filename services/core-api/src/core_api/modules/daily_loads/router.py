"""HTTP of loads and of runs by hand."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.daily_loads.dependencies import LoadReads, Runs
from core_api.modules.daily_loads.exceptions import DateTooFar, IdempotencyKeyReused
from core_api.modules.daily_loads.schemas import DailyLoadRead, DayRequest, DayRun, RunRequest
from core_api.modules.queue.public import ExecutionRead
from core_api.modules.routines.public import ParamsInvalid, RoutineNotFound
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Operator, Viewer

loads = APIRouter(prefix="/daily-loads", tags=["daily-loads"])
scheduler = APIRouter(prefix="/scheduler", tags=["scheduler"])
runs = APIRouter(prefix="/routines", tags=["routines"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeating a request with its key gives the same execution and creates nothing. Kept for 24 hours.",
    ),
]


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


@scheduler.post(
    "/daily-load",
    summary="Load a day",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DateTooFar),
)
async def load_day(
    service: Runs, caller: Operator, request: DayRequest | None = None
) -> ApiResponse[DailyLoadRead, None]:
    """Writes the executions of a day that are not in the queue yet; repeating it writes nothing."""
    return ok(await service.load_day(request.business_date if request else None, by=caller))


@scheduler.post(
    "/run",
    summary="Run a day now",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DateTooFar),
)
async def run_day(service: Runs, caller: Operator, request: DayRequest | None = None) -> ApiResponse[DayRun, None]:
    """Loads the day if need be and makes all of it that still waits due now. Dependencies and pools still count."""
    return ok(await service.run_day(request.business_date if request else None, by=caller))


@runs.post(
    "/{routine_id}/run",
    summary="Run a routine",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound, ParamsInvalid, DateTooFar, IdempotencyKeyReused),
)
async def run_routine(
    routine_id: UUID,
    service: Runs,
    caller: Operator,
    request: RunRequest | None = None,
    idempotency_key: IdempotencyKey = None,
) -> ApiResponse[ExecutionRead, None]:
    """Puts an execution of the routine into the queue, due now, beside its scheduled ones."""
    return ok(await service.run(routine_id, request or RunRequest(), key=idempotency_key, by=caller))
