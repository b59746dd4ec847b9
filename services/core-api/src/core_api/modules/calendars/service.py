"""Decisions about calendars: which days count, since when, who may change them, and what a change touches."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.business_days.public import (
    EVERY_DAY,
    CalendarDays,
    Correction,
    assembled,
    downwards,
    ending,
    upwards,
)
from core_api.modules.calendars.exceptions import (
    CalendarCodeTaken,
    CalendarCycle,
    CalendarInUse,
    CalendarIsFixed,
    CalendarNotFound,
    CalendarNotYetKnown,
    CalendarsDoNotOverlap,
    CalendarVersionNotFound,
    OverrideNotFound,
    RangeTooLong,
)
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.schemas import (
    CalendarComparison,
    CalendarContent,
    CalendarCreate,
    CalendarDayAnswer,
    CalendarDayRead,
    CalendarFile,
    CalendarRead,
    CalendarRename,
    CalendarRow,
    CalendarVersionDetail,
    CalendarVersionRead,
    EndingCoverage,
    NewVersion,
    OverrideHistoryRead,
    OverrideRead,
    OverrideWrite,
    VersionDays,
    coverages,
)
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import HOME_ZONE, Clock
from shared_utils.http.etag import require_if_match
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor

MAX_RANGE_DAYS: Final = 800
KEPT_VERSIONS: Final = 64

# Versions never change, so a process reads each of them once. Overrides are read every time.
_versions: OrderedDict[UUID, VersionDays] = OrderedDict()


class CalendarReader:
    """Questions about calendars, as they are or as they were believed to be."""

    def __init__(self, calendars: CalendarRepository) -> None:
        self._calendars = calendars

    async def days_of(
        self, codes: Iterable[str] | None = None, *, as_of: datetime | None = None
    ) -> dict[str, CalendarDays]:
        """The days of several calendars (all without `codes`), overrides applied. Unknown codes raise."""
        rows = await self._rows(codes, as_of=as_of)
        wanted = rows.keys() if codes is None else tuple(codes)
        days = await self._assembled(rows, wanted)
        return {code: days[code] for code in wanted}

    async def days(self, code: str) -> CalendarDays:
        """The days of one calendar."""
        return (await self.days_of([code]))[code]

    async def listing(self) -> list[CalendarRead]:
        """All calendars with their newest version."""
        rows = await self._rows(None)
        days = coverages(rows)
        return [rows[code].read(days[code]) for code in sorted(rows)]

    async def get(self, code: str) -> CalendarRead:
        """One calendar with its newest version."""
        rows = await self._rows([code])
        return rows[code].read(coverages(rows)[code])

    async def versions(
        self, code: str, *, cursor: str | None, limit: int
    ) -> tuple[list[CalendarVersionRead], CursorMeta]:
        """Versions of a calendar, the newest first: what was believed, and since when."""
        await self._row(code)
        rows = await self._calendars.versions(code, before=_position(cursor), limit=limit + 1)
        page = rows[:limit]
        members = await self._calendars.members_of([version.id for version in page])
        next_key = {"version": page[-1].version} if len(rows) > limit else None
        meta = cursor_meta(limit=limit, next_key=next_key)
        return [version.read(members.get(version.id, ())) for version in page], meta

    async def version(self, code: str, number: int) -> CalendarVersionDetail:
        """One version, with what a person wrote."""
        await self._row(code)
        found = await self._calendars.version(code, number)
        if found is None:
            raise CalendarVersionNotFound(code, number)
        version, content = found
        members = await self._calendars.members_of([version.id])
        read = version.read(members.get(version.id, ()))
        return CalendarVersionDetail(**read.model_dump(), content=content)

    async def day_range(
        self, code: str, *, start: date, end: date, as_of: date | datetime | None = None
    ) -> list[CalendarDayRead]:
        """Every date from `start` to `end`, with what is special about it; as it was believed at `as_of`."""
        span = _span(start, end)
        instant = await self._instant(code, as_of)
        rows = await self._rows([code], as_of=instant)
        days = (await self._assembled(rows, [code]))[code]
        overridden = {correction.day for correction in rows[code].corrections}
        every = (start + timedelta(days=n) for n in range(span))
        return [CalendarDayRead.of(days, day, overridden=day in overridden) for day in every]

    async def answer(self, code: str, day: date) -> CalendarDayAnswer:
        """One date and the business days around it."""
        return CalendarDayAnswer.of(await self.days(code), day)

    async def overrides(self, code: str, *, start: date, end: date, ended: bool) -> list[OverrideHistoryRead]:
        """Overrides of dates from `start` to `end`; with `ended` those too that hold no more."""
        _span(start, end)
        await self._row(code)
        found = await self._calendars.overrides_between(code, start=start, end=end, ended=ended)
        return [OverrideHistoryRead.model_validate(override) for override in found]

    async def ending_coverage(self, today: date, *, within_days: int, used: Collection[str]) -> list[EndingCoverage]:
        """Calendars, shipped or used, whose coverage ends within so many days, or has ended; the soonest first."""
        rows = await self._rows(None)
        soon = ending(coverages(rows).values(), today, within_days=within_days)
        found = [EndingCoverage.of(days, rows[days.code].name, today) for days in soon]
        return [item for item in found if item.code in used or rows[item.code].kind == "generated"]

    async def with_override(self, code: str, day: date, write: OverrideWrite | None) -> CalendarComparison:
        """What an override (None: its end) would change, nothing being written."""
        row = await self.correctable(code, day)
        others = tuple(item for item in row.corrections if item.day != day)
        if write is None and len(others) == len(row.corrections):
            raise OverrideNotFound(code, day)
        own = () if write is None else (Correction(day=day, **write.model_dump()),)
        return await self._compared(code, replace(row, corrections=others + own))

    async def with_version(self, code: str, content: CalendarContent) -> CalendarComparison:
        """What a new version would change, nothing being written."""
        row = (await self._row(code)).for_edit(content.kind)
        new = NewVersion.written(content, by="")
        await self.check_members(code, new.members)
        version = new.supposed()
        changed = replace(row, version=version, members=tuple(new.members))
        return await self._compared(code, changed, {version.id: VersionDays(tuple(new.days), new.opens_at)})

    async def correctable(self, code: str, day: date) -> CalendarRow:
        """The calendar, when a date of it may be overridden."""
        row = await self._row(code)
        if row.kind == "every_day":
            raise CalendarIsFixed(code)
        (await self.days(code)).is_business_day(day)  # refuses a date that the calendar does not cover
        return row

    async def check_members(self, code: str, members: Sequence[str]) -> None:
        """Raise when a member does not exist or contains the calendar itself, directly or through others."""
        if not members:
            return
        made_of = {**await self._calendars.composition(), code: set(members)}
        try:
            TopologicalSorter(made_of).prepare()
        except CycleError as error:
            raise CalendarCycle(list(reversed(error.args[1]))) from error
        await self._rows(members)

    async def _compared(
        self, code: str, changed: CalendarRow, days: Mapping[UUID, VersionDays] | None = None
    ) -> CalendarComparison:
        reached = upwards([code], await self._calendars.composition())
        rows = await self._rows([*reached, *changed.members])
        before = await self._assembled(rows, reached)
        after = await self._assembled({**rows, code: changed}, reached, days)
        _check_overlap(after[item] for item in reached)
        return CalendarComparison(
            before={item: before[item] for item in reached}, after={item: after[item] for item in reached}
        )

    async def _instant(self, code: str, as_of: date | datetime | None) -> datetime | None:
        """A date stands for its end where the calendar is at home."""
        if as_of is None or isinstance(as_of, datetime):
            return as_of
        zone = ZoneInfo((await self._row(code)).time_zone)
        return datetime.combine(as_of, time.max, tzinfo=zone)

    async def _rows(self, codes: Iterable[str] | None, *, as_of: datetime | None = None) -> dict[str, CalendarRow]:
        """The calendars, and those that they are made of, directly or through others."""
        asked = None if codes is None else set(codes)
        rows = {row.code: row for row in await self._calendars.calendars(asked, as_of=as_of)}
        missing = (asked or set()) - rows.keys()
        if missing:
            raise CalendarNotFound(min(missing))
        unknown = [code for code in asked or () if rows[code].has_no_days_yet]
        if as_of is not None and unknown:
            raise CalendarNotYetKnown(min(unknown), as_of)
        return rows

    async def _row(self, code: str) -> CalendarRow:
        return (await self._rows([code]))[code]

    async def _assembled(
        self,
        rows: Mapping[str, CalendarRow],
        codes: Iterable[str] | None = None,
        more_days: Mapping[UUID, VersionDays] | None = None,
    ) -> dict[str, CalendarDays]:
        """The days of the calendars asked for (all without `codes`) and of those that they are made of."""
        wanted = downwards(rows if codes is None else codes, {code: row.members for code, row in rows.items()})
        own = [version.id for code in wanted if (version := rows[code].version) is not None and not rows[code].members]
        known = {version_id: _versions[version_id] for version_id in own if version_id in _versions} | dict(
            more_days or {}
        )
        unknown = [version_id for version_id in own if version_id not in known]
        if unknown:
            found = await self._calendars.version_days(unknown)
            known |= found
            _versions.update(found)
            while len(_versions) > KEPT_VERSIONS:
                _versions.popitem(last=False)
        return assembled({code: rows[code].parts(known) for code in wanted})


class CalendarService(CalendarReader):
    """Changes of calendars, one at a time: each is audited and touches all that is made of the calendar changed."""

    def __init__(self, calendars: CalendarRepository, *, audit: AuditTrail, clock: Clock) -> None:
        super().__init__(calendars)
        self._audit = audit
        self._clock = clock

    async def put_override(self, code: str, day: date, write: OverrideWrite, *, by: AuthContext) -> OverrideRead:
        """Correct one date; it holds from the next question on, and routines on this calendar are loaded again."""
        await self._calendars.lock_changes()
        await self.correctable(code, day)
        now, who = self._clock.now(), display_name(by)
        before = await self._override(code, day)
        await self._calendars.end_override(code, day, by=who, at=now)
        values = {"calendar_code": code, "day": day, "created_by": who, "created_at": now, **write.model_dump()}
        after = OverrideRead.model_validate(await self._calendars.add_override(values))
        await self._changed(code)
        await self._record("calendar_override.put", f"{code}:{day}", by=by, before=before, after=after)
        return after

    async def delete_override(self, code: str, day: date, *, by: AuthContext) -> None:
        """Take a correction back; that it held stays known."""
        await self._calendars.lock_changes()
        row = await self._row(code)
        if row.kind == "every_day":
            raise CalendarIsFixed(code)
        before = await self._override(code, day)
        if before is None:
            raise OverrideNotFound(code, day)
        await self._calendars.end_override(code, day, by=display_name(by), at=self._clock.now())
        await self._changed(code)
        await self._record("calendar_override.delete", f"{code}:{day}", by=by, before=before, after=None)

    async def create(self, write: CalendarCreate, *, by: AuthContext) -> CalendarRead:
        """Add a calendar of one's own."""
        await self._calendars.lock_changes()
        new = NewVersion.written(write.content, by=display_name(by))
        await self.check_members(write.code, new.members)
        added = await self._calendars.add_calendar(
            code=write.code, name=write.name, kind=write.content.kind, time_zone=HOME_ZONE.key
        )
        if not added:
            raise CalendarCodeTaken(write.code)
        read = await self._store(write.code, new, version=1)
        await self._record("calendar.create", write.code, by=by, before=None, after=read)
        return read

    async def add_version(
        self, code: str, content: CalendarContent, *, if_match: str | None, by: AuthContext
    ) -> CalendarRead:
        """A new version that holds from now on; a content equal to the newest version's adds nothing."""
        before = await self._editable(code, content.kind, if_match=if_match)
        new = NewVersion.written(content, by=display_name(by))
        if new.sha256 == before.sha256:
            return before
        await self.check_members(code, new.members)
        read = await self._store(code, new, version=(before.version or 0) + 1)
        await self._record("calendar.version", code, by=by, before=before, after=read)
        return read

    async def rename(self, code: str, write: CalendarRename, *, if_match: str | None, by: AuthContext) -> CalendarRead:
        """Change the name for people."""
        before = await self._editable(code, None, if_match=if_match)
        await self._calendars.rename(code, write.name)
        await self._calendars.touch([code])
        read = await self.get(code)
        await self._record("calendar.rename", code, by=by, before=before, after=read)
        return read

    async def delete(self, code: str, *, if_match: str | None, by: AuthContext) -> None:
        """Remove a calendar that no day group uses and that no other calendar is or was made of."""
        before = await self._editable(code, None, if_match=if_match)
        made_of = await self._calendars.composition(ever=True)
        users = sorted(other for other, members in made_of.items() if code in members)
        if users or not await self._calendars.delete_calendar(code):
            raise CalendarInUse(code, users)
        await self._record("calendar.delete", code, by=by, before=before, after=None)

    async def publish(self, file: CalendarFile, *, digest: str) -> bool:
        """Store a shipped calendar as a new version unless the newest one is the same; says whether it did.

        A calendar that people made under the same code is theirs and stays.
        """
        await self._calendars.lock_changes()
        await self._calendars.add_calendar(code=file.code, name=file.name, kind="generated", time_zone=HOME_ZONE.key)
        row = await self._row(file.code)
        if row.kind != "generated" or (row.version is not None and row.version.sha256 == digest):
            return False
        await self._calendars.rename(file.code, file.name)
        version = 1 if row.version is None else row.version.version + 1
        await self._store(file.code, NewVersion.shipped(file, digest=digest), version=version)
        return True

    async def ensure_every_day(self) -> None:
        """The calendar on which every day counts; it has no versions."""
        await self._calendars.add_calendar(
            code=EVERY_DAY, name="Todos os dias", kind="every_day", time_zone=HOME_ZONE.key
        )

    async def _editable(self, code: str, kind: str | None, *, if_match: str | None) -> CalendarRead:
        await self._calendars.lock_changes()
        (await self._row(code)).for_edit(kind)
        read = await self.get(code)
        require_if_match(if_match, read.revision)
        return read

    async def _store(self, code: str, new: NewVersion, *, version: int) -> CalendarRead:
        await self._calendars.add_version(code, new, version=version, at=self._clock.now())
        _check_overlap(coverages(await self._rows(await self._changed(code))).values())
        return await self.get(code)

    async def _changed(self, code: str) -> set[str]:
        reached = upwards([code], await self._calendars.composition())
        await self._calendars.touch(reached)
        await self._calendars.wake_scheduler()
        return reached

    async def _override(self, code: str, day: date) -> OverrideRead | None:
        found = await self._calendars.override(code, day)
        return OverrideRead.model_validate(found) if found else None

    async def _record(
        self, action: str, entity_id: str, *, by: AuthContext, before: BaseModel | None, after: BaseModel | None
    ) -> None:
        await self._audit.record(
            by=by,
            action=action,
            entity="calendar",
            entity_id=entity_id,
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )


def _check_overlap(calendars: Iterable[CalendarDays]) -> None:
    for days in calendars:
        if days.start > days.end:
            raise CalendarsDoNotOverlap(days.code)


def _span(start: date, end: date) -> int:
    span = (end - start).days + 1
    if not 1 <= span <= MAX_RANGE_DAYS:
        raise RangeTooLong(MAX_RANGE_DAYS)
    return span


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    version = decode_cursor(cursor).get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 2**31:
        raise InvalidCursor
    return version
