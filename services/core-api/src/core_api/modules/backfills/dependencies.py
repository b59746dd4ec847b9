"""Wiring of backfills: the same for HTTP and for the scheduler."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.backfills.repository import BackfillRepository
from core_api.modules.backfills.service import BackfillLoop, BackfillService
from core_api.modules.executions import public as executions
from core_api.modules.idempotency import public as idempotency
from core_api.modules.planning import public as planning
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from core_api.modules.workers import public as workers
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep

type Hold = Callable[[UUID], Awaitable[None]]


class SessionNeighbours:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def planned(self, ids: Sequence[UUID] | None) -> list[routines.PlannedRoutine]:
        return await routines.planned_routines(self._session, ids, with_paused=True)

    async def plan(self, ids: Sequence[UUID]) -> planning.Plan:
        return await planning.plan(self._session, routine_ids=ids, with_paused=True)

    async def with_params(
        self, snapshots: Sequence[routines.RoutineSnapshot], params: Mapping[str, Any]
    ) -> list[routines.RoutineSnapshot]:
        return await routines.with_params(self._session, snapshots, params)

    async def names(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        return await routines.names_of(self._session, ids)

    async def param_schemas(self, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
        jobs = await routines.jobs_of(self._session, ids)
        schemas = await workers.job_schemas(self._session, set(jobs.values()))
        return {routine_id: schemas[job] for routine_id, job in jobs.items() if job in schemas}

    async def enqueue(self, series: Sequence[executions.Series], *, now: datetime) -> int:
        return (await executions.enqueue_series(self._session, series, now=now)).created

    async def take_back(self, backfill_id: UUID, *, now: datetime) -> None:
        await executions.take_back_backfill(self._session, backfill_id, now=now)

    async def cancel(self, backfill_id: UUID, *, by: str, keep_running: bool, now: datetime) -> None:
        await executions.cancel_backfill(
            self._session, backfill_id, by=by, keep_running=keep_running, clock=self._clock, now=now
        )

    async def remember(
        self, key: str, *, body: dict[str, Any], ids: Sequence[UUID], by: AuthContext
    ) -> tuple[UUID, ...] | None:
        return await idempotency.remember(
            self._session, subject=by.subject, route="backfills", key=key, body=body, ids=ids, now=self._clock.now()
        )

    async def note(self, notes: Sequence[schedulers.Note], *, now: datetime) -> None:
        await schedulers.note(self._session, notes, now=now)


def backfill_service(session: WriteSession, *, clock: Clock) -> BackfillService:
    """Backfills within one transaction."""
    return BackfillService(
        BackfillRepository(session),
        SessionNeighbours(session, clock=clock),
        outbox=executions.outbox_for(session, clock),
        audit=audit_trail(session, clock=clock),
        clock=clock,
    )


def backfill_loop(sessionmaker: SessionFactory, clock: Clock) -> BackfillLoop:
    """The scheduler's loop."""
    return BackfillLoop(sessionmaker, service_for=lambda session: backfill_service(session, clock=clock))


async def backfill_changes(session: WriteSessionDep, request: Request) -> BackfillService:
    return backfill_service(session, clock=request.state.clock)


async def hold_first(request: Request) -> Hold:
    """Holds a backfill in a transaction of its own, committed before the request's begins."""

    async def hold(backfill_id: UUID) -> None:
        async with transaction(request.state.sessionmaker) as session:
            await backfill_service(session, clock=request.state.clock).hold(backfill_id)

    return hold


async def backfill_reads(session: ReadSessionDep, request: Request) -> BackfillService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return backfill_service(WriteSession(session), clock=request.state.clock)


Backfills = Annotated[BackfillService, Depends(backfill_changes)]
Reads = Annotated[BackfillService, Depends(backfill_reads)]
HoldFirst = Annotated[Hold, Depends(hold_first)]
