"""Queries of day groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError

from core_api.database import WAKE_CHANNEL
from core_api.modules.day_groups.models import DayGroup
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession


@dataclass(frozen=True, slots=True)
class OwnRevision:
    """A group's own part of its revision, and the calendar that has the other part."""

    calendar_code: str
    revision: int


class DayGroupRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def groups(self, ids: Sequence[UUID] | None = None) -> list[DayGroup]:
        """The groups asked for, or all, by name."""
        query = select(DayGroup).order_by(DayGroup.name)
        if ids is not None:
            query = query.where(DayGroup.id == func.any(cast(list(ids), ARRAY(Uuid))))
        return list(await self._session.scalars(query))

    async def groups_on(self, calendar_codes: Sequence[str]) -> list[DayGroup]:
        """The groups on any of these calendars, by name."""
        on_one = DayGroup.calendar_code == func.any(cast(list(calendar_codes), ARRAY(Text)))
        return list(await self._session.scalars(select(DayGroup).where(on_one).order_by(DayGroup.name)))

    async def group(self, group_id: UUID, *, lock: bool = False) -> DayGroup | None:
        query = select(DayGroup).where(DayGroup.id == group_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def group_named(self, name: str) -> DayGroup | None:
        return (await self._session.scalars(select(DayGroup).where(DayGroup.name == name))).one_or_none()

    async def own_revisions(self) -> dict[UUID, OwnRevision]:
        """The own revision of every group."""
        rows = await self._session.execute(select(DayGroup.id, DayGroup.calendar_code, DayGroup.revision))
        return {row.id: OwnRevision(row.calendar_code, row.revision) for row in rows}

    async def calendars_used(self) -> frozenset[str]:
        """Codes of the calendars that any group is on."""
        return frozenset(await self._session.scalars(select(DayGroup.calendar_code).distinct()))

    async def add(self, **values: Any) -> DayGroup | None:
        """Insert a group; None when the name is taken."""
        statement = (
            pg_insert(DayGroup).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(DayGroup)
        )
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, group_id: UUID, **values: Any) -> DayGroup | None:
        """Change a group and count the edit; None when the new name is another group's."""
        statement = (
            update(DayGroup)
            .where(DayGroup.id == group_id)
            .values(**values, version=DayGroup.version + 1)
            .returning(DayGroup)
        )
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one_or_none()
        except IntegrityError:
            return None

    async def delete(self, group_id: UUID) -> bool:
        """Delete a group; False when something still refers to it."""
        try:
            async with self._session.begin_nested():
                await self._session.execute(delete(DayGroup).where(DayGroup.id == group_id))
        except IntegrityError:
            return False
        return True

    async def wake_scheduler(self) -> None:
        await notify(self._session, WAKE_CHANNEL)
