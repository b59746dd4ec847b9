"""Rows of the queue come and go, and what people do to them.

What writes a status binds sources and target from `TRANSITIONS`. All statements are set-based: one per batch, with
arrays or one JSON document as parameters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Date, DateTime, Integer, Text, Uuid, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.inputs import storable_json
from core_api.modules.executions.schemas import (
    EnqueueResult,
    Identity,
    Move,
    NewExecution,
    Series,
    Skip,
    Withdrawn,
    bind,
    execution_id,
)

CHUNK: Final = 5000
DEFAULT_UPSTREAM_RULE: Final = "wait skip"
CHAIN_DAYS: Final = 31
"""How many days ahead a chain of executions is followed when it is run again."""

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
    column("traceparent", Text),
)


# Conditions that dispatching and judging share, on a row called `e`.
UNTOUCHED: Final = """
    e.status = 'PENDING' AND e.origin = 'schedule' AND e.attempt = 0 AND e.due_at = e.slot AND e.requested_by IS NULL
"""
# E11: a slot is missed when the dispatcher could first have looked at it later than its grace: when it was written, or
# at the end of a time in which nobody dispatched.
MISSED: Final = """
    coalesce(greatest(e.created_at, (SELECT max(gap.ended_at) FROM core.dispatch_gaps AS gap
                                     WHERE gap.started_at <= e.due_at AND gap.ended_at > e.due_at))
             - e.due_at > make_interval(secs => e.misfire_grace_seconds), false)
"""
# An upstream counts by its latest execution of the business date that the edge names. One that has never run and is not
# due yet does not count: it is what will happen, not what happened. Numbers are those of `Verdict`.
EDGE: Final = """
    CASE coalesce((
            SELECT last.status FROM core.executions AS last
            WHERE last.routine_id = upstream.routine_id AND last.business_date = upstream.business_date
              AND NOT (last.status = 'PENDING' AND last.attempt = 0 AND last.due_at > :now)
            ORDER BY last.slot DESC, last.created_at DESC LIMIT 1), 'MISSING')
        WHEN 'SUCCEEDED' THEN 0
        WHEN 'FAILED' THEN CASE split_part(upstream.rule, ' ', 1) WHEN 'run' THEN 0 WHEN 'skip' THEN 3 ELSE 1 END
        WHEN 'CANCELLED' THEN CASE split_part(upstream.rule, ' ', 1) WHEN 'run' THEN 0 WHEN 'skip' THEN 3 ELSE 1 END
        WHEN 'SKIPPED' THEN CASE split_part(upstream.rule, ' ', 2) WHEN 'run' THEN 0 WHEN 'skip' THEN 2 ELSE 1 END
        ELSE 1 END
"""
_EDGES: Final = """
    FROM unnest(e.depends_on, e.upstream_dates, e.upstream_rules) AS upstream (routine_id, business_date, rule)
"""
VERDICT: Final = "SELECT coalesce(max(" + EDGE + "), 0) AS verdict" + _EDGES


class LedgerRepository:
    """Rows come into the queue and, untouched, leave it again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def insert(self, series: Sequence[Series], *, now: datetime) -> EnqueueResult:
        created = wanted = 0
        for chunk in _chunks(series):
            created += (await self._session.execute(_INSERT, {**_rows(chunk), "now": now})).rowcount  # type: ignore[attr-defined]
            wanted += sum(len(one.slots) for one in chunk)
        return EnqueueResult(created, wanted - created)

    async def written_as_skipped(self, ids: Sequence[UUID], *, now: datetime) -> list[Identity]:
        """Those that an `insert` at `now` wrote as SKIPPED, not the ones that were there before."""
        rows = await self._session.execute(_WRITTEN_AS_SKIPPED, {"ids": list(ids), "now": now})
        return [Identity(*row) for row in rows]

    async def forget_skipped(
        self, routine_ids: Sequence[UUID], business_dates: Sequence[date], *, reason: str, since: datetime
    ) -> None:
        """Removes executions that were written as SKIPPED for `reason`, from `since` on, so that they can be again."""
        parameters = {"routine_ids": list(routine_ids), "dates": list(business_dates), "reason": reason, "since": since}
        await self._session.execute(_FORGET_SKIPPED, parameters)

    async def started_in_chain(
        self, routine_ids: Sequence[UUID], *, correlation_id: str, since: datetime
    ) -> dict[UUID, int]:
        parameters = {"routine_ids": list(routine_ids), "correlation_id": correlation_id, "since": since}
        return {row.routine_id: row.started for row in await self._session.execute(_STARTED_IN_CHAIN, parameters)}

    async def withdraw_untouched(
        self, routine_ids: Sequence[UUID], *, from_instant: datetime | None
    ) -> list[Withdrawn]:
        parameters = {"routine_ids": list(routine_ids), "from_instant": from_instant}
        return [Withdrawn(*row) for row in await self._session.execute(_WITHDRAW, parameters)]

    async def bring_forward(self, business_date: date, *, routine_ids: Sequence[UUID] | None, now: datetime) -> int:
        """Looks twice: a load that was at it put new rows in place of those that the first look waited for."""
        parameters = {
            "business_date": business_date,
            "everything": routine_ids is None,
            "routine_ids": list(routine_ids or ()),
            "now": now,
        }
        moved = (await self._session.scalars(_BRING_FORWARD, parameters)).all()
        return len(moved) + len((await self._session.scalars(_BRING_FORWARD, parameters)).all())

    async def identities(self, ids: Sequence[UUID]) -> list[Identity]:
        return [Identity(*row) for row in await self._session.execute(_IDENTITIES, {"ids": list(ids)})]

    async def downstream_of(self, routine_id: UUID, business_date: date) -> list[UUID]:
        parameters = {"routine_id": routine_id, "business_date": business_date}
        return list((await self._session.scalars(_DOWNSTREAM, parameters)).all())


