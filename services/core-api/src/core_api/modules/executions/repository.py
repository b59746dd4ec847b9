"""Rows of the queue come and go, and what people do to them.

What writes a status binds sources and target from `TRANSITIONS`. All statements are set-based: one per batch, with
arrays or one JSON document as parameters.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text, Uuid, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.inputs import storable_json
from core_api.modules.executions.schemas import EnqueueResult, Identity, Move, NewExecution, bind

CHUNK: Final = 5000
DEFAULT_UPSTREAM_RULE: Final = "wait skip"

IDENTITY_COLUMNS: Final = (
    column("id", Uuid),
    column("routine_id", Uuid),
    column("routine_name", Text),
    column("job", Text),
    column("business_date", Date),
    column("slot", DateTime(timezone=True)),
    column("origin", Text),
    column("attempt", Integer),
    column("correlation_id", Text),
)


class LedgerRepository:
    """Rows come into the queue and, untouched, leave it again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def insert(self, executions: Sequence[NewExecution], *, now: datetime) -> EnqueueResult:
        created = 0
        for start in range(0, len(executions), CHUNK):
            chunk = executions[start : start + CHUNK]
            created += (await self._session.execute(_INSERT, {**_rows(chunk), "now": now})).rowcount  # type: ignore[attr-defined]
        return EnqueueResult(created, len(executions) - created)

    async def withdraw_untouched(self, routine_ids: Sequence[UUID], *, from_instant: datetime | None) -> list[UUID]:
        parameters = {"routine_ids": list(routine_ids), "from_instant": from_instant}
        return list((await self._session.scalars(_WITHDRAW, parameters)).all())

    async def bring_forward(self, business_date: date, *, routine_ids: Sequence[UUID] | None, now: datetime) -> int:
        parameters = {
            "business_date": business_date,
            "everything": routine_ids is None,
            "routine_ids": list(routine_ids or ()),
            "now": now,
        }
        return len((await self._session.scalars(_BRING_FORWARD, parameters)).all())

    async def downstream_of(self, routine_id: UUID, business_date: date) -> list[UUID]:
        parameters = {"routine_id": routine_id, "business_date": business_date}
        return list((await self._session.scalars(_DOWNSTREAM, parameters)).all())


