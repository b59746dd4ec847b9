"""Wiring of pools for HTTP."""

from typing import Annotated

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.pools.repository import PoolRepository
from core_api.modules.pools.service import PoolService
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


def _pools(session: WriteSession, request: Request) -> PoolService:
    return PoolService(PoolRepository(session), audit=audit_trail(session, clock=request.state.clock))


async def pool_changes(session: WriteSessionDep, request: Request) -> PoolService:
    return _pools(session, request)


async def pool_reads(session: ReadSessionDep, request: Request) -> PoolService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _pools(WriteSession(session), request)


PoolChanges = Annotated[PoolService, Depends(pool_changes)]
PoolReads = Annotated[PoolService, Depends(pool_reads)]
