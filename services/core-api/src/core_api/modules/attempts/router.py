"""HTTP of the worker protocol, and of attempts and logs for people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from core_api.modules.attempts.dependencies import Logs, Protocol, Registry, WorkerCaller
from core_api.modules.attempts.exceptions import WorkersOnly
from core_api.modules.attempts.schemas import MAX_COUNT, AttemptRead, LogLineRead
from core_api.modules.executions.public import ExecutionNotFound
from core_api.modules.workers.public import WorkerNotRegistered
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_schemas.jobs import (
    ClaimReply,
    ClaimRequest,
    FinishReply,
    FinishRequest,
    Heartbeat,
    HeartbeatReply,
    LogBatch,
    LogReply,
    WorkerId,
    WorkerRegistered,
    WorkerRegistration,
)
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/executions", tags=["executions"])
internal_workers = APIRouter(
    prefix="/workers", tags=["worker-protocol"], responses=problems(Unauthenticated, WorkersOnly)
)
internal_executions = APIRouter(
    prefix="/executions", tags=["worker-protocol"], responses=problems(Unauthenticated, WorkersOnly)
)

WorkerPath = Annotated[WorkerId, Path()]


_PROBLEMS = problems(Unauthenticated, Forbidden, ExecutionNotFound)


@router.get("/{execution_id}/attempts", summary="List attempts", responses=_PROBLEMS)
async def list_attempts(execution_id: UUID, logs: Logs, _: Viewer) -> ApiResponse[list[AttemptRead], None]:
    """Every try of an execution: where it ran, when, and how it ended."""
    return ok(await logs.attempts(execution_id))


@router.get("/{execution_id}/logs", summary="Read log lines", responses=_PROBLEMS | problems(InvalidCursor))
async def list_log_lines(
    execution_id: UUID,
    logs: Logs,
    _: Viewer,
    attempt: Annotated[int | None, Query(ge=1, lt=MAX_COUNT, description="Only lines of this attempt.")] = None,
    after_seq: Annotated[int | None, Query(ge=0, lt=MAX_COUNT, description="Only lines after this one.")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> ApiResponse[list[LogLineRead], CursorMeta]:
    """Log lines by attempt and seq; the worker need not be there any more."""
    page, meta = await logs.page(execution_id, attempt=attempt, after_seq=after_seq, cursor=cursor, limit=limit)
    return ok(page, meta=meta)


@internal_workers.post("", summary="Register a worker")
async def register(worker: WorkerRegistration, registry: Registry, _: WorkerCaller) -> WorkerRegistered:
    """Announces a worker: queues, slots, jobs. Repeat it whenever a heartbeat answers `registered: false`."""
    return await registry.register(worker)


@internal_workers.post("/{worker_id}/heartbeat", summary="Renew leases")
async def heartbeat(worker_id: WorkerPath, beat: Heartbeat, protocol: Protocol, _: WorkerCaller) -> HeartbeatReply:
    """Renews the leases of the worker and its attempts. Stop what is `revoked`; cancel what is in `cancel`."""
    return await protocol.heartbeat(worker_id, beat)


@internal_workers.post("/{worker_id}/deregister", summary="Say goodbye", status_code=204)
async def deregister(worker_id: WorkerPath, protocol: Protocol, _: WorkerCaller) -> None:
    """Forgets the worker. Whatever it still ran is recovered at once, so finish or hand back first."""
    await protocol.deregister(worker_id)


@internal_executions.post("/claim", summary="Claim executions", responses=problems(WorkerNotRegistered))
async def claim(request: ClaimRequest, protocol: Protocol, _: WorkerCaller) -> ClaimReply:
    """Starts an attempt of the most urgent executions that this worker can run: one for each id, not always those.

    Entries of a work stream only wake a worker (E4). `refused` are the ids that are not among what was claimed.

    409 `WORKER_NOT_REGISTERED`: register, then claim again; nothing was claimed.
    """
    return await protocol.claim(request)


@internal_executions.post("/finish", summary="Report results")
async def finish(request: FinishRequest, protocol: Protocol, _: WorkerCaller) -> FinishReply:
    """Takes results in; repeat until each is `accepted` or `fenced`. Repeating an accepted one changes nothing."""
    return await protocol.finish(request)


@internal_executions.post("/logs", summary="Append log lines")
async def log(batch: LogBatch, protocol: Protocol, _: WorkerCaller) -> LogReply:
    """Appends log lines; a line that is there already (by attempt and seq) is not written again."""
    return await protocol.log(batch)
