"""What ai-svc reads of core-api to answer questions about routines and their failures."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class RoutineKnowledge(BaseModel):
    """A routine as people speak of it; `trigger` as its API has it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    name: str
    title: str
    description: str
    job: str
    trigger: dict[str, Any]
    time_zone: str
    priority: int
    paused: bool
    tags: list[str]
    depends_on: list[str]
    """Names of the routines that run before it."""
    updated_at: datetime


class RoutinePage(BaseModel):
    """Answer to `GET /internal/v1/knowledge/routines`, by id. `next` goes into `after`; None at the end."""

    model_config = ConfigDict(frozen=True)

    items: list[RoutineKnowledge]
    next: str | None


class ErrorKnowledge(BaseModel):
    """An execution that failed for good."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    routine_id: UUID
    routine_name: str
    routine_title: str
    job: str
    business_date: date
    finished_at: datetime
    attempts: int
    error_code: str | None
    error_message: str | None
    reason: str | None


class ErrorPage(BaseModel):
    """Answer to `GET /internal/v1/knowledge/errors`, the last that ended first. `next` goes into `after`."""

    model_config = ConfigDict(frozen=True)

    items: list[ErrorKnowledge]
    next: str | None
