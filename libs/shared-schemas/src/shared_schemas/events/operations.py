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
