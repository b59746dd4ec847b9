"""Every statement that writes to the queue. What writes a status binds sources and target from `TRANSITIONS`.

All of them are set-based: one statement per batch, arrays or one JSON document as parameters.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Date, DateTime, Integer, SmallInteger, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.inputs import storable_json
from core_api.modules.executions.schemas import (
    Candidate,
    EnqueueResult,
    Handed,
    Held,
    Identity,
    Move,
    NewExecution,
    Room,
    Series,
    Settlement,
    Started,
    Withdrawn,
    execution_id,
    sources_of,
    target_of,
)

CHUNK: Final = 5000
DEFAULT_UPSTREAM_RULE: Final = "wait skip"
CHAIN_DAYS: Final = 31
"""How many days ahead a chain of executions is followed when it is run again."""

_IDENTITY_COLUMNS: Final = (
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

    async def insert(self, series: Sequence[Series], *, now: datetime) -> EnqueueResult:
        created = wanted = 0
        for chunk in _chunks(series):
            created += (await self._session.execute(_INSERT, {**_rows(chunk), "now": now})).rowcount  # type: ignore[attr-defined]
            wanted += sum(len(one.slots) for one in chunk)
        return EnqueueResult(created, wanted - created)

    async def withdraw_untouched(
        self, routine_ids: Sequence[UUID], *, from_instant: datetime | None
    ) -> list[Withdrawn]:
        parameters = {"routine_ids": list(routine_ids), "from_instant": from_instant}
        return [Withdrawn(*row) for row in await self._session.execute(_WITHDRAW, parameters)]

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


class DispatchRepository:
    """Work is handed out. Call `take_turn` first: counting what is free is only exact under its lock."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self) -> bool:
        return bool(await self._session.scalar(_TAKE_TURN))

    async def room(self, *, now: datetime) -> tuple[Room, list[Handed]]:
        row = (await self._session.execute(_ROOM, {"now": now})).one()
        room = Room(
            places={queue: int(places) for queue, places in row.places.items()},
            offered=[(queue, job) for queue, job in row.offered],
            pools={name: int(free) for name, free in row.pools.items()},
            keys=set(row.keys),
            instances={UUID(routine): int(count) for routine, count in row.instances.items()},
            next_due_at=row.next_due_at,
        )
        return room, [_handed(item) for item in row.handed]

    async def candidates(self, room: Room, *, now: datetime, priority_below: int, limit: int) -> list[Candidate]:
        parameters = {
            "now": now,
            "offered": [f"{queue} {job}" for queue, job in room.offered],
            "full_pools": [name for name, free in room.pools.items() if free <= 0],
            "busy_keys": list(room.keys),
            "instances": json.dumps({str(routine): count for routine, count in room.instances.items()}),
            "priority_below": priority_below,
            "limit": limit,
        }
        return [Candidate(*row) for row in await self._session.execute(_CANDIDATES, parameters)]

    async def queue(self, ids: Sequence[UUID], *, now: datetime) -> list[Row[Any]]:
        parameters = _move(Move.QUEUE, ids=list(ids), now=now)
        return list((await self._session.execute(_QUEUE, parameters)).all())

    async def recall(self, ids: Sequence[UUID], *, now: datetime) -> list[UUID]:
        parameters = _move(Move.RECALL, ids=list(ids), now=now)
        return list((await self._session.scalars(_RECALL, parameters)).all())

    async def take_unclaimed(
        self, *, now: datetime, first_wait_seconds: float, longest_wait_seconds: float, limit: int
    ) -> list[Row[Any]]:
        parameters = {"now": now, "wait": first_wait_seconds, "longest": longest_wait_seconds, "limit": limit}
        return list((await self._session.execute(_TAKE_UNCLAIMED, parameters)).all())


