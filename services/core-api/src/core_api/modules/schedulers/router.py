"""HTTP of schedulers: their log, and loops that are begun anew."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.schedulers.dependencies import LoopRestarts, Schedulers
from core_api.modules.schedulers.exceptions import LoopUnknown, NoScheduler, RestartNotFound, SchedulerNotFound
from core_api.modules.schedulers.schemas import LogEvent, RestartRead, RestartRequest, SchedulerLogRead
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Operator, Viewer

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


@router.post(
    "/monitor/restart",
    summary="Restart loops",
    status_code=202,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, NoScheduler, SchedulerNotFound, LoopUnknown),
)
async def restart_loops(
    restarts: LoopRestarts, caller: Operator, request: RestartRequest | None = None
) -> ApiResponse[RestartRead, None]:
    """Asks the schedulers, or one, to begin their loops, or some, anew; each reports when it has.

    Steps at hand may end first, so no work is lost or done twice. Read the answer's id until it is `done`.
    """
    return ok(await restarts.ask(request or RestartRequest(), by=caller))


@router.get(
    "/monitor/restart/{restart_id}",
    summary="Read a restart",
    responses=problems(Unauthenticated, Forbidden, RestartNotFound),
)
async def get_restart(restart_id: UUID, schedulers: Schedulers, _: Viewer) -> ApiResponse[RestartRead, None]:
    """Which schedulers have restarted which loops."""
    return ok(await schedulers.restart(restart_id))