class ActionRepository:
    """What a person does to executions: to one, or to many at once."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def exists(self, execution_id: UUID) -> bool:
        return await self._session.scalar(_EXISTS, {"id": execution_id}) is not None

    async def lock(self, ids: Sequence[UUID]) -> list[Row[Any]]:
        """These executions as they are, in the order of ids; nobody else changes them until the transaction ends."""
        return list((await self._session.execute(_LOCK, {"ids": list(ids)})).all())

    async def lock_backfill(self, backfill_id: UUID) -> list[Row[Any]]:
        """What of a backfill is not over, locked like `lock`."""
        return list((await self._session.execute(_LOCK_BACKFILL, {"backfill_id": backfill_id})).all())

    async def cancel(self, ids: Sequence[UUID], *, by: str, now: datetime) -> None:
        await self._session.execute(_CANCEL, bind(Move.CANCEL, ids=list(ids), by=by, now=now))

    async def request_cancel(self, ids: Sequence[UUID], *, by: str, now: datetime) -> None:
        await self._session.execute(_REQUEST_CANCEL, {"ids": list(ids), "by": by, "now": now})

    async def take_back(self, ids: Sequence[UUID], *, now: datetime) -> None:
        """What was handed out and not claimed waits again; its entry is refused when a worker comes for it."""
        await self._session.execute(_TAKE_BACK, bind(Move.RECALL, ids=list(ids), now=now))

    async def reopen(self, ids: Sequence[UUID], *, by: str, now: datetime) -> None:
        await self._session.execute(_REOPEN, bind(Move.REOPEN, ids=list(ids), by=by, now=now))

    async def repeat(self, ids: Sequence[UUID], *, by: str, slot: datetime) -> list[Row[Any]]:
        """Writes executions that succeeded into the queue once more, as runs by hand with the same snapshot."""
        run_key = uuid4().hex
        routines = {row.id: row.routine_id for row in await self._session.execute(_ROUTINES, {"ids": list(ids)})}
        parameters = {
            "ids": list(routines),
            "new_ids": [execution_id(routine, slot, run_key) for routine in routines.values()],
            "run_key": run_key,
            "slot": slot,
            "by": by,
        }
        return list((await self._session.execute(_REPEAT, parameters)).all())

    async def downstream(self, routine_id: UUID, business_date: date) -> list[Row[Any]]:
        """What waits, directly or through others, for a routine on a business date, as far as it did not come to run.

        FAILED, CANCELLED and SKIPPED for its upstream, unless a later execution of the date succeeded; and the latest
        of each routine and date that succeeded.
        """
        parameters = {"routine_id": routine_id, "business_date": business_date, "days": CHAIN_DAYS}
        return list((await self._session.execute(_CHAIN, parameters)).all())

    async def skip(self, skips: Sequence[Skip], *, now: datetime) -> list[Identity]:
        """Those that will not run, each with its reason; what is no longer PENDING stays as it is."""
        parameters = bind(
            Move.SKIP,
            ids=[skip.execution_id for skip in skips],
            reasons=[str(skip.reason) for skip in skips],
            contexts=[storable_json(skip.context) for skip in skips],
            now=now,
        )
        return [Identity(*row) for row in await self._session.execute(_SKIP, parameters)]

    async def wake(self) -> None:
        """Wakes dispatcher and relay when the transaction commits."""
        await self._session.execute(_WAKE, {"first": WAKE_CHANNEL, "second": OUTBOX_CHANNEL})

    async def make_due(self, ids: Sequence[UUID], *, now: datetime) -> None:
        await self._session.execute(_MAKE_DUE, {"ids": list(ids), "now": now})


def _chunks(series: Iterable[Series]) -> Iterator[list[Series]]:
    """Parts of about `CHUNK` executions; a series without slots is left out."""
    chunk, size = list[Series](), 0
    for one in series:
        for start in range(0, len(one.slots), CHUNK):
            part = Series(one.execution, one.slots[start : start + CHUNK])
            chunk.append(part)
            size += len(part.slots)
            if size >= CHUNK:
                yield chunk
                chunk, size = [], 0
    if chunk:
        yield chunk


def _rows(series: Sequence[Series]) -> dict[str, Any]:
    """Parameters of the INSERT: what the executions of a series share once, and of each only its id and slot.

    A day may hold a thousand slots of one routine; sent with each of them, its snapshot would be most of the work.
    """
    ids, numbers, slots = list[UUID](), list[int](), list[datetime]()
    for number, one in enumerate(series):
        routine_id, run_key = one.execution.routine_id, one.execution.run_key
        ids += [execution_id(routine_id, slot, run_key) for slot in one.slots]
        numbers += [number] * len(one.slots)
        slots += one.slots
    shared = [{"n": number, **_shared(one.execution)} for number, one in enumerate(series)]
    return {"ids": ids, "numbers": numbers, "slots": slots, "series": storable_json(shared)}


def _shared(execution: NewExecution) -> dict[str, Any]:
    values = {name: getattr(execution, name) for name in _SHARED}
    values |= {name: _text_of(values[name]) for name in _AS_TEXT}
    values["depends_on"] = [str(upstream) for upstream in execution.depends_on]
    values["upstream_dates"] = [str(day) for day in _upstream_dates(execution)]
    values["upstream_rules"] = execution.upstream_rules or [DEFAULT_UPSTREAM_RULE] * len(execution.depends_on)
    return values


def _text_of(value: Any) -> str | None:
    return None if value is None else str(value)


_SHARED: Final = tuple(item.name for item in fields(NewExecution) if item.name != "slot")
_AS_TEXT: Final = ("routine_id", "business_date", "due_at", "created_at", "backfill_id")


def _upstream_dates(execution: NewExecution) -> Sequence[date]:
    return execution.upstream_dates or [execution.business_date] * len(execution.depends_on)


_INSERT: Final = text("""
    INSERT INTO core.executions (
        id, routine_id, routine_name, title, slot, business_date, origin, run_key, job, params, queue, priority,
        pool, concurrency_key, max_instances, depends_on, status, due_at, max_attempts, max_recoveries, retry,
        timeout_seconds, tags, catch_up, misfire_grace_seconds, "coalesce", cancel_grace_seconds, backfill_id, cause,
        upstream_dates, upstream_rules, correlation_id, traceparent, requested_by, created_at, updated_at, reason,
        finished_at)
    SELECT own.id, routine_id, routine_name, title, own.slot, business_date, origin, run_key, job, params, queue,
        priority, pool, concurrency_key, max_instances, depends_on,
        CASE WHEN skip_reason IS NULL THEN 'PENDING' ELSE 'SKIPPED' END, coalesce(due_at, own.slot), max_attempts,
        max_recoveries, retry, timeout_seconds, tags, catch_up, misfire_grace_seconds, series."coalesce",
        cancel_grace_seconds, backfill_id, cause, upstream_dates, upstream_rules,
        coalesce(correlation_id, replace(CAST(own.id AS text), '-', '')), traceparent, requested_by,
        coalesce(created_at, :now), :now, skip_reason, CASE WHEN skip_reason IS NOT NULL THEN :now END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS integer[]), CAST(:slots AS timestamptz[])) AS own (id, n, slot)
    JOIN jsonb_to_recordset(CAST(:series AS jsonb)) AS series (
        n integer, routine_id uuid, routine_name text, title text, business_date date, origin text, run_key text,
        job text, params jsonb, queue text, priority smallint, pool text, concurrency_key text, max_instances integer,
        depends_on uuid[], due_at timestamptz, max_attempts integer, max_recoveries integer, retry jsonb,
        timeout_seconds integer, tags text[], catch_up text, misfire_grace_seconds integer, "coalesce" boolean,
        cancel_grace_seconds integer, skip_reason text, backfill_id uuid, cause jsonb, upstream_dates date[],
        upstream_rules text[], correlation_id text, traceparent text, requested_by text, created_at timestamptz
    ) USING (n)
    ON CONFLICT (id) DO NOTHING
