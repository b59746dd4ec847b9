"""Workers come, stay alive by heartbeats, and go; their announcements are the job catalog."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.engine import Row

from core_api.modules.workers import events
from core_api.modules.workers.exceptions import JobNotFound, WorkerNotRegistered
from core_api.modules.workers.repository import WorkerRepository
from core_api.modules.workers.schemas import JobRead, LostWorker, WorkerRead
from shared_schemas.jobs import WorkerRegistered, WorkerRegistration
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox

BEATS_PER_LEASE: Final = 3


class WorkerService:
    """What a worker tells about itself."""

    def __init__(self, workers: WorkerRepository, outbox: Outbox, clock: Clock, *, lease_seconds: float) -> None:
        self._workers = workers
        self._outbox = outbox
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)

    async def register(self, worker: WorkerRegistration) -> WorkerRegistered:
        """Writes a worker and its jobs down; repeating it changes nothing but the lease."""
        now = self._clock.now()
        jobs = list({job.name: job for job in worker.jobs}.values())
        await self._workers.upsert(worker, now=now, lease_until=now + self._lease)
        await self._workers.announce(jobs, queues=worker.queues, now=now)
        await self._workers.offer(worker.worker_id, sorted(job.name for job in jobs))
        self._outbox.add(events.registered(worker))
        await self._workers.wake()
        seconds = self._lease.total_seconds()
        return WorkerRegistered(lease_seconds=seconds, heartbeat_seconds=seconds / BEATS_PER_LEASE)

    async def beat(self, worker_id: str, *, draining: bool) -> bool:
        """Renews a worker's lease; says no when it is unknown or was lost, and has to register again."""
        now = self._clock.now()
        return await self._workers.beat(worker_id, draining=draining, now=now, lease_until=now + self._lease)

    async def deregister(self, worker_id: str) -> bool:
        """Forgets a worker that says goodbye."""
        return await self._workers.delete(worker_id)

    async def check(self, worker_id: str) -> None:
        """Raises `WorkerNotRegistered` for a worker that is unknown or was lost."""
        if not await self._workers.exists(worker_id):
            raise WorkerNotRegistered(worker_id)

    async def mark_lost(self) -> list[LostWorker]:
        """Workers whose lease ran out since the last call."""
        return await self._workers.mark_lost(now=self._clock.now())


class Catalog:
    """What people and other modules read."""

    def __init__(self, workers: WorkerRepository, clock: Clock) -> None:
        self._workers = workers
        self._clock = clock

    async def jobs(self) -> list[JobRead]:
        return [JobRead.model_validate(row) for row in await self._workers.jobs(now=self._clock.now())]

    async def job(self, name: str) -> JobRead:
        rows = await self._workers.jobs(now=self._clock.now(), name=name)
        if not rows:
            raise JobNotFound(name)
        return JobRead.model_validate(rows[0])

    async def workers(self, running: Mapping[str, int]) -> list[WorkerRead]:
        """All workers, the live ones first; `running` counts the runs of each."""
        now = self._clock.now()
        return [_worker(row, running=running.get(row.id, 0), now=now) for row in await self._workers.workers()]


def _worker(row: Row[Any], *, running: int, now: datetime) -> WorkerRead:
    lost = row.lost_at is not None or row.lease_until <= now
    return WorkerRead(
        id=row.id,
        host=row.host,
        pid=row.pid,
        queues=row.queues,
        slots=row.slots,
        running=running,
        version=row.version,
        status="lost" if lost else "draining" if row.draining else "alive",
        jobs=row.jobs,
        registered_at=row.registered_at,
        last_heartbeat_at=row.last_heartbeat_at,
        lost_at=row.lost_at or (row.lease_until if lost else None),
    )
