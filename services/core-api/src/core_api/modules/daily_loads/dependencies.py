"""Wiring of loads: the same for HTTP, the scheduler and the seed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.service import LoadLoop, LoadService, RunService
from core_api.modules.executions import public as executions
from core_api.modules.queue import public as queue
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


class SessionQueue:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def plan(
        self, business_date: date, *, routine_ids: Sequence[UUID] | None = None
    ) -> list[routines.PlannedSlot]:
        return await routines.plan_day(self._session, business_date, routine_ids=routine_ids)

    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> routines.RoutineSnapshot:
        return await routines.get_routine_for_run(self._session, routine_id, params=params)

    async def stale(self, *, limit: int) -> list[routines.StaleRoutine]:
        return await routines.stale_routines(self._session, limit=limit)

    async def mark_loaded(self, stale: Sequence[routines.StaleRoutine]) -> None:
        await routines.mark_loaded(self._session, stale)

    async def enqueue(self, new: Sequence[executions.NewExecution], *, now: datetime) -> executions.EnqueueResult:
        return await executions.enqueue(self._session, new, now=now)

    async def withdraw(self, routine_ids: Sequence[UUID]) -> list[UUID]:
        return await executions.withdraw_untouched(self._session, routine_ids)

    async def bring_forward(self, business_date: date, *, now: datetime, routine_ids: Sequence[UUID] | None) -> int:
        return await executions.bring_forward(self._session, business_date, now=now, routine_ids=routine_ids)

    async def downstream(self, routine_id: UUID, business_date: date) -> list[UUID]:
        return await executions.downstream_of(self._session, routine_id, business_date)

    async def read(self, execution_id: UUID) -> queue.ExecutionRead:
        return await queue.reads_for(self._session, clock=self._clock).get(execution_id)

    async def note(self, notes: Sequence[schedulers.Note], *, now: datetime) -> None:
        await schedulers.note(self._session, notes, now=now)


def load_service(session: WriteSession, *, clock: Clock) -> LoadService:
    """Loads within one transaction."""
    return LoadService(
        DailyLoadRepository(session),
        SessionQueue(session, clock=clock),
        executions.outbox_for(session, clock),
        clock,
    )


def load_loop(sessionmaker: SessionFactory, clock: Clock) -> LoadLoop:
    """The scheduler's loop."""

    async def zones(session: WriteSession) -> set[str]:
        return await routines.zones_in_use(session)

    async def note(session: WriteSession, line: schedulers.Note) -> None:
        await schedulers.note(session, [line], now=clock.now())

    return LoadLoop(
        sessionmaker,
        clock,
        service_for=lambda session: load_service(session, clock=clock),
        zones=zones,
        note=note,
    )


async def load_reads(session: ReadSessionDep, request: Request) -> LoadService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return load_service(_writable(session), clock=request.state.clock)


async def run_service(session: WriteSessionDep, request: Request) -> RunService:
    clock = request.state.clock
    return RunService(
        DailyLoadRepository(session),
        SessionQueue(session, clock=clock),
        load_service(session, clock=clock),
        audit_trail(session, clock=clock),
        clock,
    )


def _writable(session: ReadSession) -> WriteSession:
    return WriteSession(session)


LoadReads = Annotated[LoadService, Depends(load_reads)]
Runs = Annotated[RunService, Depends(run_service)]
