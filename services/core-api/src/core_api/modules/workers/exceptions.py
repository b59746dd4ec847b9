"""What can go wrong with workers and jobs."""

from shared_utils.errors import Conflict, NotFound


class WorkerNotRegistered(Conflict):
    code = "WORKER_NOT_REGISTERED"

    def __init__(self, worker_id: str) -> None:
        super().__init__(f"Worker {worker_id!r} is not registered, or was lost: register again, then repeat this.")


class JobNotFound(NotFound):
    code = "JOB_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"No worker has announced a job {name!r}; GET /api/v1/jobs lists the jobs that are known.")
