"""Shapes of daily loads and of manual runs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core_api.inputs import Input, JsonObject

Trigger = Literal["schedule", "startup", "manual", "routine_change", "seed"]


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class DailyLoadRead(Output):
    """One load. `created` executions are new; `already_there` were in the queue before."""

    id: UUID
    business_date: date
    trigger: Trigger
    requested_by: str | None
    started_at: datetime
    finished_at: datetime
    created: int
    already_there: int
    routines: int


class DayRequest(Input):
    """Which day; without a date today in São Paulo."""

    business_date: date | None = None


class RunRequest(Input):
    """A run of a routine by hand. `params` replace the routine's own by name, for this run only."""

    business_date: date | None = None
    params: JsonObject = Field(default_factory=dict)
    with_downstream: bool = False


class DayRun(Output):
    """What "run the day now" did."""

    business_date: date
    created: int
    already_there: int
    brought_forward: int


@dataclass(frozen=True, slots=True)
class StoredKey:
    body_hash: str
    execution_ids: tuple[UUID, ...]
