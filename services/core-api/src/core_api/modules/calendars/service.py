"""Decisions about calendars and day groups: which days count, who may correct them, and what a correction touches."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.business_days.public import (
    EVERY_DAY,
    EVERY_DAY_END,
    EVERY_DAY_START,
    CalendarDays,
    DayRule,
    GroupDays,
    Period,
    every_day,
)
from core_api.modules.calendars.exceptions import (
    CalendarIsFixed,
    CalendarNotFound,
    DayGroupInUse,
    DayGroupNameTaken,
    DayGroupNotFound,
    OverrideNotFound,
    RangeTooLong,
)
from core_api.modules.calendars.models import DayGroup
from core_api.modules.calendars.repository import CalendarRepository, CalendarRow, VersionDays
from core_api.modules.calendars.schemas import (
    CalendarDayAnswer,
    CalendarDayRead,
    CalendarFile,
    CalendarRead,
    DayGroupRead,
    DayGroupWrite,
    DayRuleRead,
    OverrideRead,
    OverrideWrite,
    PositionRead,
)
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.http.etag import require_if_match

TIME_ZONE = "America/Sao_Paulo"
MAX_RANGE_DAYS = 800
KEPT_VERSIONS = 64

# Versions never change, so a process reads each of them once. Overrides are read every time.
_versions: OrderedDict[UUID, VersionDays] = OrderedDict()


class CalendarService:
    def __init__(self, calendars: CalendarRepository, *, audit: AuditTrail, clock: Clock) -> None:
        self._calendars = calendars
        self._audit = audit
        self._clock = clock

    async def days_of(self, codes: Sequence[str] | None = None) -> dict[str, CalendarDays]:
        """The days of several calendars (all without `codes`), overrides applied. Unknown codes raise."""
        rows = await self._calendars.calendars(codes)
        missing = set(codes or ()) - {row.calendar.code for row in rows}
        if missing:
            raise CalendarNotFound(min(missing))
        return {row.calendar.code: await self._build(row) for row in rows}

    async def days(self, code: str) -> CalendarDays:
        """The days of one calendar."""
        return (await self.days_of([code]))[code]

    async def listing(self) -> list[CalendarRead]:
        """All calendars with their newest version."""
        return [_read(row) for row in await self._calendars.calendars()]

    async def day_range(self, code: str, *, start: date, end: date) -> list[CalendarDayRead]:
        """Every date from `start` to `end`, with what is special about it."""
        span = (end - start).days + 1
        if not 1 <= span <= MAX_RANGE_DAYS:
            raise RangeTooLong(MAX_RANGE_DAYS)
        row = await self._row(code)
        days = await self._build(row)
        overridden = {override.day for override in row.overrides}
        return [
            CalendarDayRead(
                day=day,
                is_business_day=days.is_business_day(day),
                opens_at=days.opens_at(day),
                note=days.note(day),
                overridden=day in overridden,
            )
            for day in (start + timedelta(days=n) for n in range(span))
        ]

    async def answer(self, code: str, day: date) -> CalendarDayAnswer:
        """One date and the business days around it."""
        days = await self.days(code)
        return CalendarDayAnswer(
            code=code,
            day=day,
            is_business_day=days.is_business_day(day),
            previous=days.previous(day),
            next=days.next(day),
            note=days.note(day),
        )

    async def put_override(self, code: str, day: date, write: OverrideWrite, *, by: AuthContext) -> OverrideRead:
        """Correct one date; it holds from the next question on, and routines on this calendar are loaded again."""
        days = await self._correctable(code)
        days.is_business_day(day)  # refuses a date that the calendar does not cover
        before = await self._calendars.override(code, day)
        old = OverrideRead.model_validate(before).model_dump(mode="json") if before else None
        written = await self._calendars.put_override(
            {
                "calendar_code": code,
                "day": day,
                "is_business_day": write.is_business_day,
                "opens_at": write.opens_at,
                "note": write.note,
                "created_by": display_name(by),
                "created_at": self._clock.now(),
            }
        )
        new = OverrideRead.model_validate(written)
        await self._corrected(code, day, "put", by=by, before=old, after=new.model_dump(mode="json"))
        return new

    async def delete_override(self, code: str, day: date, *, by: AuthContext) -> None:
        """Take a correction back."""
        await self._correctable(code)
        before = await self._calendars.override(code, day)
        if before is None:
            raise OverrideNotFound(code, day)
        old = OverrideRead.model_validate(before).model_dump(mode="json")
        await self._calendars.delete_override(code, day)
        await self._corrected(code, day, "delete", by=by, before=old, after=None)

    async def publish(self, file: CalendarFile, *, sha256: str) -> bool:
        """Store a shipped calendar as a new version unless the newest one is the same; says whether it did."""
        await self._calendars.upsert_calendar(code=file.code, name=file.name, kind="generated", time_zone=TIME_ZONE)
        newest = await self._calendars.newest_version(file.code)
        if newest is not None and newest.sha256 == sha256:
            return False
        version = 1 if newest is None else newest.version + 1
        await self._calendars.add_version(file, version=version, sha256=sha256)
        await self._calendars.touch_groups(file.code)
        await self._calendars.wake_scheduler()
        return True

    async def ensure_every_day(self) -> None:
        """The calendar on which every day counts; it has no versions."""
        await self._calendars.upsert_calendar(
            code=EVERY_DAY, name="Todos os dias", kind="every_day", time_zone=TIME_ZONE
        )

    async def _row(self, code: str) -> CalendarRow:
        rows = await self._calendars.calendars([code])
        if not rows:
            raise CalendarNotFound(code)
        return rows[0]

    async def _correctable(self, code: str) -> CalendarDays:
        row = await self._row(code)
        if row.calendar.kind == "every_day":
            raise CalendarIsFixed(code)
        return await self._build(row)

    async def _corrected(
        self,
        code: str,
        day: date,
        verb: str,
        *,
        by: AuthContext,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        await self._calendars.touch_groups(code)
        await self._calendars.wake_scheduler()
        await self._audit.record(
            by=by,
            action=f"calendar_override.{verb}",
            entity="calendar",
            entity_id=f"{code}:{day}",
            before=before,
            after=after,
        )

    async def _build(self, row: CalendarRow) -> CalendarDays:
        if row.version is None:
            return every_day(row.calendar.code)
        return with_overrides(row, await self._version_days(row.version.id))

    async def _version_days(self, version_id: UUID) -> VersionDays:
        known = _versions.get(version_id)
        if known is None:
            known = _versions[version_id] = await self._calendars.version_days(version_id)
            if len(_versions) > KEPT_VERSIONS:
                _versions.popitem(last=False)
        return known


def with_overrides(row: CalendarRow, base: VersionDays) -> CalendarDays:
    """A version's days with people's corrections on top."""
    assert row.version is not None  # noqa: S101 - the caller builds only what has a version
    days, opening = base.days, dict(base.opening_times)
    notes = {date.fromisoformat(day): name for day, name in row.version.names.items()}
    if row.overrides:
        opened = {override.day for override in row.overrides if override.is_business_day}
        closed = {override.day for override in row.overrides} - opened
        days = tuple(sorted((set(days) | opened) - closed))
    for override in row.overrides:
        notes[override.day] = override.note
        opening.pop(override.day, None)
        if override.opens_at is not None:
            opening[override.day] = override.opens_at
    return CalendarDays(
        code=row.calendar.code,
        start=row.version.coverage_start,
        end=row.version.coverage_end,
        days=days,
        notes=notes,
        opening_times=opening,
    )


def _read(row: CalendarRow) -> CalendarRead:
    version = row.version
    return CalendarRead(
        code=row.calendar.code,
        name=row.calendar.name,
        kind=row.calendar.kind,
        time_zone=row.calendar.time_zone,
        version=version.version if version else None,
        source=version.source if version else None,
        sha256=version.sha256 if version else None,
        coverage_start=version.coverage_start if version else EVERY_DAY_START,
        coverage_end=version.coverage_end if version else EVERY_DAY_END,
        published_at=version.created_at if version else None,
        overrides=len(row.overrides),
    )


class DayGroupService:
    """Day groups: which dates a routine runs on."""

    def __init__(self, groups: CalendarRepository, *, calendars: CalendarService, audit: AuditTrail) -> None:
        self._groups = groups
        self._calendars = calendars
        self._audit = audit

    async def listing(self, ids: Sequence[UUID] | None = None) -> list[DayGroupRead]:
        """The groups asked for, or all, by name."""
        return [_group_read(group) for group in await self._groups.groups(ids)]

    async def get(self, group_id: UUID) -> DayGroupRead:
        """One group."""
        return _group_read(await self._existing(group_id))

    async def named(self, name: str) -> DayGroupRead | None:
        """The group of this name, if there is one."""
        group = await self._groups.group_named(name)
        return _group_read(group) if group else None

    async def with_days(self, ids: Sequence[UUID]) -> dict[UUID, GroupDays]:
        """Groups ready to say which dates they allow: two or three queries, whatever their number."""
        groups = await self._groups.groups(ids)
        calendars = await self._calendars.days_of(sorted({group.calendar_code for group in groups}))
        return {
            group.id: GroupDays(
                id=group.id,
                name=group.name,
                revision=group.revision,
                rule=DayRule.model_validate(group.rule),
                calendar=calendars[group.calendar_code],
            )
            for group in groups
        }

    async def create(self, write: DayGroupWrite, *, by: AuthContext) -> DayGroupRead:
        """Add a group."""
        await self._calendars.days(write.calendar_code)
        group = await self._groups.add_group(**_group_columns(write))
        if group is None:
            raise DayGroupNameTaken(write.name)
        read = _group_read(group)
        await self._record("create", read.id, by=by, before=None, after=read)
        return read

    async def update(
        self, group_id: UUID, write: DayGroupWrite, *, if_match: str | None, by: AuthContext
    ) -> DayGroupRead:
        """Replace a group; its routines are loaded again."""
        group = await self._existing(group_id, lock=True)
        require_if_match(if_match, group.version)
        await self._calendars.days(write.calendar_code)
        before = _group_read(group)
        changed = await self._groups.update_group(group_id, **_group_columns(write))
        if changed is None:
            raise DayGroupNameTaken(write.name)
        await self._groups.wake_scheduler()
        read = _group_read(changed)
        await self._record("update", group_id, by=by, before=before, after=read)
        return read

    async def delete(self, group_id: UUID, *, if_match: str | None, by: AuthContext) -> None:
        """Remove a group that no routine uses."""
        group = await self._existing(group_id, lock=True)
        require_if_match(if_match, group.version)
        if not await self._groups.delete_group(group_id):
            raise DayGroupInUse(group.name)
        await self._record("delete", group_id, by=by, before=_group_read(group), after=None)

    async def _existing(self, group_id: UUID, *, lock: bool = False) -> DayGroup:
        group = await self._groups.group(group_id, lock=lock)
        if group is None:
            raise DayGroupNotFound(group_id)
        return group

    async def _record(
        self, verb: str, group_id: UUID, *, by: AuthContext, before: DayGroupRead | None, after: DayGroupRead | None
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"day_group.{verb}",
            entity="day_group",
            entity_id=str(group_id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )


def _group_columns(write: DayGroupWrite) -> dict[str, Any]:
    return {
        "name": write.name,
        "description": write.description,
        "calendar_code": write.calendar_code,
        "rule": _rule_read(write.rule).model_dump(mode="json"),
    }


def _rule_read(rule: DayRule) -> DayRuleRead:
    return DayRuleRead(
        weekdays=None if rule.weekdays is None else sorted(rule.weekdays),
        positions=[
            PositionRead(of=item.of, n=item.n)
            for item in sorted(rule.positions, key=lambda item: (list(Period).index(item.of), item.n))
        ],
        month_days=sorted(rule.month_days),
        month_end=rule.month_end,
        roll=rule.roll,
        shift=rule.shift,
        include=sorted(rule.include),
        exclude=sorted(rule.exclude),
    )


def _group_read(group: DayGroup) -> DayGroupRead:
    return DayGroupRead(
        id=group.id,
        name=group.name,
        description=group.description,
        calendar_code=group.calendar_code,
        rule=_rule_read(DayRule.model_validate(group.rule)),
        version=group.version,
    )
