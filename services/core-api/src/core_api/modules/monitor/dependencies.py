"""Wiring of the monitor for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.monitor.repository import MonitorRepository
from core_api.modules.monitor.service import MonitorService
from shared_utils.http.dependencies import ReadSessionDep


async def monitor(session: ReadSessionDep, request: Request) -> MonitorService:
    return MonitorService(session, MonitorRepository(session), request.state.clock)


Monitor = Annotated[MonitorService, Depends(monitor)]
