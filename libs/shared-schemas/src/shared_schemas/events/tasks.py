"""`task.*`: announced by ai-svc about text and indexing tasks. Never any text: what it is, whose, and how far."""

from typing import ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class TaskEvent(EventPayload):
    """`kind` is for example `text.batch`; `owner` the subject of whoever asked; `items` is 0 unless it is a batch."""

    task_id: UUID
    kind: str
    owner: str
    items: int


class TaskCreated(TaskEvent):
    event_type: ClassVar[str] = "task.created"


class TaskStarted(TaskEvent):
    """A runner took it up; `attempt` is more than 1 after a failure or a crash."""

    event_type: ClassVar[str] = "task.started"
    attempt: int


class TaskProgressed(TaskEvent):
    """At every tenth of the way; `progress` runs from 0 to 1."""

    event_type: ClassVar[str] = "task.progressed"
    progress: float
    items_failed: int


class TaskFinished(TaskEvent):
    """It is over: `status` is SUCCEEDED, FAILED or CANCELLED. `seconds` is the time since it was created."""

    event_type: ClassVar[str] = "task.finished"
    status: str
    error_code: str | None
    items_failed: int
    seconds: float
