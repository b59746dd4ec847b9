"""Wiring of loads: the same for HTTP, the scheduler and the seed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.service import DayService, LoadLoop, LoadService
from core_api.modules.executions import public as executions
from core_api.modules.planning import public as planning
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep


class SessionQueue:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, outbox: Outbox) -> None:
        self._session = session
        self._outbox = outbox

    async def plan(
        self, business_dates: Sequence[date], *, routine_ids: Sequence[UUID] | None = None
    ) -> list[planning.DayPlan]:
        return await planning.plan_days(self._session, business_dates, routine_ids=routine_ids)

    async def stale(self, *, limit: int) -> list[routines.StaleRoutine]:
        return await routines.stale_routines(self._session, limit=limit)

    async def mark_loaded(self, stale: Sequence[routines.StaleRoutine]) -> None:
        await routines.mark_loaded(self._session, stale)

    async def enqueue(self, series: Sequence[executions.Series], *, now: datetime) -> executions.EnqueueResult:
        result = await executions.enqueue_series(self._session, series, now=now)
        await executions.announce_skipped(self._session, series, now=now, outbox=self._outbox)
        return result

    async def forget_skipped(
        self, routine_ids: Sequence[UUID], business_dates: Sequence[date], *, since: datetime
    ) -> None:
        reason = executions.ReasonCode.UPSTREAM_NOT_PLANNED
        await executions.forget_skipped(self._session, routine_ids, business_dates, reason=reason, since=since)

    async def withdraw(self, routine_ids: Sequence[UUID]) -> list[executions.Withdrawn]:
        return await executions.withdraw_untouched(self._session, routine_ids)

    async def bring_forward(self, business_date: date, *, now: datetime, routine_ids: Sequence[UUID] | None) -> int:
        return await executions.bring_forward(self._session, business_date, now=now, routine_ids=routine_ids)

    async def note(self, notes: Sequence[schedulers.Note], *, now: datetime) -> None:
        await schedulers.note(self._session, notes, now=now)


def load_service(session: WriteSession, *, clock: Clock) -> LoadService:
    """Loads within one transaction."""
    outbox = executions.outbox_for(session, clock)
    return LoadService(DailyLoadRepository(session), SessionQueue(session, outbox), outbox, clock)


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


async def day_service(session: WriteSessionDep, request: Request) -> DayService:
    clock = request.state.clock
    return DayService(
        SessionQueue(session, executions.outbox_for(session, clock)),
        load_service(session, clock=clock),
        audit_trail(session, clock=clock),
        clock,
    )


def _writable(session: ReadSession) -> WriteSession:
    return WriteSession(session)


LoadReads = Annotated[LoadService, Depends(load_reads)]
Days = Annotated[DayService, Depends(day_service)]
