"""What an operator does to executions: cancel, retry with what waits for it, run now; to one or to many.

Every action is audited in the transaction of its effect.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy.engine import Row

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.actions.schemas import MAX_BULK, BulkItem, BulkRequest, BulkResult, ChainedRead, RetryMeta
from core_api.modules.executions.public import (
    ActionRepository,
    ExecutionNotFound,
    IllegalTransition,
    LedgerRepository,
    Move,
    Status,
    events,
    is_legal,
    to_millisecond,
    unique,
)
from core_api.modules.queue.public import ExecutionRead, Filter, page_filter
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox

type Rows = Sequence[Row[Any]]


class Queue(Protocol):
    """The queue as people see it, within one transaction."""

    async def read(self, execution_id: UUID) -> ExecutionRead: ...
    async def matching(self, wanted: Filter, *, limit: int) -> list[UUID]: ...


class ActionService:
    def __init__(
        self,
        actions: ActionRepository,
        ledger: LedgerRepository,
        *,
        queue: Queue,
        outbox: Outbox,
        audit: AuditTrail,
        clock: Clock,
    ) -> None:
        self._actions = actions
        self._ledger = ledger
        self._queue = queue
        self._outbox = outbox
        self._audit = audit
        self._clock = clock

    async def cancel(self, execution_id: UUID, *, by: AuthContext) -> ExecutionRead:
        """Cancels what waits; asks what runs to stop. It is CANCELLED when nothing of it runs any more."""
        row = await self._locked(execution_id)
        self._check("cancel", row)
        await self._cancel([row], by=display_name(by))
        return await self._done("execution.cancel", row, by=by)

    async def retry(
        self, execution_id: UUID, *, with_downstream: bool, everything: bool, by: AuthContext
    ) -> tuple[ExecutionRead, RetryMeta]:
        """Opens an execution that is over and did not succeed, due now, with all its attempts and recoveries anew."""
        row = await self._locked(execution_id)
        self._check("retry", row)
        await self._reopen([row], by=display_name(by))
        chain = await self._retry_downstream(row, everything=everything, by=by) if with_downstream else []
        if with_downstream:
            await self._bring_downstream(row)
        return await self._done("execution.retry", row, by=by), RetryMeta(downstream=chain)

    async def run_now(self, execution_id: UUID, *, with_downstream: bool, by: AuthContext) -> ExecutionRead:
        """Makes a waiting execution due now. What it depends on, its pool and its key still count."""
        row = await self._locked(execution_id)
        self._check("run_now", row)
        await self._actions.make_due([row.id], now=self._clock.now())
        if with_downstream:
            await self._bring_downstream(row)
        return await self._done("execution.run_now", row, by=by)

    async def bulk(self, request: BulkRequest, *, by: AuthContext) -> BulkResult:
        """The same action on many executions: each is done or refused on its own, in one transaction."""
        wanted = list(unique(request.ids)) if request.filter is None else await self._found(request)
        rows = {row.id: row for row in await self._actions.lock(wanted[:MAX_BULK])}
        allowed = [row for row in rows.values() if is_allowed(request.action, row)]
        await self._apply(request.action, allowed, by=display_name(by))
        await self._audit.record_all(
            [
                (str(row.id), {"status": row.status}, {"status": status_after(request.action, row.status)})
                for row in allowed
            ],
            by=by,
            action=f"execution.{request.action}",
            entity="execution",
        )
        await self._outbox.flush()
        await self._actions.wake()
        items = [_item(request.action, one, rows.get(one)) for one in wanted[:MAX_BULK]]
        refused = sum(item.outcome != "done" for item in items)
        return BulkResult(
            action=request.action,
            done=len(allowed),
            refused=refused,
            more=len(wanted) > MAX_BULK,
            items=items,
        )

    async def _found(self, request: BulkRequest) -> list[UUID]:
        asked = request.filter
        if asked is None:
            return []
        wanted = page_filter(
            business_date=asked.business_date,
            statuses=asked.status or _SOURCES[request.action],
            routine_id=asked.routine_id,
            backfill_id=asked.backfill_id,
            search=asked.q,
            tag=asked.tag,
        )
        return await self._queue.matching(wanted, limit=MAX_BULK + 1)

    async def _apply(self, action: str, rows: Rows, *, by: str) -> None:
        if not rows:
            return
        if action == "cancel":
            await self._cancel(rows, by=by)
        elif action == "retry":
            await self._reopen(rows, by=by)
        else:
            await self._actions.make_due([row.id for row in rows], now=self._clock.now())

    async def _cancel(self, rows: Rows, *, by: str) -> None:
        now = self._clock.now()
        waiting = [row for row in rows if is_legal(Move.CANCEL, row.status)]
        await self._actions.cancel([row.id for row in waiting], by=by, now=now)
        running = [row.id for row in rows if is_legal(Move.CONFIRM_CANCEL, row.status)]
        await self._actions.request_cancel(running, by=by, now=now)
        for row in waiting:
            self._outbox.add(events.cancelled(row, by=by), **events.context_of(row))

    async def _reopen(self, rows: Rows, *, by: str) -> None:
        await self._actions.reopen([row.id for row in rows], by=by, now=self._clock.now())
        for row in rows:
            self._outbox.add(events.reopened(row, by=by), **events.context_of(row))

    async def _retry_downstream(self, row: Row[Any], *, everything: bool, by: AuthContext) -> list[ChainedRead]:
        """Order is kept by the dependencies themselves: each waits for the latest execution before it."""
        who = display_name(by)
        chain = await self._actions.downstream(row.routine_id, row.business_date)
        reopened = [one for one in chain if is_legal(Move.REOPEN, one.status)]
        if reopened:
            await self._reopen(reopened, by=who)
        succeeded = [one.id for one in chain if one.status == Status.SUCCEEDED] if everything else []
        slot = to_millisecond(self._clock.now())
        again = await self._actions.repeat(succeeded, by=who, slot=slot) if succeeded else []
        await self._audit.record_all(
            [(str(one.id), {"status": one.status}, {"status": Status.PENDING}) for one in reopened]
            + [(str(one.id), None, {"status": Status.PENDING}) for one in again],
            by=by,
            action="execution.retry",
            entity="execution",
        )
        return [_chained(one, "reopened") for one in reopened] + [_chained(one, "runs_again") for one in again]

    async def _bring_downstream(self, row: Row[Any]) -> None:
        routines = await self._ledger.downstream_of(row.routine_id, row.business_date)
        await self._ledger.bring_forward(row.business_date, routine_ids=routines, now=self._clock.now())

    async def _locked(self, execution_id: UUID) -> Row[Any]:
        rows = await self._actions.lock([execution_id])
        if not rows:
            raise ExecutionNotFound(execution_id)
        return rows[0]

    def _check(self, action: str, row: Row[Any]) -> None:
        if not is_allowed(action, row):
            raise IllegalTransition(row.id, move=_MOVES[action], status=row.status, advice=_ADVICE[row.status])

    async def _done(self, action: str, before: Row[Any], *, by: AuthContext) -> ExecutionRead:
        await self._outbox.flush()
        await self._actions.wake()
        after = await self._queue.read(before.id)
        await self._audit.record(
            by=by,
            action=action,
            entity="execution",
            entity_id=str(before.id),
            before={"status": before.status, "due_at": before.due_at.isoformat()},
            after={"status": after.status, "due_at": after.due_at.isoformat()},
        )
        return after


def is_allowed(action: str, row: Row[Any]) -> bool:
    """Whether an execution's status allows an action."""
    return row.status in _SOURCES[action]


