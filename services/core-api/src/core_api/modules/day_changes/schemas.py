"""Shapes of what an edit would change."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class SpanRead(Output):
    start: date
    end: date


class CalendarChange(Output):
    """Dates that become business days, or cease to be; and how far the calendar reaches before and after."""

    code: str
    added: list[date]
    removed: list[date]
    coverage_end_before: date
    coverage_end_after: date


class AffectedRoutine(Output):
    id: UUID
    name: str
    title: str
    paused: bool


class DayGroupChange(Output):
    """Dates on which the group's routines would run or would run no more."""

    id: UUID
    name: str
    added: list[date]
    removed: list[date]
    routines: list[AffectedRoutine]


class DayChanges(Output):
    """What an edit would change, nothing being saved: calendars and groups whose dates change, and who runs on them.

    `looked_at` are the dates compared: 400 days from today, and as many around the date of an override elsewhere. The
    change of a date that a calendar covers only before or only after counts as well.
    """

    looked_at: list[SpanRead]
    calendars: list[CalendarChange]
    day_groups: list[DayGroupChange]
    routines_affected: int
