"""HTTP of what an operator does to executions."""

from uuid import UUID

from fastapi import APIRouter

from core_api.limits import LIMITED_WRITES
from core_api.modules.actions.dependencies import Actions
from core_api.modules.actions.schemas import ActionRequest, BulkRequest, BulkResult, RetryMeta, RetryRequest
from core_api.modules.executions.public import ExecutionNotFound, IllegalTransition
from core_api.modules.queue.public import ExecutionRead
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Operator

router = APIRouter(prefix="/executions", tags=["executions"])

_PROBLEMS = problems(Unauthenticated, Forbidden, ExecutionNotFound, IllegalTransition)


@router.post(
    "/bulk",
    summary="Act on many executions",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden),
)
async def act_on_executions(request: BulkRequest, actions: Actions, caller: Operator) -> ApiResponse[BulkResult, None]:
    """Cancels, retries or runs now up to 1,000 executions, and says of each what became of it.

    A filter without statuses finds those that the action is possible for.
    """
    return ok(await actions.bulk(request, by=caller))


@router.post("/{execution_id}/cancel", summary="Cancel an execution", dependencies=LIMITED_WRITES, responses=_PROBLEMS)
async def cancel_execution(execution_id: UUID, actions: Actions, caller: Operator) -> ApiResponse[ExecutionRead, None]:
    """Cancels what waits at once. What runs is asked to stop, and is CANCELLED once nothing of it runs any more."""
    return ok(await actions.cancel(execution_id, by=caller))


@router.post("/{execution_id}/retry", summary="Retry an execution", dependencies=LIMITED_WRITES, responses=_PROBLEMS)
async def retry_execution(
    execution_id: UUID, actions: Actions, caller: Operator, request: RetryRequest | None = None
) -> ApiResponse[ExecutionRead, RetryMeta]:
    """Opens a FAILED, CANCELLED or SKIPPED execution again, due now, with all attempts anew.

    With it comes what waits for it and did not come to run, unless `with_downstream` is false; `meta` names it.
    """
    wanted = request or RetryRequest()
    read, meta = await actions.retry(
        execution_id, with_downstream=wanted.with_downstream, everything=wanted.mode == "all", by=caller
    )
    return ok(read, meta=meta)


@router.post(
    "/{execution_id}/run-now", summary="Run an execution now", dependencies=LIMITED_WRITES, responses=_PROBLEMS
)
async def run_execution_now(
    execution_id: UUID, actions: Actions, caller: Operator, request: ActionRequest | None = None
) -> ApiResponse[ExecutionRead, None]:
    """Makes a PENDING execution due now, instead of at its slot or its next retry."""
    wanted = request or ActionRequest()
    return ok(await actions.run_now(execution_id, with_downstream=wanted.with_downstream, by=caller))
