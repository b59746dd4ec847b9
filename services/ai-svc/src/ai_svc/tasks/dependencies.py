"""Wiring of tasks for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from ai_svc.tasks.service import TaskService
from shared_utils.clock import SystemClock
from shared_utils.db.session import ReadSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _service(session: ReadSession, request: Request) -> TaskService:
    return TaskService(session, SystemClock(), retention_days=request.state.settings.task_retention_days)


async def task_reads(session: ReadSessionDep, request: Request) -> TaskService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _service(session, request)


async def task_changes(session: WriteSessionDep, request: Request) -> TaskService:
    return _service(session, request)


TaskReads = Annotated[TaskService, Depends(task_reads)]
TaskChanges = Annotated[TaskService, Depends(task_changes)]
