"""What other modules may do with the queue."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from core_api.announcing import outbox_for
from core_api.modules.executions import events
from core_api.modules.executions.exceptions import ExecutionNotFound, IllegalTransition
from core_api.modules.executions.repository import (
    EDGE,
    IDENTITY_COLUMNS,
    MISSED,
    UNTOUCHED,
    VERDICT,
    ActionRepository,
    LedgerRepository,
)
from core_api.modules.executions.schemas import (
    FINAL,
    LOST,
    TRANSITIONS,
    WAITING,
    Candidate,
    EnqueueResult,
    Facts,
    Handed,
    Held,
    Identity,
    Move,
    NewExecution,
    Reason,
    ReasonCode,
    Room,
    Series,
    Settlement,
    Skip,
    Started,
    Status,
    Verdict,
    Withdrawn,
    bind,
    execution_id,
    first_id,
    is_legal,
    sources_of,
    target_of,
    to_millisecond,
)
from core_api.modules.executions.service import (
    Choice,
    Waiting,
    choose,
    explain,
    possible_actions,
    settle_loss,
    settle_result,
    unique,
)
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "EDGE",
    "FINAL",
    "IDENTITY_COLUMNS",
    "LOST",
    "MISSED",
    "TRANSITIONS",
    "UNTOUCHED",
    "VERDICT",
    "WAITING",
    "ActionRepository",
    "Candidate",
    "Choice",
    "EnqueueResult",
    "ExecutionNotFound",
    "Facts",
    "Handed",
    "Held",
    "Identity",
    "IllegalTransition",
    "LedgerRepository",
    "Move",
    "NewExecution",
    "Reason",
    "ReasonCode",
    "Room",
    "Series",
    "Settlement",
    "Skip",
    "Started",
    "Status",
    "Verdict",
    "Waiting",
    "Withdrawn",
    "announce_skipped",
    "bind",
    "bring_forward",
    "cancel_backfill",
    "choose",
    "downstream_of",
    "enqueue",
    "enqueue_series",
    "events",
    "execution_id",
    "explain",
    "first_id",
    "forget_skipped",
    "identities",
    "is_legal",
    "outbox_for",
    "possible_actions",
    "settle_loss",
    "settle_result",
    "sources_of",
    "started_in_chain",
    "take_back_backfill",
    "target_of",
    "to_millisecond",
    "unique",
    "wake",
    "withdraw_untouched",
]


async def enqueue(session: WriteSession, executions: Sequence[NewExecution], *, now: datetime) -> EnqueueResult:
    """Writes executions into the queue; those that are there already stay as they are. Wakes the dispatcher."""
    return await enqueue_series(session, [Series(one, (one.slot,)) for one in executions], now=now)


async def enqueue_series(session: WriteSession, series: Sequence[Series], *, now: datetime) -> EnqueueResult:
    """Like `enqueue`, for many slots of each routine: what they share is sent once."""
    result = await LedgerRepository(session).insert(series, now=now)
    if result.created:
        await wake(session)
    return result


async def announce_skipped(session: WriteSession, series: Sequence[Series], *, now: datetime, outbox: Outbox) -> None:
    """Announces what an enqueuing of these series at `now` wrote as SKIPPED."""
    ledger = LedgerRepository(session)
    for reason in sorted({one.execution.skip_reason for one in series if one.execution.skip_reason}):
        ids = [
            execution_id(one.execution.routine_id, slot, one.execution.run_key)
            for one in series
            if one.execution.skip_reason == reason
            for slot in one.slots
        ]
        written = await ledger.written_as_skipped(ids, now=now)
        for execution in written:
            outbox.add(events.skipped(execution, reason=reason), **events.context_of(execution))
    await outbox.flush()


async def forget_skipped(
    session: WriteSession,
    routine_ids: Sequence[UUID],
    business_dates: Sequence[date],
    *,
    reason: ReasonCode,
    since: datetime,
) -> None:
    """Removes scheduled executions that were written as SKIPPED for `reason`, to be planned again."""
    await LedgerRepository(session).forget_skipped(routine_ids, business_dates, reason=reason, since=since)


async def started_in_chain(
    session: WriteSession, routine_ids: Sequence[UUID], *, correlation_id: str, since: datetime
) -> dict[UUID, int]:
    """How many executions of these routines events of one chain have started, by routine; slots since an instant."""
    return await LedgerRepository(session).started_in_chain(routine_ids, correlation_id=correlation_id, since=since)


async def withdraw_untouched(
    session: WriteSession, routine_ids: Sequence[UUID], *, from_instant: datetime | None = None
) -> list[Withdrawn]:
    """Takes the routines' scheduled executions that nobody touched out of the queue again."""
    return await LedgerRepository(session).withdraw_untouched(routine_ids, from_instant=from_instant)


async def bring_forward(
    session: WriteSession, business_date: date, *, now: datetime, routine_ids: Sequence[UUID] | None = None
) -> int:
    """Makes what is PENDING on a business date due now (everything, or these routines'). Returns how many."""
    moved = await LedgerRepository(session).bring_forward(business_date, routine_ids=routine_ids, now=now)
    if moved:
        await wake(session)
    return moved


async def identities(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Identity]:
    """What every event says about an execution, by id; unknown ids are absent."""
    return {one.id: one for one in await LedgerRepository(session).identities(ids)}


async def downstream_of(session: WriteSession, routine_id: UUID, business_date: date) -> list[UUID]:
    """The routines that wait, directly or through others, for `routine_id` on a business date."""
    return await LedgerRepository(session).downstream_of(routine_id, business_date)


async def take_back_backfill(session: WriteSession, backfill_id: UUID, *, now: datetime) -> None:
    """What of a backfill was handed out and not started waits again."""
    actions = ActionRepository(session)
    rows = await actions.lock_backfill(backfill_id)
    await actions.take_back([row.id for row in rows if is_legal(Move.RECALL, row.status)], now=now)


async def cancel_backfill(
    session: WriteSession, backfill_id: UUID, *, by: str, keep_running: bool, clock: Clock, now: datetime
) -> None:
    """Cancels all of a backfill that waits and, unless it may go on, asks what runs to stop."""
    actions = ActionRepository(session)
    rows = await actions.lock_backfill(backfill_id)
    waiting = [row for row in rows if is_legal(Move.CANCEL, row.status)]
    await actions.cancel([row.id for row in waiting], by=by, now=now)
    if not keep_running:
        running = [row.id for row in rows if is_legal(Move.CONFIRM_CANCEL, row.status)]
        await actions.request_cancel(running, by=by, now=now)
    outbox = outbox_for(session, clock)
    for row in waiting:
        outbox.add(events.cancelled(row, by=by), **events.context_of(row))
    await actions.wake()


async def wake(session: WriteSession) -> None:
    """Wakes dispatcher and relay when the transaction commits."""
    await ActionRepository(session).wake()
