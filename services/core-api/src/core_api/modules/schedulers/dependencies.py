"""Wiring of schedulers for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.service import Restarts, SchedulerReads
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


async def scheduler_reads(session: ReadSessionDep, request: Request) -> SchedulerReads:
    return SchedulerReads(SchedulerRepository(session), request.state.clock)


async def restarts(session: WriteSessionDep, request: Request) -> Restarts:
    clock = request.state.clock
    return Restarts(SchedulerRepository(session), audit_trail(session, clock=clock), clock)


LoopRestarts = Annotated[Restarts, Depends(restarts)]
Schedulers = Annotated[SchedulerReads, Depends(scheduler_reads)]
