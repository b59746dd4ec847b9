"""Wiring of calendars and day groups for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.service import CalendarService, DayGroupService
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _calendars(session: WriteSession, request: Request) -> CalendarService:
    clock = request.state.clock
    return CalendarService(CalendarRepository(session), audit=audit_trail(session, clock=clock), clock=clock)


def _day_groups(session: WriteSession, request: Request) -> DayGroupService:
    return DayGroupService(
        CalendarRepository(session),
        calendars=_calendars(session, request),
        audit=audit_trail(session, clock=request.state.clock),
    )


async def calendar_changes(session: WriteSessionDep, request: Request) -> CalendarService:
    return _calendars(session, request)


async def calendar_reads(session: ReadSessionDep, request: Request) -> CalendarService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _calendars(WriteSession(session), request)


async def day_group_changes(session: WriteSessionDep, request: Request) -> DayGroupService:
    return _day_groups(session, request)


async def day_group_reads(session: ReadSessionDep, request: Request) -> DayGroupService:
    return _day_groups(WriteSession(session), request)


CalendarChanges = Annotated[CalendarService, Depends(calendar_changes)]
CalendarReads = Annotated[CalendarService, Depends(calendar_reads)]
DayGroupChanges = Annotated[DayGroupService, Depends(day_group_changes)]
DayGroupReads = Annotated[DayGroupService, Depends(day_group_reads)]
