"""Queries of calendars and day groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Time, Uuid, and_, bindparam, cast, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from core_api.database import WAKE_CHANNEL
from core_api.modules.calendars.models import (
    Calendar,
    CalendarOverride,
    CalendarSession,
    CalendarVersion,
    DayGroup,
)
from core_api.modules.calendars.schemas import CalendarFile
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar with its newest version (None for EVERY_DAY) and its overrides, ascending by day."""

    calendar: Calendar
    version: CalendarVersion | None
    overrides: tuple[CalendarOverride, ...]


@dataclass(frozen=True, slots=True)
class VersionDays:
    """The days of one version; immutable, so it may be kept for ever."""

    days: tuple[date, ...]
    opening_times: Mapping[date, time]


class CalendarRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def calendars(self, codes: Sequence[str] | None = None) -> list[CalendarRow]:
        """The calendars asked for, or all, by code."""
        versions = aliased(CalendarVersion)
        newest = select(func.max(versions.version)).where(versions.calendar_code == Calendar.code).scalar_subquery()
        is_newest = and_(CalendarVersion.calendar_code == Calendar.code, CalendarVersion.version == newest)
        query = select(Calendar, CalendarVersion).outerjoin(CalendarVersion, is_newest).order_by(Calendar.code)
        overrides = select(CalendarOverride).order_by(CalendarOverride.day)
        if codes is not None:
            query = query.where(Calendar.code.in_(codes))
            overrides = overrides.where(CalendarOverride.calendar_code.in_(codes))
        found = (await self._session.execute(query)).all()
        by_code: dict[str, list[CalendarOverride]] = {}
        for override in await self._session.scalars(overrides):
            by_code.setdefault(override.calendar_code, []).append(override)
        return [CalendarRow(calendar, version, tuple(by_code.get(calendar.code, ()))) for calendar, version in found]

    async def version_days(self, version_id: UUID) -> VersionDays:
        """All business days of a version."""
        query = (
            select(CalendarSession.day, CalendarSession.opens_at)
            .where(CalendarSession.version_id == version_id)
            .order_by(CalendarSession.day)
        )
        rows = (await self._session.execute(query)).all()
        return VersionDays(
            days=tuple(row.day for row in rows),
            opening_times={row.day: row.opens_at for row in rows if row.opens_at is not None},
        )

    async def override(self, code: str, day: date) -> CalendarOverride | None:
        return await self._session.get(CalendarOverride, (code, day), populate_existing=True)

    async def put_override(self, values: Mapping[str, Any]) -> CalendarOverride:
        """Write an override, replacing the one of the same day."""
        changes = {name: value for name, value in values.items() if name not in {"calendar_code", "day"}}
        statement = (
            pg_insert(CalendarOverride)
            .values(**values)
            .on_conflict_do_update(index_elements=["calendar_code", "day"], set_=changes)
            .returning(CalendarOverride)
        )
        return (await self._session.scalars(statement, execution_options={"populate_existing": True})).one()

    async def delete_override(self, code: str, day: date) -> None:
        await self._session.execute(
            delete(CalendarOverride).where(CalendarOverride.calendar_code == code, CalendarOverride.day == day)
        )

    async def touch_groups(self, code: str) -> None:
        """Say that the dates of every group on this calendar may have changed: their routines are loaded again."""
        await self._session.execute(
            update(DayGroup).where(DayGroup.calendar_code == code).values(revision=DayGroup.revision + 1)
        )

    async def wake_scheduler(self) -> None:
        await notify(self._session, WAKE_CHANNEL)

    # --- publishing ----------------------------------------

    async def upsert_calendar(self, *, code: str, name: str, kind: str, time_zone: str) -> None:
        statement = pg_insert(Calendar).values(code=code, name=name, kind=kind, time_zone=time_zone)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["code"], set_={"name": name, "time_zone": time_zone})
        )

    async def newest_version(self, code: str) -> CalendarVersion | None:
        query = (
            select(CalendarVersion)
            .where(CalendarVersion.calendar_code == code)
            .order_by(CalendarVersion.version.desc())
            .limit(1)
        )
        return (await self._session.scalars(query)).one_or_none()

    async def add_version(self, file: CalendarFile, *, version: int, sha256: str) -> UUID:
        """Insert a version and its days: two statements, whatever the number of days."""
        inserted = await self._session.scalars(
            insert(CalendarVersion)
            .values(
                calendar_code=file.code,
                version=version,
                source=file.source,
                sha256=sha256,
                coverage_start=file.coverage.start,
                coverage_end=file.coverage.end,
                names={day.isoformat(): name for day, name in file.names.items()},
            )
            .returning(CalendarVersion.id)
        )
        version_id: UUID = inserted.one()
        days = file.business_days()
        opening = [file.opens_at.get(day) for day in days]
        rows = (
            func.unnest(bindparam("days", days, type_=ARRAY(Date)), bindparam("opening", opening, type_=ARRAY(Time)))
            .table_valued("day", "opens_at")
            .render_derived()
        )
        await self._session.execute(
            insert(CalendarSession).from_select(
                ["version_id", "day", "opens_at"], select(literal(version_id, Uuid), rows.c.day, rows.c.opens_at)
            )
        )
        return version_id

    # --- day groups ----------------------------------------

    async def groups(self, ids: Sequence[UUID] | None = None) -> list[DayGroup]:
        """The groups asked for, or all, by name."""
        query = select(DayGroup).order_by(DayGroup.name)
        if ids is not None:
            query = query.where(DayGroup.id == func.any(cast(list(ids), ARRAY(Uuid))))
        return list(await self._session.scalars(query))

    async def group(self, group_id: UUID, *, lock: bool = False) -> DayGroup | None:
        query = select(DayGroup).where(DayGroup.id == group_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def group_named(self, name: str) -> DayGroup | None:
        return (await self._session.scalars(select(DayGroup).where(DayGroup.name == name))).one_or_none()

    async def revisions(self) -> dict[UUID, int]:
        """The revision of every group."""
        rows = (await self._session.execute(select(DayGroup.id, DayGroup.revision))).all()
        return {row.id: row.revision for row in rows}

    async def add_group(self, **values: Any) -> DayGroup | None:
        """Insert a group; None when the name is taken."""
        statement = (
            pg_insert(DayGroup).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(DayGroup)
        )
        return (await self._session.scalars(statement)).one_or_none()

    async def update_group(self, group_id: UUID, **values: Any) -> DayGroup | None:
        """Change a group and count the change; None when the new name is another group's."""
        statement = (
            update(DayGroup)
            .where(DayGroup.id == group_id)
            .values(**values, version=DayGroup.version + 1, revision=DayGroup.revision + 1)
            .returning(DayGroup)
        )
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one_or_none()
        except IntegrityError:
            return None

    async def delete_group(self, group_id: UUID) -> bool:
        """Delete a group; False when something still refers to it."""
        try:
            async with self._session.begin_nested():
                await self._session.execute(delete(DayGroup).where(DayGroup.id == group_id))
        except IntegrityError:
            return False
        return True
