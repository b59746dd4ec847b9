"""Shapes of plans and of previews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core_api.modules.routines.public import RoutineSnapshot

# --- plans ----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A routine of which nobody can say whether it runs on a date, and why not."""

    routine_id: UUID
    routine_name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RoutineDay:
    """A routine on a business date, with its slots (aware, UTC, ascending)."""

    routine: RoutineSnapshot
    slots: Sequence[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """All that runs on a business date, and what cannot be said."""

    business_date: date
    routines: list[RoutineDay]
    unplanned: list[Unplanned]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessDates:
    """The dates of a range on which a routine runs; or why they are not known."""

    dates: Sequence[date]
    problem: Unplanned | None


# --- previews ----------------------------------------


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class PreviewDay(Output):
    """One date: the slots that a load of it writes for the routine. `note` says why the day is special, if it is."""

    business_date: date
    runs: bool
    note: str | None
    slots: list[datetime]


class RoutinePreview(Output):
    """What would run; a paused routine shows what it would do once resumed."""

    routine_id: UUID
    paused: bool
    time_zone: str
    days: list[PreviewDay]
