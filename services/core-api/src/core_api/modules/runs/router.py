"""HTTP of runs by hand."""

from uuid import UUID

from fastapi import APIRouter, Response

from core_api.limits import LIMITED_WRITES, IdempotencyKey
from core_api.modules.daily_loads.public import DateTooFar
from core_api.modules.idempotency.public import IdempotencyKeyReused
from core_api.modules.params.public import ParamsInvalid, SecretParamMissing
from core_api.modules.queue.public import ExecutionRead
from core_api.modules.routines.public import RoutineNotFound
from core_api.modules.runs.dependencies import Runs
from core_api.modules.runs.schemas import RunMeta, RunRequest
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Operator

router = APIRouter(prefix="/routines", tags=["routines"])


@router.post(
    "/{routine_id}/run",
    summary="Run a routine",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(
        Unauthenticated,
        Forbidden,
        RoutineNotFound,
        ParamsInvalid,
        SecretParamMissing,
        DateTooFar,
        IdempotencyKeyReused,
    ),
)
async def run_routine(
    routine_id: UUID,
    response: Response,
    service: Runs,
    caller: Operator,
    request: RunRequest | None = None,
    idempotency_key: IdempotencyKey = None,
) -> ApiResponse[ExecutionRead, RunMeta]:
    """Puts an execution of the routine into the queue, due now, beside its scheduled ones.

    With `dry_run` the answer is 200 with what would be written and, in `reason`, what it would wait for right now.
    """
    wanted = request or RunRequest()
    read, meta = await service.run(routine_id, wanted, key=idempotency_key, by=caller)
    if wanted.dry_run:
        response.status_code = 200
    return ok(read, meta=meta)