class RunRepository:
    """Attempts begin and end; only the holder of the current attempt gets through."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(
        self, ids: Sequence[UUID], *, worker_id: str, jobs: Sequence[str], now: datetime, lease_until: datetime
    ) -> list[Started]:
        parameters = _move(
            Move.CLAIM, ids=list(ids), worker_id=worker_id, jobs=list(jobs), now=now, lease_until=lease_until
        )
        return [Started(*row) for row in await self._session.execute(_CLAIM, parameters)]

    async def hold(self, ids: Sequence[UUID]) -> list[Held]:
        return [Held(*row) for row in await self._session.execute(_HOLD, {"ids": list(ids)})]

    async def hold_expired(self, *, now: datetime, limit: int) -> list[Held]:
        return [Held(*row) for row in await self._session.execute(_HOLD_EXPIRED, {"now": now, "limit": limit})]

    async def settle(self, settlements: Sequence[Settlement], *, now: datetime) -> int:
        rows = storable_json([_settled(settlement) for settlement in settlements])
        ids = [settlement.execution_id for settlement in settlements]
        result = await self._session.execute(_SETTLE, {"rows": rows, "ids": ids, "now": now})
        return int(result.rowcount)  # type: ignore[attr-defined]

    async def renew(
        self,
        *,
        worker_id: str,
        ids: Sequence[UUID],
        attempts: Sequence[int],
        progress: Sequence[float | None],
        messages: Sequence[str | None],
        etas: Sequence[datetime | None],
        lease_until: datetime,
    ) -> list[Row[Any]]:
        parameters = {
            "worker_id": worker_id,
            "ids": list(ids),
            "attempts": list(attempts),
            "progress": list(progress),
            "messages": list(messages),
            "etas": list(etas),
            "lease_until": lease_until,
        }
        return list((await self._session.execute(_RENEW, parameters)).all())

    async def release(self, worker_id: str, *, now: datetime) -> int:
        return int((await self._session.execute(_RELEASE, {"worker_id": worker_id, "now": now})).rowcount)  # type: ignore[attr-defined]


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
        await self._session.execute(_CANCEL, _move(Move.CANCEL, ids=list(ids), by=by, now=now))

    async def request_cancel(self, ids: Sequence[UUID], *, by: str, now: datetime) -> None:
        await self._session.execute(_REQUEST_CANCEL, {"ids": list(ids), "by": by, "now": now})

    async def take_back(self, ids: Sequence[UUID], *, now: datetime) -> None:
        """What was handed out and not claimed waits again; its entry is refused when a worker comes for it."""
        await self._session.execute(_TAKE_BACK, _move(Move.RECALL, ids=list(ids), now=now))

    async def reopen(self, ids: Sequence[UUID], *, by: str, now: datetime) -> None:
        await self._session.execute(_REOPEN, _move(Move.REOPEN, ids=list(ids), by=by, now=now))

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

    async def skip(self, ids: Sequence[UUID], *, reason: str, now: datetime) -> list[Identity]:
        rows = await self._session.execute(_SKIP, _move(Move.SKIP, ids=list(ids), reason=reason, now=now))
        return [Identity(*row) for row in rows]

    async def wake(self) -> None:
        """Wakes dispatcher and relay when the transaction commits."""
        await self._session.execute(_WAKE, {"first": WAKE_CHANNEL, "second": OUTBOX_CHANNEL})

    async def make_due(self, ids: Sequence[UUID], *, now: datetime) -> None:
        await self._session.execute(_MAKE_DUE, {"ids": list(ids), "now": now})


def _move(move: Move, **parameters: Any) -> dict[str, Any]:
    """Parameters of a statement that makes `move`."""
    return {"sources": sources_of(move), "target": target_of(move), **parameters}


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


def _settled(settlement: Settlement) -> dict[str, Any]:
    def instant(value: datetime | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "id": str(settlement.execution_id),
        "attempt": settlement.attempt,
        "sources": sources_of(settlement.move),
        "target": target_of(settlement.move),
        "due_at": instant(settlement.due_at),
        "failures": settlement.failures,
        "recoveries": settlement.recoveries,
        "started_at": instant(settlement.started_at),
        "finished_at": instant(settlement.finished_at),
        "result": settlement.result,
        "warnings": settlement.warnings,
        "error": settlement.error,
        "reason": settlement.reason,
    }


def _handed(item: dict[str, Any]) -> Handed:
    return Handed(
        id=UUID(item["id"]),
        routine_id=UUID(item["routine_id"]),
        queue=item["queue"],
        priority=item["priority"],
        slot=datetime.fromisoformat(item["slot"]),
        pool=item["pool"],
        concurrency_key=item["concurrency_key"],
    )


_INSERT: Final = text("""
    INSERT INTO core.executions (
        id, routine_id, routine_name, title, slot, business_date, origin, run_key, job, params, queue, priority,
        pool, concurrency_key, max_instances, depends_on, status, due_at, max_attempts, max_recoveries, retry,
        timeout_seconds, tags, catch_up, misfire_grace_seconds, "coalesce", cancel_grace_seconds, backfill_id, cause,
        upstream_dates, upstream_rules, correlation_id, traceparent, requested_by, created_at, updated_at)
    SELECT own.id, routine_id, routine_name, title, own.slot, business_date, origin, run_key, job, params, queue,
        priority, pool, concurrency_key, max_instances, depends_on, 'PENDING', coalesce(due_at, own.slot), max_attempts,
        max_recoveries, retry, timeout_seconds, tags, catch_up, misfire_grace_seconds, series."coalesce",
        cancel_grace_seconds, backfill_id, cause, upstream_dates, upstream_rules,
        coalesce(correlation_id, replace(CAST(own.id AS text), '-', '')), traceparent, requested_by,
        coalesce(created_at, :now), :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS integer[]), CAST(:slots AS timestamptz[])) AS own (id, n, slot)
    JOIN jsonb_to_recordset(CAST(:series AS jsonb)) AS series (
        n integer, routine_id uuid, routine_name text, title text, business_date date, origin text, run_key text,
        job text, params jsonb, queue text, priority smallint, pool text, concurrency_key text, max_instances integer,
        depends_on uuid[], due_at timestamptz, max_attempts integer, max_recoveries integer, retry jsonb,
        timeout_seconds integer, tags text[], catch_up text, misfire_grace_seconds integer, "coalesce" boolean,
        cancel_grace_seconds integer, backfill_id uuid, cause jsonb, upstream_dates date[], upstream_rules text[],
        correlation_id text, traceparent text, requested_by text, created_at timestamptz) USING (n)
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
    RETURNING id, created_at, requested_by
