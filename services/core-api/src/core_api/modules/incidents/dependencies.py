"""Wiring of incidents for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.incidents.repository import IncidentRepository
from core_api.modules.incidents.service import IncidentService
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _incidents(session: WriteSession, request: Request) -> IncidentService:
    clock = request.state.clock
    return IncidentService(IncidentRepository(session), audit_trail(session, clock=clock), clock)


async def incident_changes(session: WriteSessionDep, request: Request) -> IncidentService:
    return _incidents(session, request)


async def incident_reads(session: ReadSessionDep, request: Request) -> IncidentService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _incidents(WriteSession(session), request)


IncidentChanges = Annotated[IncidentService, Depends(incident_changes)]
IncidentReads = Annotated[IncidentService, Depends(incident_reads)]