def status_after(action: str, status: str) -> Status:
    """The status in which an action that is allowed leaves an execution."""
    if action != "cancel":
        return Status.PENDING
    return Status.CANCELLED if is_legal(Move.CANCEL, status) else Status.RUNNING


def _item(action: str, execution_id: UUID, row: Row[Any] | None) -> BulkItem:
    if row is None:
        message = "There is no such execution."
        return BulkItem(execution_id=execution_id, routine_name=None, outcome="not_found", status=None, message=message)
    done = is_allowed(action, row)
    return BulkItem(
        execution_id=execution_id,
        routine_name=row.routine_name,
        outcome="done" if done else "refused",
        status=status_after(action, row.status) if done else Status(row.status),
        message=None if done else _ADVICE[row.status],
    )


def _chained(row: Row[Any], outcome: str) -> ChainedRead:
    return ChainedRead.model_validate(
        {
            "execution_id": row.id,
            "routine_id": row.routine_id,
            "routine_name": row.routine_name,
            "business_date": row.business_date,
            "outcome": outcome,
        }
    )


_MOVES: Final[Mapping[str, str]] = {"cancel": "cancel", "retry": "retry", "run_now": "run-now"}
_SOURCES: Final[Mapping[str, tuple[Status, ...]]] = {
    "cancel": tuple(one for one in Status if is_legal(Move.CANCEL, one) or is_legal(Move.CONFIRM_CANCEL, one)),
    "retry": tuple(one for one in Status if is_legal(Move.REOPEN, one)),
    "run_now": (Status.PENDING,),
}

_ADVICE: Final[Mapping[str, str]] = {
    Status.PENDING: "It waits already: use run-now to start it at once, or cancel it.",
    Status.QUEUED: "It has been handed to the workers and starts as soon as one is free; cancel it if it should not.",
    Status.RUNNING: "Cancel it first, or wait until it ends.",
    Status.RECOVERY: "Its worker was lost and it starts again by itself; cancel it if it should not.",
    Status.SUCCEEDED: "It has succeeded: run the routine to get another execution.",
    Status.FAILED: "It is over: retry it.",
    Status.CANCELLED: "It is over: retry it.",
    Status.SKIPPED: "It is over: retry it.",
}
