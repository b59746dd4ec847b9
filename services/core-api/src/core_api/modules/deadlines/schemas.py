"""Shapes of deadlines, and when they are: pure, in business days and local time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from core_api.inputs import Input, Title
from core_api.modules.calendars.public import CalendarDays
from shared_utils.clock import HOME_ZONE

MAX_OFFSET = 10
_ONE_DAY = timedelta(days=1)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not an IANA time zone such as {HOME_ZONE.key}")
    return name


Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
LocalTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, AfterValidator(_known_zone)]


class GroupDeadlineWrite(Input):
    """Every routine tagged `tag` is to be ready at `time`, `day_offset` business days after its business date."""

    name: Title = Field(examples=["Base de preços pronta"])
    tag: Tag = Field(examples=["precos"])
    time: LocalTime = Field(examples=["07:30"])
    day_offset: int = Field(default=1, ge=0, le=MAX_OFFSET, strict=True, description="0 is the business date itself.")
    calendar_code: str = Field(default="B3", max_length=40, description="Whose business days are counted.")
    time_zone: Zone = HOME_ZONE.key
    enabled: bool = True


class GroupDeadlineRead(BaseModel):
    """A deadline of all routines with a tag."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    name: str
    tag: str
    time: str
    day_offset: int
    calendar_code: str
    time_zone: str
    enabled: bool
    updated_at: datetime
    updated_by: str


class DeadlineDayRead(BaseModel):
    """How a deadline stands for one business date. `missing` names the routines that have not succeeded yet."""

    model_config = ConfigDict(frozen=True)

    subject: str
    title: str
    routine_id: UUID | None
    tag: str | None
    business_date: date
    deadline: datetime
    state: Literal["READY", "WAITING", "LATE"]
    missing: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that has a deadline: one routine, or all routines with a tag."""

    subject: str
    title: str
    routine_id: UUID | None
    tag: str | None
    tags: tuple[str, ...]
    routine_ids: tuple[UUID, ...]
    time: str
    day_offset: int
    zone: str
    calendar: CalendarDays

    def day_for(self, business_date: date) -> date | None:
        """The local date of the deadline; None where the calendar does not reach."""
        if self.day_offset == 0:
            return business_date
        day = business_date
        if not self.calendar.start <= day < self.calendar.end:
            return None
        later = self.calendar.business_days(
            day + _ONE_DAY, min(day + 10 * self.day_offset * _ONE_DAY, self.calendar.end)
        )
        return later[self.day_offset - 1] if len(later) >= self.day_offset else None

    def on(self, business_date: date, *, instant_of: Callable[[datetime, ZoneInfo], datetime]) -> "Due | None":
        """The deadline of one business date, if the calendar knows it."""
        day = self.day_for(business_date)
        if day is None:
            return None
        local = datetime.combine(day, time.fromisoformat(self.time))
        return Due(self, business_date, instant_of(local, ZoneInfo(self.zone)))


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of one business date."""

    target: Target
    business_date: date
    deadline: datetime

    @property
    def key(self) -> tuple[str, date]:
        """What it is about."""
        return self.target.subject, self.business_date


@dataclass(frozen=True, slots=True)
class Missing:
    """A routine that was to be ready and is not."""

    routine_id: UUID
    routine_name: str
    title: str
    status: str
    execution_id: UUID


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline that has passed while something was not ready."""

    due: Due
    missing: tuple[Missing, ...]
