"""Wiring of day groups: the same for HTTP and for the doors in `public.py`."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.calendars import public as calendars
from core_api.modules.day_groups.repository import DayGroupRepository
from core_api.modules.day_groups.service import DayGroupService
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


class SessionCalendars:
    """Calendars, asked within one transaction."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def days_of(self, codes: Iterable[str]) -> dict[str, calendars.CalendarDays]:
        return await calendars.days_of(self._session, codes)

    async def revisions(self) -> dict[str, int]:
        return await calendars.revisions(self._session)

    async def lock_changes(self) -> None:
        await calendars.lock_changes(WriteSession(self._session))


def day_group_service(session: WriteSession, *, clock: Clock) -> DayGroupService:
    """Day groups within one transaction."""
    return DayGroupService(
        DayGroupRepository(session),
        calendars=SessionCalendars(session),
        audit=audit_trail(session, clock=clock),
    )


async def day_group_changes(session: WriteSessionDep, request: Request) -> DayGroupService:
    return day_group_service(session, clock=request.state.clock)


async def day_group_reads(session: ReadSessionDep, request: Request) -> DayGroupService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return day_group_service(WriteSession(session), clock=request.state.clock)


DayGroupChanges = Annotated[DayGroupService, Depends(day_group_changes)]
DayGroupReads = Annotated[DayGroupService, Depends(day_group_reads)]
