from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class EpisodeType(StrEnum):
    """Events worth remembering: what a person would tell about a day. Expected successes are counted in core-api."""

    EXECUTION_FAILED = "execution.failed"
    EXECUTION_RECOVERED = "execution.recovered"
    EXECUTION_CANCELLED = "execution.cancelled"
    EXECUTION_SKIPPED = "execution.skipped"
    WORKER_LOST = "worker.lost"
    DAILY_LOAD_COMPLETED = "daily_load.completed"
    DATASET_LOADED = "dataset.loaded"
    ROUTINE_CREATED = "routine.created"
    ROUTINE_UPDATED = "routine.updated"
    ROUTINE_DELETED = "routine.deleted"


class EpisodeRead(BaseModel):
    """A notable event. `summary` holds the event's payload as its contract in shared-schemas describes it."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    event_id: UUID
    event_type: EpisodeType
    occurred_at: datetime
    source_service: str
    correlation_id: str
    summary: dict[str, Any]
