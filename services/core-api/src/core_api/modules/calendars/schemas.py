"""Shapes of calendars, their versions and their overrides."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from core_api.inputs import Input, Note, StorableText, Title
from core_api.modules.business_days.public import (
    CalendarDays,
    CalendarParts,
    Combination,
    Correction,
    assembled,
    every_day,
)
from core_api.modules.calendars.exceptions import CalendarIsShipped, CalendarKindFixed
from core_api.modules.day_rules.public import Weekday

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
MAX_DAYS: Final = 22_000
"""Some sixty years."""
MAX_HOLIDAYS: Final = 10_000
MONDAY_TO_FRIDAY: Final = frozenset(range(1, 6))

CalendarCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
CalendarKind = Literal["generated", "custom", "every_day", "union", "intersection"]
_CoveredDate = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class CalendarRead(Output):
    """A calendar with its newest version; `version` and what belongs to it are null for EVERY_DAY.

    `members` are the calendars that a union or an intersection is made of; its coverage is what all of them cover.
    `revision` grows whenever the days may have changed; it is the ETag of a change.
    """

    code: str
    name: str
    kind: CalendarKind
    time_zone: str
    version: int | None
    source: str | None
    sha256: str | None
    members: list[str]
    coverage_start: date
    coverage_end: date
    published_at: datetime | None
    published_by: str | None
    overrides: int
    revision: int


class CalendarVersionRead(Output):
    """One version: it held from `published_at` until the next. A combined calendar's has members and no coverage."""

    version: int
    source: str
    sha256: str
    members: list[str]
    coverage_start: date | None
    coverage_end: date | None
    published_at: datetime
    published_by: str | None


class CalendarVersionDetail(CalendarVersionRead):
    """One version with what a person wrote, in the form that the next version is written in; null if shipped."""

    content: dict[str, Any] | None


class CalendarDayRead(Output):
    """One date: `note` names the holiday or the reason of an override, `opens_at` is set when the opening is late."""

    day: date
    is_business_day: bool
    opens_at: time | None
    note: str | None
    overridden: bool

    @classmethod
    def of(cls, days: CalendarDays, day: date, *, overridden: bool) -> Self:
        """What a calendar says about a date that it covers."""
        return cls(
            day=day,
            is_business_day=days.is_business_day(day),
            opens_at=days.opens_at(day),
            note=days.note(day),
            overridden=overridden,
        )


class CalendarDayAnswer(Output):
    """What other services ask (internal API): the day, and the business days around it."""

    code: str
    day: date
    is_business_day: bool
    previous: date
    next: date
    note: str | None

    @classmethod
    def of(cls, days: CalendarDays, day: date) -> Self:
        """What a calendar says about a date; its neighbours must be covered too."""
        return cls(
            code=days.code,
            day=day,
            is_business_day=days.is_business_day(day),
            previous=days.previous(day),
            next=days.next(day),
            note=days.note(day),
        )


class OverrideWrite(Input):
    """Corrects one date by hand; it holds at once and above every calendar version."""

    is_business_day: StrictBool
    opens_at: time | None = Field(default=None, examples=["13:00:00"])
    note: Note = Field(examples=["Luto oficial: sem pregão, ofício 123/2026"])

    @model_validator(mode="after")
    def _opens_only_when_open(self) -> Self:
        if self.opens_at is not None and not self.is_business_day:
            raise ValueError("opens_at needs is_business_day: true")
        if self.opens_at is not None and self.opens_at.tzinfo is not None:
            raise ValueError("opens_at is local time, without an offset")
        return self


class OverrideRead(Output):
    calendar_code: str
    day: date
    is_business_day: bool
    opens_at: time | None
    note: str
    created_by: str
    created_at: datetime


class OverrideHistoryRead(OverrideRead):
    """An override with its end: null while it holds."""

    ended_by: str | None
    ended_at: datetime | None


class Holiday(Input):
    """A date without business, with its name for people."""

    day: _CoveredDate
    name: Title | None = Field(default=None, examples=["Independence Day"])


