"""What tasks announce: through the outbox, in the transaction of the change. Never any text of a task."""

from typing import Any

from ai_svc.database import OUTBOX, SERVICE
from ai_svc.tasks.models import Task
from ai_svc.tasks.schemas import ClaimedTask, Counts
from shared_schemas.events.tasks import TaskCreated, TaskFinished, TaskProgressed, TaskStarted
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import WriteSession

OBSERVED_STEPS = 10
"""Progress is announced at every tenth of the way."""


def outbox_for(session: WriteSession, clock: Clock) -> Outbox:
    """The outbox of ai-svc in this session's transaction."""
    return Outbox(session, source_service=SERVICE, clock=clock, table=OUTBOX)


def created(task: Task) -> TaskCreated:
    return TaskCreated(task_id=task.id, kind=task.kind, owner=task.owner, items=task.items_total)


def started(task: ClaimedTask) -> TaskStarted:
    return TaskStarted(task_id=task.id, kind=task.kind, owner=task.owner, items=task.items_total, attempt=task.attempt)


def progressed(task: ClaimedTask, *, progress: float, failed: int = 0) -> TaskProgressed:
    return TaskProgressed(
        task_id=task.id,
        kind=task.kind,
        owner=task.owner,
        items=task.items_total,
        progress=round(progress, 4),
        items_failed=failed,
    )


def finished(row: Any) -> TaskFinished:
    """Of a task that is over."""
    return TaskFinished(
        task_id=row.id,
        kind=row.kind,
        owner=row.owner,
        items=row.items_total,
        status=row.status,
        error_code=row.error_code,
        items_failed=row.items_failed,
        seconds=round((row.finished_at - row.created_at).total_seconds(), 3),
    )


def is_a_step(counts: Counts) -> bool:
    """Whether this item was the one that completed a tenth."""
    if counts.total == 0:
        return False
    return counts.done * OBSERVED_STEPS // counts.total != (counts.done - 1) * OBSERVED_STEPS // counts.total
