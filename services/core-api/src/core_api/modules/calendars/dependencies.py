"""Wiring of calendars for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.service import CalendarReader, CalendarService
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


async def calendar_changes(session: WriteSessionDep, request: Request) -> CalendarService:
    clock = request.state.clock
    return CalendarService(CalendarRepository(session), audit=audit_trail(session, clock=clock), clock=clock)


async def calendar_reads(session: ReadSessionDep) -> CalendarReader:
    return CalendarReader(CalendarRepository(session))


CalendarChanges = Annotated[CalendarService, Depends(calendar_changes)]
CalendarReads = Annotated[CalendarReader, Depends(calendar_reads)]