class ActionRepository:
    """What a person does to one execution."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def exists(self, execution_id: UUID) -> bool:
        return await self._session.scalar(_EXISTS, {"id": execution_id}) is not None

    async def lock(self, execution_id: UUID) -> Row[Any] | None:
        return (await self._session.execute(_LOCK, {"id": execution_id})).one_or_none()

    async def cancel(self, execution_id: UUID, *, by: str, now: datetime) -> None:
        await self._session.execute(_CANCEL, bind(Move.CANCEL, id=execution_id, by=by, now=now))

    async def request_cancel(self, execution_id: UUID, *, by: str, now: datetime) -> None:
        await self._session.execute(_REQUEST_CANCEL, {"id": execution_id, "by": by, "now": now})

    async def reopen(self, execution_id: UUID, *, now: datetime) -> None:
        await self._session.execute(_REOPEN, bind(Move.REOPEN, id=execution_id, now=now))

    async def skip(self, ids: Sequence[UUID], *, reason: str, now: datetime) -> list[Identity]:
        rows = await self._session.execute(_SKIP, bind(Move.SKIP, ids=list(ids), reason=reason, now=now))
        return [Identity(*row) for row in rows]

    async def wake(self) -> None:
        """Wakes dispatcher and relay when the transaction commits."""
        await self._session.execute(_WAKE, {"first": WAKE_CHANNEL, "second": OUTBOX_CHANNEL})

    async def make_due(self, execution_id: UUID, *, now: datetime) -> None:
        await self._session.execute(_MAKE_DUE, {"id": execution_id, "now": now})


def _rows(executions: Sequence[NewExecution]) -> dict[str, Any]:
    """Parameters of the INSERT: every snapshot of a routine once, and of each execution only what is its own.

    A day may hold a thousand slots of one routine; sent with each of them, its snapshot would be most of the work.
    """
    numbers: dict[tuple[Any, ...], int] = {}
    snapshots: list[dict[str, Any]] = []
    own: list[tuple[Any, ...]] = []
    for execution in executions:
        key = _snapshot_key(execution)
        number = numbers.setdefault(key, len(snapshots))
        if number == len(snapshots):
            snapshots.append({"n": number, **_snapshot(execution)})
        identity, slot = execution.id, execution.slot
        own.append(
            (
                *(identity, number, slot, execution.business_date, execution.origin, execution.run_key),
                *(execution.due_at or slot, execution.correlation_id or identity.hex),
                *(execution.traceparent, execution.requested_by),
            )
        )
    columns = zip(*own, strict=True)
    return {"snapshots": storable_json(snapshots), **dict(zip(_OWN, map(list, columns), strict=True))}


_OWN: Final = (
    *("ids", "numbers", "slots", "business_dates", "origins", "run_keys"),
    *("due_ats", "correlation_ids", "traceparents", "requesters"),
)


def _snapshot_key(execution: NewExecution) -> tuple[Any, ...]:
    # Documents are compared by identity: equal ones that are not the same object are only sent twice.
    return (
        *(execution.routine_id, execution.routine_name, execution.title, execution.job, id(execution.params)),
        *(execution.queue, execution.priority, execution.pool, execution.concurrency_key, execution.max_instances),
        *(execution.depends_on, execution.max_attempts, execution.max_recoveries, id(execution.retry)),
        *(execution.timeout_seconds, execution.tags, execution.catch_up, execution.misfire_grace_seconds),
        *(execution.coalesce, execution.cancel_grace_seconds, execution.backfill_id, id(execution.cause)),
        *(execution.upstream_rules, execution.upstream_dates, execution.depends_on and execution.business_date),
    )


def _snapshot(execution: NewExecution) -> dict[str, Any]:
    return {
        "routine_id": str(execution.routine_id),
        "routine_name": execution.routine_name,
        "title": execution.title,
        "job": execution.job,
        "params": execution.params,
        "queue": execution.queue,
        "priority": execution.priority,
        "pool": execution.pool,
        "concurrency_key": execution.concurrency_key,
        "max_instances": execution.max_instances,
        "depends_on": [str(upstream) for upstream in execution.depends_on],
        "max_attempts": execution.max_attempts,
        "max_recoveries": execution.max_recoveries,
        "retry": execution.retry,
        "timeout_seconds": execution.timeout_seconds,
        "tags": execution.tags,
        "catch_up": execution.catch_up,
        "misfire_grace_seconds": execution.misfire_grace_seconds,
        "coalesce": execution.coalesce,
        "cancel_grace_seconds": execution.cancel_grace_seconds,
        "backfill_id": str(execution.backfill_id) if execution.backfill_id else None,
        "cause": execution.cause,
        "upstream_dates": [day.isoformat() for day in _upstream_dates(execution)],
        "upstream_rules": execution.upstream_rules or [DEFAULT_UPSTREAM_RULE] * len(execution.depends_on),
    }


def _upstream_dates(execution: NewExecution) -> Sequence[date]:
    return execution.upstream_dates or [execution.business_date] * len(execution.depends_on)


_INSERT: Final = text("""
    INSERT INTO core.executions (
        id, routine_id, routine_name, title, slot, business_date, origin, run_key, job, params, queue, priority,
        pool, concurrency_key, max_instances, depends_on, status, due_at, max_attempts, max_recoveries, retry,
        timeout_seconds, tags, catch_up, misfire_grace_seconds, "coalesce", cancel_grace_seconds, backfill_id, cause,
        upstream_dates, upstream_rules, correlation_id, traceparent, requested_by, created_at, updated_at)
    SELECT id, routine_id, routine_name, title, slot, business_date, origin, run_key, job, params, queue, priority,
        pool, concurrency_key, max_instances, depends_on, 'PENDING', due_at, max_attempts, max_recoveries, retry,
        timeout_seconds, tags, catch_up, misfire_grace_seconds, snapshot."coalesce", cancel_grace_seconds, backfill_id,
        cause, upstream_dates, upstream_rules, correlation_id, traceparent, requested_by, :now, :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS integer[]), CAST(:slots AS timestamptz[]),
            CAST(:business_dates AS date[]), CAST(:origins AS text[]), CAST(:run_keys AS text[]),
            CAST(:due_ats AS timestamptz[]), CAST(:correlation_ids AS text[]), CAST(:traceparents AS text[]),
            CAST(:requesters AS text[]))
        AS own (id, n, slot, business_date, origin, run_key, due_at, correlation_id, traceparent, requested_by)
    JOIN jsonb_to_recordset(CAST(:snapshots AS jsonb)) AS snapshot (
        n integer, routine_id uuid, routine_name text, title text, job text, params jsonb, queue text,
        priority smallint, pool text, concurrency_key text, max_instances integer, depends_on uuid[],
        max_attempts integer, max_recoveries integer, retry jsonb, timeout_seconds integer, tags text[], catch_up text,
        misfire_grace_seconds integer, "coalesce" boolean, cancel_grace_seconds integer, backfill_id uuid, cause jsonb,
        upstream_dates date[], upstream_rules text[]) USING (n)
    ON CONFLICT (id) DO NOTHING