""")

_WRITTEN_AS_SKIPPED: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'SKIPPED' AND updated_at = :now ORDER BY id
""").columns(*IDENTITY_COLUMNS)

_STARTED_IN_CHAIN: Final = text("""
    SELECT routine_id, count(*) AS started FROM core.executions
    WHERE routine_id = ANY (CAST(:routine_ids AS uuid[])) AND slot >= :since AND origin = 'event'
      AND correlation_id = :correlation_id
    GROUP BY routine_id
""").columns(column("routine_id", Uuid), column("started", Integer))

_FORGET_SKIPPED: Final = text("""
    DELETE FROM core.executions
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE routine_id = ANY (CAST(:routine_ids AS uuid[])) AND business_date = ANY (CAST(:dates AS date[]))
          AND slot >= :since AND status = 'SKIPPED' AND reason = :reason AND attempt = 0 AND origin = 'schedule'
        ORDER BY id FOR UPDATE))
""")

_IDENTITIES: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[]))
""").columns(*IDENTITY_COLUMNS)

# Untouched: nobody ran it or brought it forward. Rows are locked in the order of ids, like everywhere else, so that two
# who change many rows cannot wait for each other.
_WITHDRAW: Final = text("""
    DELETE FROM core.executions
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE status = 'PENDING' AND routine_id = ANY (CAST(:routine_ids AS uuid[])) AND origin = 'schedule'
          AND attempt = 0 AND due_at = slot AND slot >= coalesce(CAST(:from_instant AS timestamptz), '-infinity')
        ORDER BY id FOR UPDATE))
    RETURNING id, routine_id, business_date, slot, created_at, requested_by
