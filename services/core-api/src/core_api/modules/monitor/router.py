"""HTTP of the monitor."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.monitor.dependencies import Checked, Monitor
from core_api.modules.monitor.schemas import CheckRead, MonitorStatus, QueueStatus
from core_api.modules.workers.public import WorkerRead
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Operator, Viewer

scheduler = APIRouter(prefix="/scheduler", tags=["scheduler"])
workers = APIRouter(prefix="/workers", tags=["workers"])

_PROBLEMS = problems(Unauthenticated, Forbidden)


@scheduler.get("/queue/status", summary="How a day stands", responses=_PROBLEMS)
async def queue_status(
    monitor: Monitor,
    _: Viewer,
    business_date: Annotated[date | None, Query(description="Without it today in São Paulo.")] = None,
) -> ApiResponse[QueueStatus, None]:
    """Counts by status, what the calendars say about the date, and how many schedulers, workers and slots there are."""
    return ok(await monitor.queue_status(business_date))


@scheduler.get("/monitor/status", summary="Health of the engine", responses=_PROBLEMS)
async def monitor_status(monitor: Monitor, _: Viewer) -> ApiResponse[MonitorStatus, None]:
    """Schedulers with their loops, workers with what they run, queues, streams, stores, and what needs a person.

    A Redis that is away is told of under `streams` and in `problems`; it is no error of this route.
    """
    return ok(await monitor.status())


@scheduler.post(
    "/monitor/check", summary="Check the engine's health now", dependencies=LIMITED_WRITES, responses=_PROBLEMS
)
async def check_health(found: Checked, _: Operator) -> ApiResponse[CheckRead, None]:
    """What the schedulers do every hour: looks at everything and keeps the outcome in the log as HEALTH_CHECK."""
    return ok(found)


@workers.get("", summary="List workers", responses=_PROBLEMS)
async def list_workers(monitor: Monitor, _: Viewer) -> ApiResponse[list[WorkerRead], None]:
    """Workers with their load, the live ones first; lost ones are kept for a week."""
    return ok(await monitor.workers())
