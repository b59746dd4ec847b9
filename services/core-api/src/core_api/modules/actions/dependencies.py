"""Wiring of actions."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.actions.service import ActionService
from core_api.modules.executions.public import ActionRepository, LedgerRepository, outbox_for
from core_api.modules.queue import public as queue
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import WriteSessionDep


class SessionQueue:
    """The queue as people see it, within one transaction."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def read(self, execution_id: UUID) -> queue.ExecutionRead:
        return await queue.reads_for(self._session, clock=self._clock).get(execution_id)

    async def matching(self, wanted: queue.Filter, *, limit: int) -> list[UUID]:
        return await queue.matching_ids(self._session, wanted, limit=limit)


async def action_service(session: WriteSessionDep, request: Request) -> ActionService:
    clock = request.state.clock
    return ActionService(
        ActionRepository(session),
        LedgerRepository(session),
        queue=SessionQueue(session, clock=clock),
        outbox=outbox_for(session, clock),
        audit=audit_trail(session, clock=clock),
        clock=clock,
    )


Actions = Annotated[ActionService, Depends(action_service)]
