"""What can go wrong with tasks."""

from uuid import UUID

from shared_utils.errors import AppError, Conflict, Invalid, NotFound


class TaskNotFound(NotFound):
    code = "TASK_NOT_FOUND"

    def __init__(self, task_id: UUID) -> None:
        super().__init__(f"There is no task {task_id} of yours; GET /api/v1/ai/tasks lists them.")


class TaskIsOver(Conflict):
    """The task is over: there is nothing left to cancel."""

    code = "TASK_IS_OVER"


class IdempotencyKeyReused(Invalid):
    """The Idempotency-Key came with another request before: use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class TaskLost(AppError):
    """The attempt is no longer the task's: that was cancelled, or another runner took it over."""

    code = "TASK_LOST"
