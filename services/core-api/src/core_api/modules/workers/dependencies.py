"""Wiring of the job catalog for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.workers.repository import WorkerRepository
from core_api.modules.workers.service import Catalog
from shared_utils.http.dependencies import ReadSessionDep


async def job_catalog(session: ReadSessionDep, request: Request) -> Catalog:
    return Catalog(WorkerRepository(session), request.state.clock)


Jobs = Annotated[Catalog, Depends(job_catalog)]
