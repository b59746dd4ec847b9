"""What must work before this worker counts as ready."""

from typing import Any

from shared_utils.http.health import ReadinessCheck, database_check, migration_check, redis_check
from worker_svc.database import MIGRATIONS_DIR, SCHEMA


class WorkerNotReadyError(RuntimeError):
    """Not registered with core-api, out of touch with it, or without a process to start jobs in."""


def checks() -> list[ReadinessCheck]:
    """Database, its schema, the streams Redis, and the runtime: registered, in touch, able to start a job."""
    return [
        database_check(),
        migration_check(MIGRATIONS_DIR, schema=SCHEMA),
        redis_check("streams"),
        ReadinessCheck("worker", _worker),
    ]


async def _worker(state: Any) -> None:
    if not state.worker.healthy:
        raise WorkerNotReadyError
