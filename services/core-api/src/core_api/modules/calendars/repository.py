"""Queries of calendars."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from core_api.database import WAKE_CHANNEL
from core_api.modules.business_days.public import Correction
from core_api.modules.calendars.models import (
    Calendar,
    CalendarMember,
    CalendarOverride,
    CalendarSession,
    CalendarVersion,
)
from core_api.modules.calendars.schemas import CalendarRow, NewVersion, StoredVersion, VersionDays
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession

# "cal.edit": one change at a time, so that no cycle arises from two changes side by side, and every change sees which
# calendars are made of the one that it touches.
_CHANGES_LOCK = 0x63616C2E65646974


class CalendarRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def lock_changes(self) -> None:
        """Let one transaction at a time change calendars, until it ends."""
        await self._session.execute(select(func.pg_advisory_xact_lock(_CHANGES_LOCK)))

    async def contents(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Name and newest content of every calendar that people wrote, by code."""
        newest = _newest_versions(None)
        query = (
            select(Calendar.code, Calendar.name, CalendarVersion.content)
            .join(newest, newest.c.calendar_code == Calendar.code)
            .join(CalendarVersion, CalendarVersion.id == newest.c.id)
            .where(CalendarVersion.content.is_not(None), Calendar.kind.not_in(["generated", "every_day"]))
            .order_by(Calendar.code)
        )
        return {row.code: (row.name, row.content) for row in await self._session.execute(query)}

    async def calendars(
        self, codes: Iterable[str] | None = None, *, as_of: datetime | None = None
    ) -> list[CalendarRow]:
        """The calendars asked for (all for None) with what they are made of, by code, with what held at `as_of`.

        Two queries, however many calendars there are and however deeply they contain each other.
        """
        newest = _newest_versions(as_of)
        members = select(CalendarMember.member_code).where(CalendarMember.version_id == newest.c.id)
        query = (
            select(Calendar, CalendarVersion, func.array(members.scalar_subquery()).label("members"))
            .outerjoin(newest, newest.c.calendar_code == Calendar.code)
            .outerjoin(CalendarVersion, CalendarVersion.id == newest.c.id)
            .options(defer(CalendarVersion.content))
            .order_by(Calendar.code)
        )
        if codes is not None:
            query = query.where(Calendar.code.in_(select(_with_members(codes, newest).c.code)))
        found = (await self._session.execute(query, execution_options={"populate_existing": True})).all()
        current: ColumnElement[bool] = CalendarOverride.ended_at.is_(None)
        if as_of is not None:
            current = and_(CalendarOverride.created_at <= as_of, or_(current, CalendarOverride.ended_at > as_of))
        shown = cast([calendar.code for calendar, _, _ in found], ARRAY(Text))
        overrides = select(CalendarOverride).where(current, CalendarOverride.calendar_code == func.any(shown))
        by_code: dict[str, list[Correction]] = {}
        for override in await self._session.scalars(overrides.order_by(CalendarOverride.day)):
            by_code.setdefault(override.calendar_code, []).append(_correction(override))
        return [
            _row(calendar, version, members=members, corrections=by_code.get(calendar.code, ()))
            for calendar, version, members in found
        ]

    async def members_of(self, version_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
        """The members of versions of combined calendars, by code."""
        query = (
            select(CalendarMember.version_id, func.array_agg(CalendarMember.member_code).label("codes"))
            .where(CalendarMember.version_id == func.any(cast(list(version_ids), ARRAY(Uuid))))
            .group_by(CalendarMember.version_id)
        )
        return {row.version_id: tuple(sorted(row.codes)) for row in await self._session.execute(query)}

    async def composition(self, *, ever: bool = False) -> dict[str, set[str]]:
        """Which calendars are made of which: by their newest versions, or (`ever`) by any version that they had."""
        versions = (
            select(CalendarVersion.id, CalendarVersion.calendar_code).cte("versions")
            if ever
            else _newest_versions(None)
        )
        query = select(versions.c.calendar_code, CalendarMember.member_code).join(
            CalendarMember, CalendarMember.version_id == versions.c.id
        )
        made_of: dict[str, set[str]] = {}
        for row in await self._session.execute(query):
            made_of.setdefault(row.calendar_code, set()).add(row.member_code)
        return made_of

    async def version_days(self, version_ids: Sequence[UUID]) -> dict[UUID, VersionDays]:
        """All business days of some versions."""
        query = (
            select(CalendarSession.version_id, CalendarSession.day, CalendarSession.opens_at)
            .where(CalendarSession.version_id == func.any(cast(list(version_ids), ARRAY(Uuid))))
            .order_by(CalendarSession.version_id, CalendarSession.day)
        )
        days: dict[UUID, list[date]] = {version_id: [] for version_id in version_ids}
        opening: dict[UUID, dict[date, time]] = {version_id: {} for version_id in version_ids}
        for version_id, day, opens_at in (await self._session.execute(query)).all():
            days[version_id].append(day)
            if opens_at is not None:
                opening[version_id][day] = opens_at
        return {version_id: VersionDays(tuple(days[version_id]), opening[version_id]) for version_id in version_ids}

    async def revisions(self) -> dict[str, int]:
        """The revision of every calendar."""
        rows = await self._session.execute(select(Calendar.code, Calendar.revision))
        return {row.code: row.revision for row in rows}

    async def touch(self, codes: Iterable[str]) -> None:
        """Say that the days of these calendars may have changed: routines on them are loaded again."""
        await self._session.execute(
            update(Calendar).where(Calendar.code.in_(sorted(codes))).values(revision=Calendar.revision + 1)
        )

    async def wake_scheduler(self) -> None:
        await notify(self._session, WAKE_CHANNEL)

    # --- overrides ----------------------------------------

    async def override(self, code: str, day: date) -> CalendarOverride | None:
        """The override of a date that holds now."""
        query = select(CalendarOverride).where(
            CalendarOverride.calendar_code == code, CalendarOverride.day == day, CalendarOverride.ended_at.is_(None)
        )
        return (await self._session.scalars(query)).one_or_none()

    async def overrides_between(self, code: str, *, start: date, end: date, ended: bool) -> list[CalendarOverride]:
        """Overrides of dates from `start` to `end`, by day and age; with `ended`, those too that hold no more."""
        query = (
            select(CalendarOverride)
            .where(CalendarOverride.calendar_code == code, CalendarOverride.day.between(start, end))
            .order_by(CalendarOverride.day, CalendarOverride.created_at, CalendarOverride.id)
        )
        if not ended:
            query = query.where(CalendarOverride.ended_at.is_(None))
        return list(await self._session.scalars(query))

    async def add_override(self, values: Mapping[str, Any]) -> CalendarOverride:
        """Write an override; the one that held for the day must have been ended."""
        return (
            await self._session.scalars(insert(CalendarOverride).values(**values).returning(CalendarOverride))
        ).one()

    async def end_override(self, code: str, day: date, *, by: str, at: datetime) -> None:
        """The override of a date holds no more."""
        await self._session.execute(
            update(CalendarOverride)
            .where(
                CalendarOverride.calendar_code == code, CalendarOverride.day == day, CalendarOverride.ended_at.is_(None)
            )
            .values(ended_by=by, ended_at=at)
        )

    # --- versions ----------------------------------------

    async def add_calendar(self, *, code: str, name: str, kind: str, time_zone: str) -> bool:
        """Insert a calendar; False when the code is taken."""
        statement = pg_insert(Calendar).values(code=code, name=name, kind=kind, time_zone=time_zone)
        added = await self._session.scalars(statement.on_conflict_do_nothing().returning(Calendar.code))
        return added.one_or_none() is not None

    async def rename(self, code: str, name: str) -> None:
        await self._session.execute(update(Calendar).where(Calendar.code == code).values(name=name))

    async def versions(self, code: str, *, before: int | None, limit: int) -> list[StoredVersion]:
        """Versions of a calendar below the number `before`, the newest first, at most `limit`."""
        query = (
            select(CalendarVersion)
            .where(CalendarVersion.calendar_code == code)
            .options(defer(CalendarVersion.content))
            .order_by(CalendarVersion.version.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(CalendarVersion.version < before)
        return [_stored(version) for version in await self._session.scalars(query)]

    async def version(self, code: str, number: int) -> tuple[StoredVersion, dict[str, Any] | None] | None:
        """One version, with what a person wrote."""
        query = select(CalendarVersion).where(CalendarVersion.calendar_code == code, CalendarVersion.version == number)
        version = (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
        return None if version is None else (_stored(version), version.content)

    async def add_version(self, code: str, new: NewVersion, *, version: int, at: datetime) -> None:
        """Insert a version with its days and members: three statements, whatever the number of days."""
        inserted = await self._session.scalars(
            insert(CalendarVersion)
            .values(
                calendar_code=code,
                version=version,
                source=new.source,
                sha256=new.sha256,
                coverage_start=new.start,
                coverage_end=new.end,
                names={day.isoformat(): name for day, name in new.names.items()},
                content=new.content,
                created_by=new.created_by,
                created_at=at,
            )
            .returning(CalendarVersion.id)
        )
        version_id: UUID = inserted.one()
        if new.members:
            members = [{"version_id": version_id, "member_code": member} for member in new.members]
            await self._session.execute(insert(CalendarMember), members)
        if new.days:
            await self._add_days(version_id, new)

    async def _add_days(self, version_id: UUID, new: NewVersion) -> None:
        opening = [new.opens_at.get(day) for day in new.days]
        rows = (
            func.unnest(
                bindparam("days", list(new.days), type_=ARRAY(Date)), bindparam("opening", opening, type_=ARRAY(Time))
            )
            .table_valued("day", "opens_at")
            .render_derived()
        )
        await self._session.execute(
            insert(CalendarSession).from_select(
                ["version_id", "day", "opens_at"], select(literal(version_id, Uuid), rows.c.day, rows.c.opens_at)
            )
        )

    async def delete_calendar(self, code: str) -> bool:
        """Delete a calendar with its versions and overrides; False when something still refers to it."""
        try:
            async with self._session.begin_nested():
                await self._session.execute(delete(CalendarOverride).where(CalendarOverride.calendar_code == code))
                await self._session.execute(delete(CalendarVersion).where(CalendarVersion.calendar_code == code))
                await self._session.execute(delete(Calendar).where(Calendar.code == code))
        except IntegrityError:
            return False
        return True


def _newest_versions(as_of: datetime | None) -> CTE:
    """The newest version of every calendar, by id and code, of those that there were at `as_of`."""
    newest = select(CalendarVersion.id, CalendarVersion.calendar_code)
    if as_of is not None:
        newest = newest.where(CalendarVersion.created_at <= as_of)
    return (
        newest.ext(distinct_on(CalendarVersion.calendar_code))
        .order_by(CalendarVersion.calendar_code, CalendarVersion.version.desc())
        .cte("newest")
    )


def _with_members(codes: Iterable[str], newest: CTE) -> CTE:
    """These calendars and all that they are made of, directly or through others."""
    asked = func.unnest(cast(list(codes), ARRAY(Text))).column_valued("code")
    wanted = select(asked).cte("wanted", recursive=True)
    return wanted.union(
        select(CalendarMember.member_code)
        .join(newest, newest.c.id == CalendarMember.version_id)
        .join(wanted, wanted.c.code == newest.c.calendar_code)
    )


def _row(
    calendar: Calendar, version: CalendarVersion | None, *, members: Sequence[str], corrections: Sequence[Correction]
) -> CalendarRow:
    return CalendarRow(
        code=calendar.code,
        name=calendar.name,
        kind=calendar.kind,
        time_zone=calendar.time_zone,
        revision=calendar.revision,
        version=None if version is None else _stored(version),
        members=tuple(sorted(members)),
        corrections=tuple(corrections),
    )


def _stored(version: CalendarVersion) -> StoredVersion:
    return StoredVersion(
        id=version.id,
        version=version.version,
        source=version.source,
        sha256=version.sha256,
        start=version.coverage_start,
        end=version.coverage_end,
        names=version.names,
        created_by=version.created_by,
        created_at=version.created_at,
    )


def _correction(override: CalendarOverride) -> Correction:
    return Correction(
        day=override.day,
        is_business_day=override.is_business_day,
        opens_at=override.opens_at,
        note=override.note,
    )