""").columns(
    column("id", Uuid),
    column("routine_id", Uuid),
    column("business_date", Date),
    column("slot", DateTime(timezone=True)),
    column("created_at", DateTime(timezone=True)),
    column("requested_by", Text),
)

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

_LOCKED_COLUMNS: Final = (
    *IDENTITY_COLUMNS,
    column("status", Text),
    column("due_at", DateTime(timezone=True)),
    column("cancel_requested_by", Text),
)

_LOCK: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent,
        status, due_at,
        cancel_requested_by
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
""").columns(*_LOCKED_COLUMNS)

_LOCK_BACKFILL: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent,
        status, due_at,
        cancel_requested_by
    FROM core.executions
    WHERE backfill_id = :backfill_id AND status IN ('PENDING', 'QUEUED', 'RUNNING', 'RECOVERY')
    ORDER BY id FOR UPDATE
""").columns(*_LOCKED_COLUMNS)

_CANCEL: Final = text("""
    UPDATE core.executions
    SET status = :target, cancel_requested_by = :by, finished_at = :now, reason = 'CANCELLED', updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
""")

_REQUEST_CANCEL: Final = text("""
    UPDATE core.executions SET cancel_requested_by = coalesce(cancel_requested_by, :by), updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'RUNNING'
""")

_TAKE_BACK: Final = text("""
    UPDATE core.executions SET status = :target, queued_at = NULL, sent_count = 0, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
""")

# Whoever opens what was skipped asks for it: from now on it is theirs, and no slot that the schedule missed.
_REOPEN: Final = text("""
    UPDATE core.executions
    SET status = :target, due_at = :now, failures = 0, recoveries = 0, queued_at = NULL, sent_count = 0,
        started_at = NULL, finished_at = NULL, worker_id = NULL, lease_until = NULL, cancel_requested_by = NULL,
        result = NULL, warnings = '[]'::jsonb, error = NULL, reason = NULL, reason_context = NULL, parked_on = NULL,
        progress = NULL, progress_message = NULL,
        requested_by = CASE WHEN status = 'SKIPPED' THEN :by ELSE requested_by END, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
