"""Shapes of plans and of previews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
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


class ReasonAgainst(StrEnum):
    """Why a routine has no slot on a date, for programs. `preview.reason.*` of the texts says it in words."""

    MANUAL_ONLY = "MANUAL_ONLY"
    EVENT_DRIVEN = "EVENT_DRIVEN"
    PAUSED = "PAUSED"
    NOT_COVERED = "NOT_COVERED"
    NOT_A_BUSINESS_DAY = "NOT_A_BUSINESS_DAY"
    DAY_GROUP = "DAY_GROUP"
    TRIGGER = "TRIGGER"


# --- previews ----------------------------------------


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class WhyNot(Output):
    """Why a routine does not run: a stable code, what it is about, and the same in words."""

    code: str
    context: dict[str, Any]
    text: str


class PreviewDay(Output):
    """One date: the slots that a load of it writes for the routine, or the reason why there are none.

    `note` says why the day is special, if it is.
    """

    business_date: date
    runs: bool
    note: str | None
    slots: list[datetime]
    reason: WhyNot | None


class RoutinePreview(Output):
    """What would run; a paused routine shows what it would do once resumed."""

    routine_id: UUID
    paused: bool
    time_zone: str
    days: list[PreviewDay]


class DayPreviewRun(Output):
    """One execution that the load of the date writes (or wrote)."""

    routine_id: UUID
    routine_name: str
    title: str
    job: str
    priority: int
    slot: datetime
    time_zone: str


class DayPreviewAbsence(Output):
    """A routine that does not run on the date."""

    routine_id: UUID
    routine_name: str
    title: str
    day_group: str | None
    note: str | None
    reason: WhyNot


class CalendarNote(Output):
    """What a calendar that some routine follows says about the date; null when it says nothing about it.

    The note is a holiday's name or an override's reason.
    """

    calendar_code: str
    is_business_day: bool | None
    note: str | None


class DayPreview(Output):
    """What runs on a date, in the order of the queue, and why the other routines do not."""

    business_date: date
    calendars: list[CalendarNote]
    runs: list[DayPreviewRun]
    runs_total: int
    not_running: list[DayPreviewAbsence]