""").columns(column("id", Uuid), column("created_at", DateTime(timezone=True)), column("requested_by", Text))

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

# The planner cannot know how few of the due rows are blocked, takes the conditions for very selective and would read
# and sort the whole backlog in each tick. Without sorting it walks the index in the order of E4 and stops at the limit;
# with generic plans it does not plan anew, over all partitions, in each tick. Nobody waits for the disk: a hand-out
# that a crash of PostgreSQL forgets is made again, and an entry sent meanwhile is refused at the claim. All three hold
# for this transaction only.
_TAKE_TURN: Final = text("""
    SELECT pg_try_advisory_xact_lock(hashtextextended('core.dispatch', 0)),
        set_config('enable_sort', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('synchronous_commit', 'off', true)
""")

# Who could take work, and what is taken. `places` of a queue is E4's bound on what may be handed out: twice the free
# slots of its live workers, less what is handed out already.
_ROOM: Final = text("""
    WITH live AS MATERIALIZED (
        SELECT id, slots, queues FROM core.workers WHERE lease_until > :now AND lost_at IS NULL AND NOT draining
    ), active AS MATERIALIZED (
        SELECT id, routine_id, queue, priority, slot, pool, concurrency_key, status, worker_id
        FROM core.executions WHERE status IN ('QUEUED', 'RUNNING')
    ), busy AS (
        SELECT worker_id, count(*) AS slots FROM active WHERE status = 'RUNNING' GROUP BY worker_id
    ), free AS (
        SELECT name AS queue, sum(greatest(live.slots - coalesce(busy.slots, 0), 0)) AS slots
        FROM live CROSS JOIN unnest(live.queues) AS name LEFT JOIN busy ON busy.worker_id = live.id GROUP BY name
    ), handed AS (
        SELECT queue, count(*) AS waiting FROM active WHERE status = 'QUEUED' GROUP BY queue
    ), offered AS (
        SELECT DISTINCT name AS queue, offer.job
        FROM live CROSS JOIN unnest(live.queues) AS name JOIN core.worker_jobs AS offer ON offer.worker_id = live.id
    )
    SELECT
        (SELECT coalesce(jsonb_object_agg(queue, 2 * slots - coalesce(waiting, 0)), '{}')
         FROM free LEFT JOIN handed USING (queue)) AS places,
        (SELECT coalesce(jsonb_agg(jsonb_build_array(queue, job)), '[]') FROM offered) AS offered,
        (SELECT coalesce(jsonb_object_agg(name, slots - coalesce(used, 0)), '{}')
         FROM core.pools
         LEFT JOIN (SELECT pool, count(*) AS used FROM active GROUP BY pool) AS use ON pool = name) AS pools,
        (SELECT coalesce(jsonb_agg(DISTINCT concurrency_key), '[]') FROM active
         WHERE concurrency_key IS NOT NULL) AS keys,
        (SELECT coalesce(jsonb_object_agg(routine_id, instances), '{}')
         FROM (SELECT routine_id, count(*) AS instances FROM active GROUP BY routine_id) AS counted) AS instances,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'routine_id', routine_id, 'queue', queue, 'slot', slot,
            'priority', priority, 'pool', pool, 'concurrency_key', concurrency_key)), '[]')
         FROM active WHERE status = 'QUEUED') AS handed,
        (SELECT min(due_at) FROM core.executions
         WHERE status IN ('PENDING', 'RECOVERY') AND due_at > :now) AS next_due_at
