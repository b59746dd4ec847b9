"""Wiring of routines: the same for HTTP and for the doors in `public.py`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.announcing import outbox_for
from core_api.modules.access.public import audit_trail
from core_api.modules.day_groups import public as groups
from core_api.modules.pools import public as pools
from core_api.modules.routines.repository import RoutineRepository
from core_api.modules.routines.service import RoutineService
from core_api.modules.workers import public as workers
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


class SessionNeighbours:
    """Other modules, asked within one transaction."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def job_schema(self, job: str) -> Mapping[str, Any] | None:
        return (await workers.job_schemas(self._session, [job])).get(job)

    async def job_schemas(self, jobs: Collection[str]) -> dict[str, Mapping[str, Any]]:
        return await workers.job_schemas(self._session, jobs)

    async def job_names(self) -> list[str]:
        return await workers.job_names(self._session)

    async def pool_exists(self, name: str) -> bool:
        return await pools.pool_exists(self._session, name)

    async def day_groups(self, ids: Sequence[UUID]) -> dict[UUID, groups.GroupDays]:
        return await groups.day_groups(self._session, ids)

    async def day_group_reads(self, ids: Sequence[UUID]) -> dict[UUID, groups.DayGroupRead]:
        return await groups.day_group_reads(self._session, ids)


def routine_service(session: WriteSession, *, clock: Clock) -> RoutineService:
    """Routines within one transaction."""
    return RoutineService(
        RoutineRepository(session),
        neighbours=SessionNeighbours(session),
        outbox=outbox_for(session, clock),
        audit=audit_trail(session, clock=clock),
        clock=clock,
    )


async def routine_changes(session: WriteSessionDep, request: Request) -> RoutineService:
    return routine_service(session, clock=request.state.clock)


async def routine_reads(session: ReadSessionDep, request: Request) -> RoutineService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return routine_service(WriteSession(session), clock=request.state.clock)


RoutineChanges = Annotated[RoutineService, Depends(routine_changes)]
RoutineReads = Annotated[RoutineService, Depends(routine_reads)]
