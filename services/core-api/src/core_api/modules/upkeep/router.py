"""HTTP of the upkeep."""

from fastapi import APIRouter

from core_api.limits import LIMITED_WRITES
from core_api.modules.upkeep.dependencies import Audit, Upkeep
from core_api.modules.upkeep.schemas import MaintenanceRead, MaintenanceRequest
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin, InternalCaller

router = APIRouter(prefix="/scheduler", tags=["scheduler"])
internal = APIRouter(prefix="/scheduler", tags=["maintenance"], responses=problems(Unauthenticated))


@router.post(
    "/maintenance",
    summary="Remove old history",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden),
)
async def run_maintenance(
    upkeep: Upkeep, audit: Audit, caller: Admin, request: MaintenanceRequest | None = None
) -> ApiResponse[MaintenanceRead, None]:
    """Removes what is past its time, as the schedulers do every hour; with `dry_run` only shows it.

    Months of executions go whole, with attempts and logs; their daily statistics stay. The audit log is kept.
    """
    if request is not None and request.dry_run:
        return ok(await upkeep.preview())
    done = await upkeep.run()
    await audit.record(
        by=caller, action="maintenance.run", entity="history", entity_id="core", after=done.model_dump(mode="json")
    )
    return ok(done)


@internal.post("/maintenance", summary="Remove old history")
async def run_maintenance_internally(
    upkeep: Upkeep, _: InternalCaller, request: MaintenanceRequest | None = None
) -> MaintenanceRead:
    """The same for other services: the job `system.clean_logs` calls it."""
    if request is not None and request.dry_run:
        return await upkeep.preview()
    return await upkeep.run()
