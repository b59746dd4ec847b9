"""Events about the engine itself and about data."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class DailyLoadCompleted(EventPayload):
    event_type: ClassVar[str] = "daily_load.completed"
    business_date: date
    trigger: str
    created: int
    already_there: int


class BackfillCreated(EventPayload):
    event_type: ClassVar[str] = "backfill.created"
    backfill_id: UUID
    name: str
    routines: int
    start: date
    end: date
    mode: str
    executions: int
    requested_by: str


class BackfillChanged(EventPayload):
    """A person paused, resumed or cancelled it."""

    event_type: ClassVar[str] = "backfill.changed"
    backfill_id: UUID
    name: str
    status: str
    changed_by: str


class BackfillFinished(EventPayload):
    """All its executions are over; `counts` are they by status. `status` is DONE, or CANCELLED if it was."""

    event_type: ClassVar[str] = "backfill.finished"
    backfill_id: UUID
    name: str
    status: str
    counts: dict[str, int]


class WorkerRegistered(EventPayload):
    event_type: ClassVar[str] = "worker.registered"
    worker_id: str
    host: str
    queues: list[str]
    slots: int


class WorkerLost(EventPayload):
    event_type: ClassVar[str] = "worker.lost"
    worker_id: str
    host: str
    executions: int


class DatasetLoaded(EventPayload):
    event_type: ClassVar[str] = "dataset.loaded"
    dataset: str
    reference_date: date
    release_id: UUID
    rows: int
    inserted: int
    updated: int
    deleted: int


class FileArrived(EventPayload):
    """A file is there that was not, or is another one than before: announced by whoever fetched or received it.

    `reference_date` is the date that its content is about, when that is known. `address` says where it lies.
    """

    event_type: ClassVar[str] = "file.arrived"
    name: str
    source: str
    reference_date: date | None
    address: str | None
    sha256: str
    size_bytes: int
