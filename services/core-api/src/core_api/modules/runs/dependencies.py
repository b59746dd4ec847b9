"""Wiring of runs by hand."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.executions import public as executions
from core_api.modules.idempotency import public as idempotency
from core_api.modules.planning import public as planning
from core_api.modules.queue import public as queue
from core_api.modules.routines import public as routines
from core_api.modules.runs.service import RunService
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession, undone
from shared_utils.http.dependencies import WriteSessionDep


class SessionQueue:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> routines.RoutineSnapshot:
        return await routines.get_routine_for_run(self._session, routine_id, params=params)

    async def edges(self, routine_id: UUID, business_date: date) -> planning.Edges:
        return await planning.edges_when_asked(self._session, routine_id, business_date)

    async def enqueue(self, new: Sequence[executions.NewExecution], *, now: datetime) -> executions.EnqueueResult:
        return await executions.enqueue(self._session, new, now=now)

    async def chain(
        self, routine_id: UUID, business_date: date
    ) -> list[tuple[routines.RoutineSnapshot, planning.Edges]]:
        plan = await planning.plan(self._session)
        found = plan.downstream(routine_id, business_date)
        return [(one, plan.edges_when_asked(one.routine_id, business_date)) for one in found]

    async def identities(self, ids: Sequence[UUID]) -> dict[UUID, executions.Identity]:
        return await executions.identities(self._session, ids)

    def undone(self) -> AbstractAsyncContextManager[None]:
        return undone(self._session)

    async def read(self, execution_id: UUID) -> queue.ExecutionRead:
        return await queue.reads_for(self._session, clock=self._clock).get(execution_id)

    async def remember(
        self, key: str, *, route: str, body: dict[str, Any], ids: Sequence[UUID], by: AuthContext
    ) -> tuple[UUID, ...] | None:
        return await idempotency.remember(
            self._session, subject=by.subject, route=route, key=key, body=body, ids=ids, now=self._clock.now()
        )


async def run_service(session: WriteSessionDep, request: Request) -> RunService:
    clock = request.state.clock
    return RunService(SessionQueue(session, clock=clock), audit_trail(session, clock=clock), clock)


Runs = Annotated[RunService, Depends(run_service)]
