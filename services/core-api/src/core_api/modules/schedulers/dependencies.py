"""Wiring of schedulers for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.schedulers.repository import SchedulerRepository
from core_api.modules.schedulers.service import SchedulerReads
from shared_utils.http.dependencies import ReadSessionDep


async def scheduler_reads(session: ReadSessionDep, request: Request) -> SchedulerReads:
    return SchedulerReads(SchedulerRepository(session), request.state.clock)


Schedulers = Annotated[SchedulerReads, Depends(scheduler_reads)]
