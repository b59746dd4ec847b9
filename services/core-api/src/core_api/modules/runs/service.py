"""A person runs a routine by hand."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.daily_loads.public import fields_when_asked, near
from core_api.modules.executions.public import EnqueueResult, Identity, NewExecution, to_millisecond
from core_api.modules.planning.public import Edges
from core_api.modules.queue.public import ExecutionRead
from core_api.modules.routines.public import RoutineSnapshot
from core_api.modules.runs.schemas import ChainedRunRead, RunMeta, RunRequest
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.logging import correlation_id
from shared_utils.observability.tracing import current_traceparent


class Queue(Protocol):
    """What a run needs of its neighbours, within one transaction."""

    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> RoutineSnapshot: ...
    async def edges(self, routine_id: UUID, business_date: date) -> Edges: ...
    async def chain(self, routine_id: UUID, business_date: date) -> list[tuple[RoutineSnapshot, Edges]]: ...
    async def enqueue(self, new: Sequence[NewExecution], *, now: datetime) -> EnqueueResult: ...
    async def read(self, execution_id: UUID) -> ExecutionRead: ...
    async def identities(self, ids: Sequence[UUID]) -> dict[UUID, Identity]: ...
    def undone(self) -> AbstractAsyncContextManager[None]: ...
    async def remember(
        self, key: str, *, route: str, body: dict[str, Any], ids: Sequence[UUID], by: AuthContext
    ) -> tuple[UUID, ...] | None: ...


class RunService:
    """Executions that a person asks for, beside the scheduled ones."""

    def __init__(self, queue: Queue, audit: AuditTrail, clock: Clock) -> None:
        self._queue = queue
        self._audit = audit
        self._clock = clock

    async def run(
        self, routine_id: UUID, request: RunRequest, *, key: str | None, by: AuthContext
    ) -> tuple[ExecutionRead, RunMeta]:
        """Puts an execution of its own into the queue, due now. The same key again gives the same execution."""
        new = await self._wanted(routine_id, request, by=by)
        ids = [one.id for one in new]
        if request.dry_run:
            async with self._queue.undone():
                await self._queue.enqueue(new, now=self._clock.now())
                return await self._answer(ids, dry_run=True)
        if key is not None:
            route, body = f"routines/{routine_id}/run", request.model_dump(mode="json")
            known = await self._queue.remember(key, route=route, body=body, ids=ids, by=by)
            if known is not None:
                return await self._answer(known, dry_run=False)
        await self._queue.enqueue(new, now=self._clock.now())
        read, meta = await self._answer(ids, dry_run=False)
        await self._audit.record(
            by=by,
            action="routine.run",
            entity="routine",
            entity_id=str(routine_id),
            after={
                "execution_id": str(read.id),
                "business_date": read.business_date.isoformat(),
                "params": read.params,
                "downstream": [str(one.execution_id) for one in meta.downstream],
            },
        )
        return read, meta

    async def _wanted(self, routine_id: UUID, request: RunRequest, *, by: AuthContext) -> list[NewExecution]:
        """The run, and after it what comes with it. Order is kept by the dependencies themselves: each waits for the

        latest execution before it, which is the one that is written here.
        """
        slot, run_key = to_millisecond(self._clock.now()), uuid4().hex
        snapshot = await self._queue.snapshot(routine_id, params=dict(request.params))
        today = slot.astimezone(ZoneInfo(snapshot.time_zone)).date()
        business_date = near(request.business_date or today, today=today)
        wanted = [(snapshot, await self._queue.edges(routine_id, business_date))]
        if request.with_downstream:
            wanted += await self._queue.chain(routine_id, business_date)
        return [
            _manual(one, edges, slot=slot, run_key=run_key, business_date=business_date, by=by) for one, edges in wanted
        ]

    async def _answer(self, ids: Sequence[UUID], *, dry_run: bool) -> tuple[ExecutionRead, RunMeta]:
        known = await self._queue.identities(ids[1:]) if len(ids) > 1 else {}
        chained = [known[one] for one in ids[1:] if one in known]
        downstream = [
            ChainedRunRead(
                execution_id=one.id,
                routine_id=one.routine_id,
                routine_name=one.routine_name,
                business_date=one.business_date,
            )
            for one in chained
        ]
        return await self._queue.read(ids[0]), RunMeta(dry_run=dry_run, downstream=downstream)


def _manual(
    snapshot: RoutineSnapshot, edges: Edges, *, slot: datetime, run_key: str, business_date: date, by: AuthContext
) -> NewExecution:
    return NewExecution(
        **fields_when_asked(snapshot, edges),
        slot=slot,
        business_date=business_date,
        origin="manual",
        run_key=run_key,
        due_at=slot,
        correlation_id=correlation_id() or None,
        traceparent=current_traceparent(),
        requested_by=display_name(by),
    )
