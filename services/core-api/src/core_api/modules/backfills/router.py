"""HTTP of backfills."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from core_api.limits import LIMITED_WRITES, IdempotencyKey
from core_api.modules.backfills.dependencies import Backfills, HoldFirst, Reads
from core_api.modules.backfills.exceptions import (
    BackfillEmpty,
    BackfillNotFound,
    BackfillNotPlannable,
    BackfillRoutinesUnknown,
    BackfillSelectsNothing,
    BackfillState,
    BackfillTooLarge,
)
from core_api.modules.backfills.schemas import (
    BackfillCreate,
    BackfillDetail,
    BackfillPreview,
    BackfillRange,
    BackfillRead,
    BackfillStatus,
    CancelRequest,
)
from core_api.modules.daily_loads.public import DateTooFar
from core_api.modules.idempotency.public import IdempotencyKeyReused
from core_api.modules.params.public import ParamsInvalid, SecretParamMissing
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Operator, Viewer

router = APIRouter(prefix="/backfills", tags=["backfills"])

_RANGE_PROBLEMS = (
    DateTooFar,
    BackfillRoutinesUnknown,
    BackfillSelectsNothing,
    BackfillTooLarge,
    ParamsInvalid,
    SecretParamMissing,
)
_MOVE_PROBLEMS = problems(Unauthenticated, Forbidden, BackfillNotFound, BackfillState)


@router.post("/preview", summary="Preview a backfill", responses=problems(Unauthenticated, Forbidden, *_RANGE_PROBLEMS))
async def preview_backfill(request: BackfillRange, backfills: Reads, _: Operator) -> ApiResponse[BackfillPreview, None]:
    """The business dates of each routine, what is there already and what would run. Writes nothing."""
    return ok(await backfills.preview(request))


@router.post(
    "",
    summary="Create a backfill",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated, Forbidden, *_RANGE_PROBLEMS, BackfillEmpty, BackfillNotPlannable, IdempotencyKeyReused
    ),
)
async def create_backfill(
    request: BackfillCreate,
    response: Response,
    backfills: Backfills,
    caller: Operator,
    idempotency_key: IdempotencyKey = None,
) -> ApiResponse[BackfillDetail, None]:
    """Writes an execution per routine and business date, as one object with a cap and a priority of its own.

    The same request again answers 200 with the existing backfill, whatever its state, and creates nothing.
    """
    backfill, created = await backfills.create(request, key=idempotency_key, by=caller)
    if not created:
        response.status_code = 200
    return ok(backfill)


@router.get("", summary="List backfills", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_backfills(
    backfills: Reads,
    _: Viewer,
    status: Annotated[list[BackfillStatus] | None, Query(description="Only these statuses.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[BackfillRead], CursorMeta]:
    """Backfills with their progress, the newest first."""
    page, meta = await backfills.page(statuses=status or (), cursor=cursor, limit=limit)
    return ok(page, meta=meta)


@router.get(
    "/{backfill_id}", summary="Read a backfill", responses=problems(Unauthenticated, Forbidden, BackfillNotFound)
)
async def get_backfill(backfill_id: UUID, backfills: Reads, _: Viewer) -> ApiResponse[BackfillDetail, None]:
    """One backfill with its progress by status and by business date."""
    return ok(await backfills.get(backfill_id))


@router.post("/{backfill_id}/pause", summary="Pause a backfill", dependencies=LIMITED_WRITES, responses=_MOVE_PROBLEMS)
async def pause_backfill(
    backfill_id: UUID, backfills: Backfills, caller: Operator
) -> ApiResponse[BackfillDetail, None]:
    """Starts nothing more of it until it is resumed; what runs goes on."""
    return ok(await backfills.pause(backfill_id, by=caller))


@router.post(
    "/{backfill_id}/resume", summary="Resume a backfill", dependencies=LIMITED_WRITES, responses=_MOVE_PROBLEMS
)
async def resume_backfill(
    backfill_id: UUID, backfills: Backfills, caller: Operator
) -> ApiResponse[BackfillDetail, None]:
    """Goes on where it was paused."""
    return ok(await backfills.resume(backfill_id, by=caller))


@router.post(
    "/{backfill_id}/cancel", summary="Cancel a backfill", dependencies=LIMITED_WRITES, responses=_MOVE_PROBLEMS
)
async def cancel_backfill(
    backfill_id: UUID, hold: HoldFirst, backfills: Backfills, caller: Operator, request: CancelRequest | None = None
) -> ApiResponse[BackfillDetail, None]:
    """Cancels all that waits and, unless `keep_running`, asks what runs to stop. It cannot be resumed."""
    wanted = request or CancelRequest()
    await hold(backfill_id)
    return ok(await backfills.cancel(backfill_id, keep_running=wanted.keep_running, by=caller))
