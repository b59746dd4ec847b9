"""Shapes of routines, their triggers, and the pure computation of slots from a trigger (DESIGN, E2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from core_api.inputs import Input, JsonObject, LongText, StorableText, Title
from shared_schemas.jobs import JobName, QueueName

MINUTES_A_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot:
    """One execution to be: a routine on one slot, with a snapshot of all that the queue needs of the routine."""

    routine_id: UUID
    routine_name: str
    title: str
    slot: datetime
    business_date: date
    job: str
    params: dict[str, Any]
    queue: str
    priority: int
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    depends_on: tuple[UUID, ...]
    max_attempts: int
    max_recoveries: int
    retry: dict[str, Any]
    timeout_seconds: int | None
    trigger: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRoutine:
    """A routine whose executions in the queue no longer match it. Hand it back to `mark_loaded` when they do again."""

    id: UUID
    name: str
    time_zone: str
    version: int
    revision: int | None
    active: bool
    """False when it is paused or deleted: its untouched executions leave the queue and none are written."""
