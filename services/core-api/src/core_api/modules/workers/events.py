"""What the registry announces."""

from shared_schemas.events.operations import WorkerLost, WorkerRegistered
from shared_schemas.jobs import WorkerRegistration


def registered(worker: WorkerRegistration) -> WorkerRegistered:
    return WorkerRegistered(
        worker_id=worker.worker_id, host=worker.host, queues=sorted(set(worker.queues)), slots=worker.slots
    )


def lost(*, worker_id: str, host: str, executions: int) -> WorkerLost:
    return WorkerLost(worker_id=worker_id, host=host, executions=executions)
