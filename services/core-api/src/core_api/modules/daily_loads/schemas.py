"""Shapes of daily loads."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core_api.inputs import Input

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


class DayRun(Output):
    """What "run the day now" did."""

    business_date: date
    created: int
    already_there: int
    brought_forward: int