""").columns(
    column("places", JSONB),
    column("offered", JSONB),
    column("pools", JSONB),
    column("keys", JSONB),
    column("instances", JSONB),
    column("handed", JSONB),
    column("next_due_at", DateTime(timezone=True)),
)

# An upstream counts by its latest execution of the same business date. One that has never run and is not due yet does
# not count: it is what will happen, not what happened.
_UNMET_DEPENDENCY: Final = """
    SELECT 1 FROM unnest(e.depends_on) AS upstream (routine_id)
    WHERE coalesce((
        SELECT last.status FROM core.executions AS last
        WHERE last.routine_id = upstream.routine_id AND last.business_date = e.business_date
          AND NOT (last.status = 'PENDING' AND last.attempt = 0 AND last.due_at > :now)
        ORDER BY last.slot DESC, last.created_at DESC LIMIT 1), 'MISSING') <> 'SUCCEEDED'
"""

# In the order of E4, straight from the index ix_executions_ready: what cannot start is passed over, nothing is sorted.
_CANDIDATES_HEAD: Final = """
    SELECT e.id, e.routine_id, e.queue, e.priority, e.slot, e.pool, e.concurrency_key, e.max_instances
    FROM core.executions AS e
    WHERE e.status IN ('PENDING', 'RECOVERY') AND e.due_at <= :now AND e.priority < CAST(:priority_below AS smallint)
      AND e.queue || ' ' || e.job = ANY (CAST(:offered AS text[]))
      AND (e.pool IS NULL OR e.pool <> ALL (CAST(:full_pools AS text[])))
      AND (e.concurrency_key IS NULL OR e.concurrency_key <> ALL (CAST(:busy_keys AS text[])))
      AND e.max_instances > coalesce(CAST(CAST(:instances AS jsonb) ->> CAST(e.routine_id AS text) AS integer), 0)
      AND NOT EXISTS (
"""
_CANDIDATES_TAIL: Final = """)
    ORDER BY e.priority, e.slot, e.id
    LIMIT :limit
    FOR UPDATE OF e SKIP LOCKED