""")

# Untouched: nobody ran it or brought it forward. Rows are locked in the order of ids, like everywhere else, so that two
# who change many rows cannot wait for each other.
_WITHDRAW: Final = text("""
    DELETE FROM core.executions
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE status = 'PENDING' AND routine_id = ANY (CAST(:routine_ids AS uuid[])) AND origin = 'schedule'
          AND attempt = 0 AND due_at = slot AND slot >= coalesce(CAST(:from_instant AS timestamptz), '-infinity')
        ORDER BY id FOR UPDATE))
    RETURNING id
""").columns(column("id", Uuid))

_BRING_FORWARD: Final = text("""
    UPDATE core.executions SET due_at = :now, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE status = 'PENDING' AND business_date = :business_date AND due_at > :now
          AND (CAST(:everything AS boolean) OR routine_id = ANY (CAST(:routine_ids AS uuid[])))
        ORDER BY id FOR UPDATE))
    RETURNING id
""").columns(column("id", Uuid))

_DOWNSTREAM: Final = text("""
    WITH RECURSIVE day AS MATERIALIZED (
        SELECT DISTINCT routine_id, upstream FROM core.executions, unnest(depends_on) AS upstream
        WHERE business_date = :business_date
    ), downstream (routine_id) AS (
        SELECT routine_id FROM day WHERE upstream = :routine_id
        UNION SELECT day.routine_id FROM day JOIN downstream ON day.upstream = downstream.routine_id
    )
    SELECT routine_id FROM downstream
""").columns(column("routine_id", Uuid))


_EXISTS: Final = text("SELECT 1 FROM core.executions WHERE id = :id")

_LOCK: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, status, due_at,
        cancel_requested_by
    FROM core.executions WHERE id = :id FOR UPDATE
""").columns(
    *IDENTITY_COLUMNS,
    column("status", Text),
    column("due_at", DateTime(timezone=True)),
    column("cancel_requested_by", Text),
)

_CANCEL: Final = text("""
    UPDATE core.executions
    SET status = :target, cancel_requested_by = :by, finished_at = :now, reason = 'CANCELLED', updated_at = :now
    WHERE id = :id AND status = ANY (CAST(:sources AS text[]))
""")

_REQUEST_CANCEL: Final = text("""
    UPDATE core.executions SET cancel_requested_by = coalesce(cancel_requested_by, :by), updated_at = :now
    WHERE id = :id AND status = 'RUNNING'
""")

_REOPEN: Final = text("""
    UPDATE core.executions
    SET status = :target, due_at = :now, failures = 0, recoveries = 0, queued_at = NULL, sent_count = 0,
        started_at = NULL, finished_at = NULL, worker_id = NULL, lease_until = NULL, cancel_requested_by = NULL,
        result = NULL, warnings = '[]'::jsonb, error = NULL, reason = NULL, progress = NULL, progress_message = NULL,
        updated_at = :now
    WHERE id = :id AND status = ANY (CAST(:sources AS text[]))
""")

_SKIP: Final = text("""
    UPDATE core.executions SET status = :target, reason = :reason, finished_at = :now, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[])) ORDER BY id FOR UPDATE))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id
""").columns(*IDENTITY_COLUMNS)

_WAKE: Final = text("SELECT pg_notify(:first, ''), pg_notify(:second, '')")

_MAKE_DUE: Final = text("""
    UPDATE core.executions SET due_at = :now, updated_at = :now WHERE id = :id AND status = 'PENDING' AND due_at > :now
""")
