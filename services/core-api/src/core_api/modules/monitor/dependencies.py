"""Wiring of the monitor for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.monitor.repository import MonitorRepository
from core_api.modules.monitor.schemas import CheckRead
from core_api.modules.monitor.service import MonitorService, check
from shared_utils.db.session import ReadSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _service(session: ReadSession, request: Request) -> MonitorService:
    return MonitorService(session, MonitorRepository(session), request.state.streams, request.state.clock)


async def monitor(session: ReadSessionDep, request: Request) -> MonitorService:
    return _service(session, request)


async def checked(session: WriteSessionDep, request: Request) -> CheckRead:
    return await check(session, _service(session, request))


Monitor = Annotated[MonitorService, Depends(monitor)]
Checked = Annotated[CheckRead, Depends(checked)]
