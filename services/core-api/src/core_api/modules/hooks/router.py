"""HTTP of webhooks: programs call them, administrators make their secrets."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends

from core_api.limits import LIMITED_WRITES
from core_api.modules.daily_loads.public import DateTooFar
from core_api.modules.hooks.dependencies import Call, HookReads, Hooks
from core_api.modules.hooks.exceptions import (
    HookBodyInvalid,
    HookNotInUse,
    HookPaused,
    HookRefused,
    HookSecretMissing,
    HookTooLarge,
)
from core_api.modules.hooks.schemas import HookAnswer, HookSecret, HookSecretRead
from core_api.modules.idempotency.public import IdempotencyKeyReused
from core_api.modules.params.public import ParamsInvalid, SecretParamMissing
from core_api.modules.routines.public import RoutineNotFound
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, TooManyRequests, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.rate_limit import rate_limit_by_client
from shared_utils.http.security import Admin

hooks = APIRouter(prefix="/hooks", tags=["webhooks"])
secrets = APIRouter(prefix="/routines", tags=["webhooks"])

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": False,
        "content": {
            "application/json": {
                "schema": {"type": "object", "additionalProperties": True},
                "example": {"params": {"days": 3}, "business_date": "2026-11-20"},
            }
        },
    }
}


@hooks.post(
    "/{routine_id}",
    summary="Call a routine's webhook",
    status_code=202,
    dependencies=[Depends(rate_limit_by_client("120/minute", scope="hook"))],
    responses=problems(
        HookRefused,
        HookTooLarge,
        HookBodyInvalid,
        HookPaused,
        HookNotInUse,
        ParamsInvalid,
        SecretParamMissing,
        DateTooFar,
        IdempotencyKeyReused,
        TooManyRequests,
    ),
    openapi_extra=_BODY,
)
async def call_hook(routine_id: UUID, call: Call, service: Hooks) -> ApiResponse[HookAnswer, None]:
    """Starts the routine for a program that knows its secret, sent as a bearer token or used to sign the body.

    `params` of a JSON body replace the routine's own by name, `business_date` says which date; the whole body, at most
    64 KiB, is kept with the execution. The same `Idempotency-Key` or `X-GitHub-Delivery` gives the same execution.
    """
    return ok(await service.call(routine_id, call))


@secrets.post(
    "/{routine_id}/webhook-secret",
    summary="Make a webhook's secret",
    status_code=201,
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound),
)
async def new_hook_secret(routine_id: UUID, service: Hooks, caller: Admin) -> ApiResponse[HookSecret, None]:
    """Makes a new secret and shows it, this once. The one before ends at the same moment."""
    return ok(await service.new_secret(routine_id, by=caller))


@secrets.get(
    "/{routine_id}/webhook-secret",
    summary="Read about a webhook's secret",
    responses=problems(Unauthenticated, Forbidden, RoutineNotFound, HookSecretMissing),
)
async def get_hook_secret(routine_id: UUID, service: HookReads, _: Admin) -> ApiResponse[HookSecretRead, None]:
    """Who made the secret, and when; the secret itself is not kept."""
    return ok(await service.secret(routine_id))
