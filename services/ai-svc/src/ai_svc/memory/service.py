from datetime import datetime
from typing import Any
from uuid import UUID

from ai_svc.memory.models import Episode
from ai_svc.memory.repository import EpisodeReader, EpisodeWriter
from ai_svc.memory.schemas import EpisodeType
from shared_schemas.events.envelope import EventEnvelope, EventPayload
from shared_schemas.events.executions import ExecutionCancelled, ExecutionFailed, ExecutionRecovered, ExecutionSkipped
from shared_schemas.events.operations import DailyLoadCompleted, DatasetLoaded, WorkerLost
from shared_schemas.events.routines import RoutineCreated, RoutineDeleted, RoutineUpdated

CONTRACTS: dict[EpisodeType, type[EventPayload]] = {
    EpisodeType.EXECUTION_FAILED: ExecutionFailed,
    EpisodeType.EXECUTION_RECOVERED: ExecutionRecovered,
    EpisodeType.EXECUTION_CANCELLED: ExecutionCancelled,
    EpisodeType.EXECUTION_SKIPPED: ExecutionSkipped,
    EpisodeType.WORKER_LOST: WorkerLost,
    EpisodeType.DAILY_LOAD_COMPLETED: DailyLoadCompleted,
    EpisodeType.DATASET_LOADED: DatasetLoaded,
    EpisodeType.ROUTINE_CREATED: RoutineCreated,
    EpisodeType.ROUTINE_UPDATED: RoutineUpdated,
    EpisodeType.ROUTINE_DELETED: RoutineDeleted,
}
"""The contract that each notable event's payload must satisfy."""


class EpisodeService:
    """Reads what is remembered."""

    def __init__(self, episodes: EpisodeReader) -> None:
        self._episodes = episodes

    async def page(
        self, *, limit: int, event_type: EpisodeType | None, before: tuple[datetime, UUID] | None
    ) -> tuple[list[Episode], bool]:
        """One page, newest first, and whether there is another one after it."""
        found = await self._episodes.newest(limit=limit + 1, event_type=event_type, before=before)
        return found[:limit], len(found) > limit


class EpisodeRecorder:
    """Remembers notable events."""

    def __init__(self, episodes: EpisodeWriter) -> None:
        self._episodes = episodes

    async def record(self, envelope: EventEnvelope[Any], *, payload: EventPayload) -> bool:
        """Keeps an event; says whether it was new. Fields that its contract does not know are left behind."""
        return await self._episodes.add(
            {
                "event_id": envelope.event_id,
                "event_type": envelope.event_type,
                "occurred_at": envelope.occurred_at,
                "source_service": envelope.source_service,
                "correlation_id": envelope.correlation_id,
                "summary": payload.model_dump(mode="json"),
            }
        )
