"""Wiring of access for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.repository import AuditRepository
from core_api.modules.access.service import AuditTrail
from shared_utils.http.dependencies import ReadSessionDep


async def audit_reads(session: ReadSessionDep, request: Request) -> AuditTrail:
    return AuditTrail(AuditRepository(session), clock=request.state.clock)


AuditReads = Annotated[AuditTrail, Depends(audit_reads)]
