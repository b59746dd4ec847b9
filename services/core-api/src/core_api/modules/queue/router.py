"""HTTP of the queue."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from core_api.modules.executions.public import ExecutionNotFound, ReasonCode, Status
from core_api.modules.queue.dependencies import Reads
from core_api.modules.queue.exceptions import SearchInvalid
from core_api.modules.queue.schemas import ExecutionRead, OutcomePage
from core_api.modules.queue.service import page_filter
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import InternalCaller, Viewer

router = APIRouter(prefix="/executions", tags=["executions"])
JobPrefix = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]

internal_queue = APIRouter(prefix="/executions", tags=["worker-protocol"], responses=problems(Unauthenticated))


@router.get("", summary="List executions", responses=problems(Unauthenticated, Forbidden, InvalidCursor, SearchInvalid))
async def list_executions(
    queue: Reads,
    _: Viewer,
    business_date: Annotated[
        date | None, Query(description="Only this business date, in the order of its day.")
    ] = None,
    status: Annotated[list[Status] | None, Query(description="Only these statuses.")] = None,
    routine_id: UUID | None = None,
    backfill_id: UUID | None = None,
    q: Annotated[
        str | None, Query(max_length=100, description="Part of the routine's name or title, or the job.")
    ] = None,
    tag: Annotated[str | None, Query(max_length=60, pattern="^[a-z0-9-]+$", description="Only with this tag.")] = None,
    reason: Annotated[
        ReasonCode | None, Query(description="Only what ended for this reason; WORKER_LOST is the quarantine.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[ExecutionRead], CursorMeta]:
    """A day's queue by slot, priority and id; without `business_date` everything, the newest slot first.

    Every execution that is not running says why in `reason`. With `business_date` text and tag are looked for in what
    the executions themselves carry, else in what their routines are called now.
    """
    wanted = page_filter(
        business_date=business_date,
        statuses=status or (),
        routine_id=routine_id,
        backfill_id=backfill_id,
        search=q,
        tag=tag,
        reason=reason,
    )
    page, meta = await queue.page(wanted, cursor=cursor, limit=limit)
    return ok(page, meta=meta)


@router.get(
    "/{execution_id}", summary="Read an execution", responses=problems(Unauthenticated, Forbidden, ExecutionNotFound)
)
async def get_execution(execution_id: UUID, queue: Reads, _: Viewer) -> ApiResponse[ExecutionRead, None]:
    """One execution with its reason, result, warnings and error."""
    return ok(await queue.get(execution_id))


@internal_queue.get("/outcomes", summary="A day's outcomes", responses=problems(InvalidCursor))
async def list_outcomes_internally(
    queue: Reads,
    _: InternalCaller,
    business_date: Annotated[date, Query(description="The business date.")],
    job: Annotated[
        list[JobPrefix] | None, Query(max_length=50, description="Only jobs whose names begin like one of these.")
    ] = None,
    tag: Annotated[str | None, Query(max_length=60, pattern="^[a-z0-9-]+$", description="Only with this tag.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> OutcomePage:
    """Results, warnings and errors of a business date's executions, in the order of the day, for other services."""
    return await queue.outcomes(business_date, jobs=job or (), tag=tag, cursor=cursor, limit=limit)


@internal_queue.get("/{execution_id}", summary="Read an execution", responses=problems(ExecutionNotFound))
async def get_execution_internally(execution_id: UUID, queue: Reads, _: InternalCaller) -> ExecutionRead:
    """One execution, for other services."""
    return await queue.get(execution_id)