""")

_ROUTINES: Final = text("""
    SELECT id, routine_id FROM core.executions
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'SUCCEEDED' ORDER BY id
""").columns(column("id", Uuid), column("routine_id", Uuid))

_REPEAT: Final = text("""
    INSERT INTO core.executions (
        id, routine_id, routine_name, title, slot, business_date, origin, run_key, job, params, queue, priority,
        pool, concurrency_key, max_instances, depends_on, status, due_at, max_attempts, max_recoveries, retry,
        timeout_seconds, tags, catch_up, misfire_grace_seconds, cancel_grace_seconds, upstream_dates, upstream_rules,
        correlation_id, requested_by, created_at, updated_at)
    SELECT again.new_id, e.routine_id, e.routine_name, e.title, :slot, e.business_date, 'manual', :run_key, e.job,
        e.params, e.queue, e.priority, e.pool, e.concurrency_key, e.max_instances, e.depends_on, 'PENDING', :slot,
        e.max_attempts, e.max_recoveries, e.retry, e.timeout_seconds, e.tags, e.catch_up, e.misfire_grace_seconds,
        e.cancel_grace_seconds, e.upstream_dates, e.upstream_rules,
        replace(CAST(again.new_id AS text), '-', ''), :by, :slot, :slot
    FROM unnest(CAST(:ids AS uuid[]), CAST(:new_ids AS uuid[])) AS again (id, new_id)
    JOIN core.executions AS e ON e.id = again.id
    WHERE e.id = ANY (CAST(:ids AS uuid[]))
    RETURNING id, routine_id, routine_name, business_date
""").columns(
    column("id", Uuid), column("routine_id", Uuid), column("routine_name", Text), column("business_date", Date)
)

# By the snapshots of the days from this one on, since a dependency may point to an earlier business date.
_CHAIN: Final = text("""
    WITH RECURSIVE edges AS MATERIALIZED (
        SELECT DISTINCT e.routine_id, e.business_date, upstream.routine_id AS upstream_id,
            upstream.business_date AS upstream_date
        FROM core.executions AS e
        CROSS JOIN LATERAL unnest(e.depends_on, e.upstream_dates) AS upstream (routine_id, business_date)
        WHERE e.business_date BETWEEN :business_date AND CAST(:business_date AS date) + CAST(:days AS integer)
          AND e.depends_on <> '{}'
    ), chain (routine_id, business_date) AS (
        SELECT routine_id, business_date FROM edges
        WHERE upstream_id = :routine_id AND upstream_date = :business_date
        UNION
        SELECT edges.routine_id, edges.business_date
        FROM edges JOIN chain ON edges.upstream_id = chain.routine_id AND edges.upstream_date = chain.business_date
    )
    SELECT e.id, e.routine_id, e.routine_name, e.job, e.business_date, e.slot, e.origin, e.attempt, e.correlation_id,
        e.traceparent,
        e.status, e.due_at, e.cancel_requested_by
    FROM core.executions AS e JOIN chain ON e.routine_id = chain.routine_id AND e.business_date = chain.business_date
    WHERE CASE
        WHEN e.status = 'SUCCEEDED' THEN NOT EXISTS (
            SELECT 1 FROM core.executions AS later
            WHERE later.routine_id = e.routine_id AND later.business_date = e.business_date
              AND (later.slot, later.created_at, later.id) > (e.slot, e.created_at, e.id))
        WHEN e.status IN ('FAILED', 'CANCELLED') OR (e.status = 'SKIPPED' AND starts_with(e.reason, 'UPSTREAM_'))
            THEN NOT EXISTS (
            SELECT 1 FROM core.executions AS later
            WHERE later.routine_id = e.routine_id AND later.business_date = e.business_date
              AND (later.slot, later.created_at, later.id) > (e.slot, e.created_at, e.id)
              AND later.status = 'SUCCEEDED')
        ELSE false END
    ORDER BY e.id FOR UPDATE OF e
""").columns(*_LOCKED_COLUMNS)

_SKIP: Final = text("""
    UPDATE core.executions AS e
    SET status = :target, reason = s.reason, reason_context = CAST(s.context AS jsonb), finished_at = :now,
        updated_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[]), CAST(:contexts AS text[])) AS s (id, reason, context)
    WHERE e.id = s.id AND e.id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[])) ORDER BY id FOR UPDATE))
    RETURNING e.id, e.routine_id, e.routine_name, e.job, e.business_date, e.slot, e.origin, e.attempt,
        e.correlation_id, e.traceparent
""").columns(*IDENTITY_COLUMNS)

_WAKE: Final = text("SELECT pg_notify(:first, ''), pg_notify(:second, '')")

_MAKE_DUE: Final = text("""
    UPDATE core.executions SET due_at = :now, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'PENDING' AND due_at > :now
""")
