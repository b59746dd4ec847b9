"""What other modules may ask of workers and jobs."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from core_api.announcing import outbox_for
from core_api.modules.workers import events
from core_api.modules.workers.exceptions import WorkerNotRegistered
from core_api.modules.workers.models import Worker
from core_api.modules.workers.repository import WorkerRepository
from core_api.modules.workers.schemas import JobRead, LostWorker, WorkerRead
from core_api.modules.workers.service import Catalog, WorkerService
from shared_utils.clock import Clock, utc_now
from shared_utils.db.retention import Retention
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "RETENTIONS",
    "Catalog",
    "JobRead",
    "LostWorker",
    "WorkerNotRegistered",
    "WorkerRead",
    "WorkerService",
    "capacity",
    "catalog",
    "job_names",
    "job_schemas",
    "lost_event",
    "worker_service",
]

lost_event = events.lost
RETENTIONS: Final = (Retention(table=Worker.__table__, at="lost_at", days=7),)


def worker_service(session: WriteSession, *, clock: Clock, lease_seconds: float) -> WorkerService:
    """The registry within one transaction."""
    outbox = outbox_for(session, clock)
    return WorkerService(WorkerRepository(session), outbox, clock, lease_seconds=lease_seconds)


def catalog(session: ReadSession, *, clock: Clock) -> Catalog:
    """Jobs and workers as people see them."""
    return Catalog(WorkerRepository(session), clock)


async def job_schemas(session: ReadSession, names: Collection[str] | None = None) -> dict[str, Mapping[str, Any]]:
    """The JSON schemas of the params of all jobs, or of these; a job that no worker ever announced is absent."""
    return await WorkerRepository(session).schemas(names) if names is None or names else {}


async def job_names(session: ReadSession) -> list[str]:
    """The names of all jobs in the catalog, sorted."""
    return [row.name for row in await WorkerRepository(session).jobs(now=utc_now())]


async def capacity(session: ReadSession, *, now: datetime) -> tuple[int, int]:
    """How many workers are alive, and how many slots they have."""
    row = await WorkerRepository(session).capacity(now=now)
    return int(row.workers), int(row.slots)
