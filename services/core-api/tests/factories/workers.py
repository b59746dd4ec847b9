"""Workers for tests: registered through the protocol."""

from collections.abc import Sequence

from core_api.modules.workers.public import worker_service
from shared_schemas.jobs import JobDescriptor, WorkerRegistration
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

LEASE_SECONDS = 9.0
JOBS = ("b3.cotahist.download", "b3.cotahist.load", "system.check")


def descriptor(name: str) -> JobDescriptor:
    return JobDescriptor(name=name, title=name, description="", params_schema={"type": "object"})


def registration(
    worker_id: str = "worker-one",
    *,
    slots: int = 4,
    queues: Sequence[str] = ("default",),
    jobs: Sequence[str] = JOBS,
) -> WorkerRegistration:
    return WorkerRegistration(
        worker_id=worker_id,
        host="host-1",
        pid=4242,
        queues=list(queues),
        slots=slots,
        version="0.1.0",
        jobs=[descriptor(name) for name in jobs],
    )


async def register(
    session: WriteSession,
    clock: Clock,
    worker_id: str = "worker-one",
    *,
    slots: int = 4,
    queues: Sequence[str] = ("default",),
    jobs: Sequence[str] = JOBS,
) -> str:
    """A live worker; returns its id."""
    service = worker_service(session, clock=clock, lease_seconds=LEASE_SECONDS)
    await service.register(registration(worker_id, slots=slots, queues=queues, jobs=jobs))
    return worker_id