"""
_CANDIDATES: Final = text(_CANDIDATES_HEAD + _UNMET_DEPENDENCY + _CANDIDATES_TAIL).columns(
    column("id", Uuid),
    column("routine_id", Uuid),
    column("queue", Text),
    column("priority", SmallInteger),
    column("slot", DateTime(timezone=True)),
    column("pool", Text),
    column("concurrency_key", Text),
    column("max_instances", Integer),
)

_QUEUE: Final = text("""
    UPDATE core.executions
    SET status = :target, queued_at = :now, sent_count = 1, worker_id = NULL, lease_until = NULL, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, queue, priority
""").columns(*_IDENTITY_COLUMNS, column("queue", Text), column("priority", SmallInteger))

_RECALL: Final = text("""
    UPDATE core.executions SET status = :target, queued_at = NULL, sent_count = 0, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[])) FOR UPDATE SKIP LOCKED))
    RETURNING id
""").columns(column("id", Uuid))

# Handed out, not claimed in time, although a worker of the queue has a free slot: the entry is lost, or Redis was.
# While all workers are busy, waiting is what is expected.
_TAKE_UNCLAIMED: Final = text("""
    WITH free AS (
        SELECT DISTINCT name AS queue FROM core.workers AS w CROSS JOIN unnest(w.queues) AS name
        WHERE w.lease_until > :now AND w.lost_at IS NULL AND NOT w.draining
          AND w.slots > (SELECT count(*) FROM core.executions AS r WHERE r.status = 'RUNNING' AND r.worker_id = w.id)
    )
    UPDATE core.executions SET sent_count = sent_count + 1, queued_at = :now, updated_at = :now
    WHERE status = 'QUEUED' AND id = ANY (ARRAY(
        SELECT e.id FROM core.executions AS e
        WHERE e.status = 'QUEUED' AND e.queue IN (SELECT queue FROM free)
          AND e.queued_at <= CAST(:now AS timestamptz) - make_interval(secs => least(
              CAST(:wait AS double precision) * power(2, least(e.sent_count - 1, 10)),
              CAST(:longest AS double precision)))
        ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE SKIP LOCKED))
    RETURNING id, queue, priority, sent_count
""").columns(column("id", Uuid), column("queue", Text), column("priority", SmallInteger), column("sent_count", Integer))

_STARTED_COLUMNS: Final = (
    *_IDENTITY_COLUMNS,
    column("params", JSONB),
    column("timeout_seconds", Integer),
    column("max_attempts", Integer),
    column("recoveries", Integer),
    column("traceparent", Text),
    column("worker_id", Text),
    column("cancel_grace_seconds", Integer),
)

# A row that somebody else holds is being claimed or cancelled at this moment: it is refused rather than waited for.
_CLAIM: Final = text("""
    UPDATE core.executions
    SET status = :target, attempt = attempt + 1, worker_id = :worker_id, lease_until = :lease_until, started_at = :now,
        finished_at = NULL, progress = NULL, progress_message = NULL, eta_at = NULL, error = NULL, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
          AND job = ANY (CAST(:jobs AS text[]))
        FOR UPDATE SKIP LOCKED))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, params,
        timeout_seconds, max_attempts, recoveries, traceparent, worker_id, cancel_grace_seconds
""").columns(*_STARTED_COLUMNS)

_HELD_COLUMNS: Final = (
    *_IDENTITY_COLUMNS,
    column("status", Text),
    column("worker_id", Text),
    column("started_at", DateTime(timezone=True)),
    column("failures", Integer),
    column("recoveries", Integer),
    column("max_attempts", Integer),
    column("max_recoveries", Integer),
    column("retry", JSONB),
    column("cancel_requested_by", Text),
)

_HOLD: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, status, worker_id,
        started_at, failures, recoveries, max_attempts, max_recoveries, retry, cancel_requested_by
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
""").columns(*_HELD_COLUMNS)

