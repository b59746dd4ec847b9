"""Shapes of previews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class WhyNot(Output):
    """Why a routine does not run: a stable code, what it is about, and the same in words."""

    code: str
    context: dict[str, Any]
    text: str


class PreviewDay(Output):
    """One date: the slots that a load of it writes for the routine, or the reason why there are none.

    With UPSTREAM_NOT_PLANNED there are slots, and the load writes them as SKIPPED. `note` says why the day is special,
    if it is.
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


class UpstreamRun(Output):
    """What a run waits for: the upstream's execution of this business date."""

    routine_id: UUID
    business_date: date


class DayPreviewRun(Output):
    """One execution that the load of the date writes (or wrote). `skipped` says why it is written as SKIPPED, if so."""

    routine_id: UUID
    routine_name: str
    title: str
    job: str
    priority: int
    slot: datetime
    time_zone: str
    waits_for: list[UpstreamRun]
    skipped: WhyNot | None


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
