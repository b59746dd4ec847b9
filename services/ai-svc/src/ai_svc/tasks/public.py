"""What other parts may do with tasks: put work into them, provide handlers, erase a person's."""

from ai_svc.tasks.exceptions import IdempotencyKeyReused, TaskIsOver, TaskLost, TaskNotFound
from ai_svc.tasks.repository import TaskWriter
from ai_svc.tasks.schemas import (
    ItemOutcome,
    ItemRead,
    ItemStatus,
    NewTask,
    RunnerLimits,
    TaskError,
    TaskRead,
    TaskStatus,
    WorkItem,
)
from ai_svc.tasks.service import (
    OUTBOX_CHANNEL,
    OVER_CHANNEL,
    WAKE_CHANNEL,
    Handler,
    TaskService,
    Work,
)
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

__all__ = [
    "OUTBOX_CHANNEL",
    "OVER_CHANNEL",
    "WAKE_CHANNEL",
    "Handler",
    "IdempotencyKeyReused",
    "ItemOutcome",
    "ItemRead",
    "ItemStatus",
    "NewTask",
    "RunnerLimits",
    "TaskError",
    "TaskIsOver",
    "TaskLost",
    "TaskNotFound",
    "TaskRead",
    "TaskService",
    "TaskStatus",
    "Work",
    "WorkItem",
    "enqueue",
    "erase",
]


async def enqueue(session: WriteSession, new: NewTask, *, clock: Clock) -> TaskRead:
    """Writes a task in the caller's transaction; a runner takes it up after the commit.

    Raises `IdempotencyKeyReused` when its key stands for another request.
    """
    return await TaskService(session, clock, retention_days=0).create(new)


async def erase(session: WriteSession, owner: str) -> int:
    """Removes a person's tasks with all their texts; returns how many there were."""
    return await TaskWriter(session).erase(owner)