_HOLD_EXPIRED: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, status, worker_id,
        started_at, failures, recoveries, max_attempts, max_recoveries, retry, cancel_requested_by
    FROM core.executions WHERE status = 'RUNNING' AND lease_until < :now
    ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
""").columns(*_HELD_COLUMNS)

_SETTLE: Final = text("""
    UPDATE core.executions AS e
    SET status = s.target, due_at = coalesce(s.due_at, e.due_at), failures = s.failures, recoveries = s.recoveries,
        started_at = coalesce(s.started_at, e.started_at), finished_at = s.finished_at, result = s.result,
        warnings = s.warnings, error = s.error, reason = s.reason, lease_until = NULL, updated_at = :now,
        progress = CASE WHEN s.target = 'SUCCEEDED' AND e.progress IS NOT NULL THEN 1 ELSE e.progress END
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS s (
        id uuid, attempt integer, sources text[], target text, due_at timestamptz, failures integer, recoveries integer,
        started_at timestamptz, finished_at timestamptz, result jsonb, warnings jsonb, error jsonb, reason text)
    WHERE e.id = ANY (CAST(:ids AS uuid[])) AND e.id = s.id AND e.attempt = s.attempt AND e.status = ANY (s.sources)
""")

_RENEW: Final = text("""
    WITH mine AS MATERIALIZED (
        SELECT e.id, e.attempt, e.cancel_requested_by IS NOT NULL AS cancel, b.progress, b.message, b.eta
        FROM core.executions AS e
        JOIN unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[]), CAST(:progress AS real[]),
                    CAST(:messages AS text[]), CAST(:etas AS timestamptz[])) AS b (id, attempt, progress, message, eta)
            ON b.id = e.id AND b.attempt = e.attempt
        WHERE e.id = ANY (CAST(:ids AS uuid[])) AND e.status = 'RUNNING' AND e.worker_id = :worker_id
        ORDER BY e.id FOR UPDATE OF e
    )
    UPDATE core.executions AS e
    SET lease_until = :lease_until, progress = coalesce(mine.progress, e.progress),
        progress_message = coalesce(mine.message, e.progress_message), eta_at = mine.eta
    FROM mine WHERE e.id = ANY (CAST(:ids AS uuid[])) AND e.id = mine.id
    RETURNING e.id, e.attempt, mine.cancel
""").columns(column("id", Uuid), column("attempt", Integer), column("cancel", Boolean))

# A worker that says goodbye with runs still open has left them: the sweep need not wait for their leases.
_RELEASE: Final = text("""
    UPDATE core.executions SET lease_until = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions WHERE status = 'RUNNING' AND worker_id = :worker_id ORDER BY id FOR UPDATE))
""")

_EXISTS: Final = text("SELECT 1 FROM core.executions WHERE id = :id")

_LOCKED_COLUMNS: Final = (
    *_IDENTITY_COLUMNS,
    column("status", Text),
    column("due_at", DateTime(timezone=True)),
    column("cancel_requested_by", Text),
)

_LOCK: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, status, due_at,
        cancel_requested_by
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
""").columns(*_LOCKED_COLUMNS)

_LOCK_BACKFILL: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, status, due_at,
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
        result = NULL, warnings = '[]'::jsonb, error = NULL, reason = NULL, progress = NULL, progress_message = NULL,
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
    UPDATE core.executions SET status = :target, reason = :reason, finished_at = :now, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[])) ORDER BY id FOR UPDATE))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id
""").columns(*_IDENTITY_COLUMNS)

_WAKE: Final = text("SELECT pg_notify(:first, ''), pg_notify(:second, '')")

_MAKE_DUE: Final = text("""
    UPDATE core.executions SET due_at = :now, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'PENDING' AND due_at > :now
""")
