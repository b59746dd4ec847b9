"""HTTP of the scheduler's log."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from core_api.modules.schedulers.dependencies import Schedulers
from core_api.modules.schedulers.schemas import LogEvent, SchedulerLogRead
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/scheduler", tags=["scheduler"])


@router.get("/logs", summary="Read the scheduler's log", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_logs(
    schedulers: Schedulers,
    _: Viewer,
    event: Annotated[list[LogEvent] | None, Query(description="Only these events.")] = None,
    level: Annotated[list[Literal["INFO", "WARNING", "ERROR"]] | None, Query(description="Only these levels.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[SchedulerLogRead], CursorMeta]:
    """What the system did by itself, newest first: daily loads, lost workers, recoveries, failures of its loops."""
    page, meta = await schedulers.log(cursor=cursor, events=event or (), levels=level or (), limit=limit)
    return ok(page, meta=meta)
