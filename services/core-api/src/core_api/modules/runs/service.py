"""A person runs a routine by hand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.daily_loads.public import near, snapshot_fields
from core_api.modules.executions.public import EnqueueResult, NewExecution, to_millisecond
from core_api.modules.planning.public import Edges
from core_api.modules.queue.public import ExecutionRead
from core_api.modules.routines.public import RoutineSnapshot
from core_api.modules.runs.schemas import RunRequest
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.logging import correlation_id
from shared_utils.observability.tracing import current_traceparent


class Queue(Protocol):
    """What a run needs of its neighbours, within one transaction."""

    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> RoutineSnapshot: ...
    async def edges(self, routine_id: UUID, business_date: date) -> Edges: ...
    async def enqueue(self, new: Sequence[NewExecution], *, now: datetime) -> EnqueueResult: ...
    async def bring_forward(self, business_date: date, *, now: datetime, routine_ids: Sequence[UUID]) -> int: ...
    async def downstream(self, routine_id: UUID, business_date: date) -> list[UUID]: ...
    async def read(self, execution_id: UUID) -> ExecutionRead: ...
    async def remember(
        self, key: str, *, route: str, body: dict[str, Any], ids: Sequence[UUID], by: AuthContext
    ) -> tuple[UUID, ...] | None: ...


class RunService:
    """Executions that a person asks for, beside the scheduled ones."""

    def __init__(self, queue: Queue, audit: AuditTrail, clock: Clock) -> None:
        self._queue = queue
        self._audit = audit
        self._clock = clock

    async def run(self, routine_id: UUID, request: RunRequest, *, key: str | None, by: AuthContext) -> ExecutionRead:
        """Puts an execution of its own into the queue, due now. The same key again gives the same execution."""
        now = to_millisecond(self._clock.now())
        snapshot = await self._queue.snapshot(routine_id, params=dict(request.params))
        today = now.astimezone(ZoneInfo(snapshot.time_zone)).date()
        business_date = near(request.business_date or today, today=today)
        edges = await self._queue.edges(routine_id, business_date)
        execution = _manual(snapshot, edges, slot=now, business_date=business_date, by=by)
        if key is not None:
            route, body = f"routines/{routine_id}/run", request.model_dump(mode="json")
            known = await self._queue.remember(key, route=route, body=body, ids=[execution.id], by=by)
            if known is not None:
                return await self._queue.read(known[0])
        await self._queue.enqueue([execution], now=self._clock.now())
        if request.with_downstream:
            routine_ids = await self._queue.downstream(routine_id, business_date)
            await self._queue.bring_forward(business_date, now=now, routine_ids=routine_ids)
        read = await self._queue.read(execution.id)
        await self._audit.record(
            by=by,
            action="routine.run",
            entity="routine",
            entity_id=str(routine_id),
            after={
                "execution_id": str(execution.id),
                "business_date": business_date.isoformat(),
                "params": read.params,
            },
        )
        return read


def _manual(
    snapshot: RoutineSnapshot, edges: Edges, *, slot: datetime, business_date: date, by: AuthContext
) -> NewExecution:
    return NewExecution(
        **{**snapshot_fields(snapshot), "depends_on": edges.depends_on, "upstream_rules": edges.rules},
        upstream_dates=edges.dates,
        slot=slot,
        business_date=business_date,
        origin="manual",
        run_key=uuid4().hex,
        due_at=slot,
        correlation_id=correlation_id() or None,
        traceparent=current_traceparent(),
        requested_by=display_name(by),
    )
