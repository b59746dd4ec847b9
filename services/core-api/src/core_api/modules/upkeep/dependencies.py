"""Wiring of the upkeep for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import AuditTrail, audit_trail
from core_api.modules.upkeep.service import Keep, Maintenance
from shared_utils.http.dependencies import WriteSessionDep


async def maintenance(request: Request) -> Maintenance:
    """It commits step by step, as the scheduler's loop does."""
    settings = request.state.settings
    keep = Keep.of(executions_months=settings.keep_executions_months, days=settings.keep_days)
    return Maintenance(request.state.sessionmaker, request.state.clock, keep, store=request.state.artifact_store)


async def audit(session: WriteSessionDep, request: Request) -> AuditTrail:
    return audit_trail(session, clock=request.state.clock)


Upkeep = Annotated[Maintenance, Depends(maintenance)]
Audit = Annotated[AuditTrail, Depends(audit)]
