"""Wiring of what an edit would change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.calendars import public as calendars
from core_api.modules.day_changes.service import DayChangeService
from core_api.modules.day_groups import public as day_groups
from core_api.modules.routines import public as routines
from shared_utils.db.session import ReadSession
from shared_utils.http.dependencies import ReadSessionDep


class SessionNeighbours:
    """Other modules, asked within one read-only transaction."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def with_override(
        self, code: str, day: date, write: calendars.OverrideWrite | None
    ) -> calendars.CalendarComparison:
        return await calendars.with_override(self._session, code, day, write)

    async def with_version(self, code: str, content: calendars.CalendarContent) -> calendars.CalendarComparison:
        return await calendars.with_version(self._session, code, content)

    async def groups_on(self, change: calendars.CalendarComparison) -> list[day_groups.GroupComparison]:
        return await day_groups.compared(self._session, change.before, change.after)

    async def with_edit(self, group_id: UUID, write: day_groups.DayGroupWrite) -> day_groups.GroupComparison:
        return await day_groups.with_edit(self._session, group_id, write)

    async def routines_in(self, group_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[routines.RoutineInGroup]]:
        return await routines.routines_in(self._session, group_ids)


async def day_changes(session: ReadSessionDep, request: Request) -> DayChangeService:
    return DayChangeService(SessionNeighbours(session), clock=request.state.clock)


DayChangeReads = Annotated[DayChangeService, Depends(day_changes)]
