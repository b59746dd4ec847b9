"""Wiring of deadlines: the same for HTTP and for whoever watches them."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.calendars import public as calendars
from core_api.modules.deadlines.repository import DeadlineRepository
from core_api.modules.deadlines.service import Deadlines, GroupDeadlineService
from core_api.modules.triggers.public import instant_of
from shared_utils.db.session import ReadSession, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def deadlines_of(session: ReadSession) -> Deadlines:
    """Deadlines within one transaction."""

    async def all_calendars() -> Mapping[str, calendars.CalendarDays]:
        return await calendars.all_calendars(session)

    return Deadlines(DeadlineRepository(session), all_calendars, instant_of=instant_of)


async def deadline_reads(session: ReadSessionDep) -> Deadlines:
    return deadlines_of(session)


def _groups(session: WriteSession, request: Request) -> GroupDeadlineService:
    clock = request.state.clock
    return GroupDeadlineService(DeadlineRepository(session), audit_trail(session, clock=clock), clock)


async def group_deadlines(session: WriteSessionDep, request: Request) -> GroupDeadlineService:
    return _groups(session, request)


async def group_deadline_reads(session: ReadSessionDep, request: Request) -> GroupDeadlineService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _groups(WriteSession(session), request)


DeadlineReads = Annotated[Deadlines, Depends(deadline_reads)]
GroupDeadlineReads = Annotated[GroupDeadlineService, Depends(group_deadline_reads)]
GroupDeadlines = Annotated[GroupDeadlineService, Depends(group_deadlines)]