class CustomContent(Input):
    """A calendar's days: `weekdays` (Monday to Friday if left out) less `holidays`, or all of them named in `days`."""

    kind: Literal["custom"]
    source: Note = Field(examples=["NYSE Group holidays and trading hours, 2026 to 2028"])
    coverage_start: _CoveredDate
    coverage_end: _CoveredDate
    weekdays: frozenset[Weekday] | None = Field(default=None, min_length=1)
    holidays: tuple[Holiday, ...] = Field(default=(), max_length=MAX_HOLIDAYS)
    days: tuple[_CoveredDate, ...] | None = Field(default=None, max_length=MAX_DAYS)
    opens_at: dict[date, time] = Field(
        default_factory=dict, max_length=MAX_HOLIDAYS, description="Unusual openings, in the calendar's local time."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.coverage_start > self.coverage_end:
            raise ValueError("coverage_start is after coverage_end")
        if (self.coverage_end - self.coverage_start).days >= MAX_DAYS:
            raise ValueError(f"a version covers at most {MAX_DAYS} days")
        if self.days is not None and (self.weekdays is not None or self.holidays):
            raise ValueError("days names every business day: leave weekdays and holidays out, or leave days out")
        named = [*(self.days or ()), *(holiday.day for holiday in self.holidays)]
        twice = _first_twice(named)
        if twice is not None:
            raise ValueError(f"{twice} is named twice")
        outside = [day for day in named if not self.coverage_start <= day <= self.coverage_end]
        if outside:
            raise ValueError(f"{min(outside)} is outside the coverage {self.coverage_start} to {self.coverage_end}")
        return self

    @model_validator(mode="after")
    def _openings_fit(self) -> Self:
        closed = sorted(self.opens_at.keys() - set(self.business_days()))
        if closed:
            raise ValueError(f"{closed[0]} has an opening time but is not a business day of this version")
        if any(at.tzinfo is not None for at in self.opens_at.values()):
            raise ValueError("opens_at is local time, without an offset")
        return self

    def business_days(self) -> list[date]:
        """Every business day of the coverage, ascending."""
        if self.days is not None:
            return sorted(self.days)
        closed = frozenset(holiday.day for holiday in self.holidays)
        return weekdays_between(self.coverage_start, self.coverage_end, weekdays=self.weekdays, but=closed)


class CombinedContent(Input):
    """A calendar made of others: a date counts when it does in any of them (union), or in every one (intersection)."""

    kind: Literal["union", "intersection"]
    source: Annotated[StorableText, StringConstraints(max_length=500)] = ""
    members: tuple[CalendarCode, ...] = Field(min_length=2, max_length=20, examples=[["B3", "NYSE"]])

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = _first_twice(self.members)
        if twice is not None:
            raise ValueError(f"{twice} is named twice")
        return self


CalendarContent = Annotated[CustomContent | CombinedContent, Field(discriminator="kind")]


class CalendarCreate(Input):
    """A calendar of one's own."""

    code: CalendarCode = Field(examples=["NYSE"])
    name: Title = Field(examples=["New York Stock Exchange"])
    content: CalendarContent


class CalendarRename(Input):
    name: Annotated[Title, Field(examples=["B3, pregões"])]


class CalendarFile(BaseModel):
    """A calendar as shipped in `core_api/data/calendars`: weekdays that are *not* business days, and late openings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Coverage(BaseModel):
        start: date
        end: date

    code: CalendarCode
    name: str
    version: str
    source: str
    coverage: Coverage
    holidays: list[date]
    names: dict[date, str] = Field(default_factory=dict)
    opens_at: dict[date, time] = Field(default_factory=dict)

    def business_days(self) -> list[date]:
        """Every Monday to Friday of the coverage that is not a holiday."""
        return weekdays_between(self.coverage.start, self.coverage.end, but=frozenset(self.holidays))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version without its days."""

    id: UUID
    version: int
    source: str
    sha256: str
    start: date | None
    end: date | None
    names: Mapping[str, str]
    created_by: str | None
    created_at: datetime

    def read(self, members: Sequence[str]) -> CalendarVersionRead:
        """The version for people."""
        return CalendarVersionRead(
            version=self.version,
            source=self.source,
            sha256=self.sha256,
            members=list(members),
            coverage_start=self.start,
            coverage_end=self.end,
            published_at=self.created_at,
            published_by=self.created_by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version to store, wherever it comes from."""

    source: str
    sha256: str
    start: date | None = None
    end: date | None = None
    days: Sequence[date] = ()
    opens_at: Mapping[date, time] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    members: Sequence[str] = ()
    content: dict[str, Any] | None = None
    created_by: str | None = None

    @classmethod
    def shipped(cls, file: CalendarFile, *, digest: str) -> Self:
        """A release's calendar; `digest` is the sha256 of its file."""
        return cls(
            source=file.source,
            sha256=digest,
            start=file.coverage.start,
            end=file.coverage.end,
            days=file.business_days(),
            opens_at=file.opens_at,
            names=file.names,
        )

    @classmethod
    def written(cls, content: CustomContent | CombinedContent, *, by: str) -> Self:
        """What a person wrote; equal contents have equal digests, in whatever order they name their days."""
        plain = content.model_dump(mode="json", exclude={"days", "holidays", "weekdays"})
        if isinstance(content, CustomContent):
            plain["weekdays"] = sorted(content.weekdays) if content.weekdays is not None else None
            plain["days"] = [day.isoformat() for day in sorted(content.days)] if content.days is not None else None
            holidays = sorted(content.holidays, key=lambda holiday: holiday.day)
            plain["holidays"] = [holiday.model_dump(mode="json") for holiday in holidays]
        canonical = json.dumps(plain, sort_keys=True, ensure_ascii=False)
        common: dict[str, Any] = {
            "source": content.source,
            "sha256": sha256(canonical.encode()).hexdigest(),
            "content": plain,
            "created_by": by,
        }
        if isinstance(content, CombinedContent):
            return cls(**common, members=content.members)
        return cls(
            **common,
            start=content.coverage_start,
            end=content.coverage_end,
            days=content.business_days(),
            opens_at=content.opens_at,
            names={holiday.day: holiday.name for holiday in content.holidays if holiday.name is not None},
        )

    def supposed(self) -> StoredVersion:
        """The version as if it were stored, to see what it would change."""
        return StoredVersion(
            id=uuid4(),
            version=0,
            source=self.source,
            sha256=self.sha256,
            start=self.start,
            end=self.end,
            names={day.isoformat(): name for day, name in self.names.items()},
            created_by=self.created_by,
            created_at=datetime.max.replace(tzinfo=UTC),
        )


@dataclass(frozen=True, slots=True)
class VersionDays:
    """The days of one version; immutable, so it may be kept for ever."""

    days: tuple[date, ...]
    opening_times: Mapping[date, time]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """A calendar with one version (None for EVERY_DAY, and before the first), its members and its corrections."""

    code: str
    name: str
    kind: CalendarKind
    time_zone: str
    revision: int
    version: StoredVersion | None
    members: tuple[str, ...]
    corrections: tuple[Correction, ...]

    @property
    def has_no_days_yet(self) -> bool:
        """Whether no version has been published; EVERY_DAY needs none."""
        return self.version is None and self.kind != "every_day"

    def for_edit(self, kind: str | None) -> Self:
        """The calendar, when people may edit it, and (with `kind`) give it a content of that kind."""
        if self.kind in ("generated", "every_day"):
            raise CalendarIsShipped(self.code)
        if kind is not None and kind != self.kind:
            raise CalendarKindFixed(self.code, self.kind)
        return self

    def parts(self, known: Mapping[UUID, VersionDays]) -> CalendarParts:
        """What the calendar's days are put together from; `known` has the days of its version."""
        version = self.version
        if self.members:
            how: Combination = "intersection" if self.kind == "intersection" else "union"
            return CalendarParts(how=how, members=self.members, corrections=self.corrections)
        if version is None or version.start is None or version.end is None:
            return CalendarParts(own=every_day(self.code))
        own = CalendarDays(
            code=self.code,
            start=version.start,
            end=version.end,
            days=known[version.id].days,
            notes={date.fromisoformat(day): name for day, name in version.names.items()},
            opening_times=known[version.id].opening_times,
        )
        return CalendarParts(own=own, corrections=self.corrections)

    def read(self, days: CalendarDays) -> CalendarRead:
        """The calendar for people."""
        version = self.version
        return CalendarRead(
            code=self.code,
            name=self.name,
            kind=self.kind,
            time_zone=self.time_zone,
            version=version.version if version else None,
            source=version.source if version else None,
            sha256=version.sha256 if version else None,
            members=list(self.members),
            coverage_start=days.start,
            coverage_end=days.end,
            published_at=version.created_at if version else None,
            published_by=version.created_by if version else None,
            overrides=len(self.corrections),
            revision=self.revision,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingCoverage:
    """A calendar that soon, or already, says nothing any more: `days_left` is 0 on its last day, then negative."""

    code: str
    name: str
    coverage_end: date
    days_left: int

    @classmethod
    def of(cls, days: CalendarDays, name: str, today: date) -> Self:
        """How long a calendar still says something, from `today` on."""
        return cls(code=days.code, name=name, coverage_end=days.end, days_left=(days.end - today).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarComparison:
    """A change that is not made yet: the days of every calendar that it reaches, as they are and as they would be."""

    before: Mapping[str, CalendarDays]
    after: Mapping[str, CalendarDays]


def coverages(rows: Mapping[str, CalendarRow]) -> dict[str, CalendarDays]:
    """What calendars cover, without the days, which need not be read for this."""
    no_days = {row.version.id: VersionDays((), {}) for row in rows.values() if row.version is not None}
    return assembled({code: row.parts(no_days) for code, row in rows.items()})


def weekdays_between(
    start: date, end: date, *, weekdays: frozenset[int] | None = None, but: frozenset[date] = frozenset()
) -> list[date]:
    """Every date from `start` to `end` on one of these weekdays (None: Monday to Friday) that is not among `but`."""
    wanted = MONDAY_TO_FRIDAY if weekdays is None else weekdays
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in days if day.isoweekday() in wanted and day not in but]


def _first_twice[T](items: Sequence[T]) -> T | None:
    seen: set[T] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None
