"""The dispatcher's statements: what is free, what is ready, and the moves to and from QUEUED."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Integer, SmallInteger, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.executions.public import IDENTITY_COLUMNS, Candidate, Handed, Move, Room, bind


class DispatchRepository:
    """Work is handed out. Call `take_turn` first: counting what is free is only exact under its lock."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self) -> bool:
        return bool(await self._session.scalar(_TAKE_TURN))

    async def room(self, *, now: datetime, ageing_seconds: float) -> tuple[Room, list[Handed]]:
        row = (await self._session.execute(_ROOM, {"now": now, "ageing": ageing_seconds})).one()
        room = Room(
            places={queue: int(places) for queue, places in row.places.items()},
            offered=[(queue, job) for queue, job in row.offered],
            pools={name: int(free) for name, free in row.pools.items()},
            keys=set(row.keys),
            instances={UUID(routine): int(count) for routine, count in row.instances.items()},
            next_due_at=row.next_due_at,
        )
        return room, [_handed(item) for item in row.handed]

    async def candidates(
        self,
        room: Room,
        handed: Sequence[Handed],
        *,
        now: datetime,
        ageing_seconds: float,
        priority_below: int,
        limit: int,
    ) -> list[Candidate]:
        parameters = {
            "now": now,
            "offered": [f"{queue} {job}" for queue, job in room.offered],
            "pools": json.dumps(_bounds([name for name, free in room.pools.items() if free <= 0], handed, of="pool")),
            "keys": json.dumps(_bounds(room.keys, handed, of="concurrency_key")),
            "instances": json.dumps({str(routine): count for routine, count in room.instances.items()}),
            "priority_below": priority_below,
            "limit": limit,
        }
        if ageing_seconds > 0:
            rows = await self._session.execute(_AGED_CANDIDATES, {**parameters, "ageing": ageing_seconds})
        else:
            rows = await self._session.execute(_CANDIDATES, parameters)
        return [Candidate(*row) for row in rows]

    async def queue(self, ids: Sequence[UUID], *, now: datetime) -> list[Row[Any]]:
        parameters = bind(Move.QUEUE, ids=list(ids), now=now)
        return list((await self._session.execute(_QUEUE, parameters)).all())

    async def recall(self, ids: Sequence[UUID], *, now: datetime) -> list[UUID]:
        parameters = bind(Move.RECALL, ids=list(ids), now=now)
        return list((await self._session.scalars(_RECALL, parameters)).all())

    async def take_unclaimed(
        self, *, now: datetime, first_wait_seconds: float, longest_wait_seconds: float, limit: int
    ) -> list[Row[Any]]:
        parameters = {"now": now, "wait": first_wait_seconds, "longest": longest_wait_seconds, "limit": limit}
        return list((await self._session.execute(_TAKE_UNCLAIMED, parameters)).all())


def _bounds(taken: Iterable[str], handed: Sequence[Handed], *, of: str) -> dict[str, int]:
    """For each pool or key that is taken: below which priority a candidate may take it from somebody unclaimed."""
    bounds = dict.fromkeys(taken, 0)
    for item in handed:
        name = getattr(item, of)
        if name in bounds:
            bounds[name] = max(bounds[name], item.priority)
    return bounds


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
        SELECT id, routine_id, queue, slot, pool, concurrency_key, status, worker_id,
            CASE WHEN CAST(:ageing AS double precision) > 0 THEN greatest(1, priority - CAST(floor(
                greatest(extract(epoch FROM :now - due_at), 0) / CAST(:ageing AS double precision)) AS integer))
            ELSE priority END AS priority
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


# What a candidate needs beside what it depends on. What arrives as JSON is read once per statement, not once per row,
# in a subquery of its own. A pool or key that is taken lets through what is more urgent than somebody unclaimed who has
# it.
_WAITING: Final = "e.status IN ('PENDING', 'RECOVERY') AND e.due_at <= :now"
_OFFERED: Final = " AND e.queue || ' ' || e.job = ANY (CAST(:offered AS text[]))"
_ROOM_IN_POOL: Final = " < coalesce(CAST((SELECT CAST(:pools AS jsonb)) ->> e.pool AS integer), 32767))"
_ROOM_FOR_KEY: Final = " < coalesce(CAST((SELECT CAST(:keys AS jsonb)) ->> e.concurrency_key AS integer), 32767))"
_ROOM_FOR_INSTANCE: Final = """
      AND e.max_instances > coalesce(
          CAST((SELECT CAST(:instances AS jsonb)) ->> CAST(e.routine_id AS text) AS integer), 0)
"""
_PRIORITY: Final = "e.priority"
# Optional ageing (E4): each `ageing` seconds of waiting since it was due lift an execution by one point.
_AGED_PRIORITY: Final = """
    greatest(1, e.priority - CAST(floor(greatest(extract(epoch FROM :now - e.due_at), 0)
                                        / CAST(:ageing AS double precision)) AS integer))
"""


def _fits(priority: str) -> str:
    return (
        _WAITING
        + _OFFERED
        + " AND "
        + priority
        + " < CAST(:priority_below AS integer) AND (e.pool IS NULL OR "
        + priority
        + _ROOM_IN_POOL
        + " AND (e.concurrency_key IS NULL OR "
        + priority
        + _ROOM_FOR_KEY
        + _ROOM_FOR_INSTANCE
        + " AND NOT EXISTS ("
        + _UNMET_DEPENDENCY
        + ")"
    )


_CANDIDATE_COLUMNS: Final = (
    column("id", Uuid),
    column("routine_id", Uuid),
    column("queue", Text),
    column("priority", SmallInteger),
    column("slot", DateTime(timezone=True)),
    column("pool", Text),
    column("concurrency_key", Text),
    column("max_instances", Integer),
)

_CANDIDATES_HEAD: Final = """
    SELECT e.id, e.routine_id, e.queue, e.priority, e.slot, e.pool, e.concurrency_key, e.max_instances
    FROM core.executions AS e WHERE
"""
_CANDIDATES_TAIL: Final = " ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE OF e SKIP LOCKED"
# In the order of E4, straight from the index ix_executions_ready: what cannot start is passed over, nothing is sorted.
_CANDIDATES: Final = text(_CANDIDATES_HEAD + _fits(_PRIORITY) + _CANDIDATES_TAIL).columns(*_CANDIDATE_COLUMNS)

_AGED_HEAD: Final = """
    WITH RECURSIVE level AS (
        (SELECT e.priority FROM core.executions AS e WHERE e.status IN ('PENDING', 'RECOVERY')
         ORDER BY e.priority, e.slot, e.id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.priority FROM core.executions AS e
                WHERE e.status IN ('PENDING', 'RECOVERY') AND e.priority > level.priority
                ORDER BY e.priority, e.slot, e.id LIMIT 1)
        FROM level WHERE level.priority IS NOT NULL
    )
    SELECT first.id, first.routine_id, first.queue, first.aged AS priority, first.slot, first.pool,
        first.concurrency_key, first.max_instances
    FROM level CROSS JOIN LATERAL (
        SELECT e.id, e.routine_id, e.queue, e.slot, e.pool, e.concurrency_key, e.max_instances,
"""
_AGED_MIDDLE: Final = " AS aged FROM core.executions AS e WHERE e.priority = level.priority AND "
_AGED_TAIL: Final = """
        ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE OF e SKIP LOCKED) AS first
    ORDER BY first.aged, first.slot, first.id LIMIT :limit
"""
# With ageing the most urgent are among the first of each priority, and those are few: each is read from the same index.
_AGED_CANDIDATES: Final = text(_AGED_HEAD + _AGED_PRIORITY + _AGED_MIDDLE + _fits(_AGED_PRIORITY) + _AGED_TAIL).columns(
    *_CANDIDATE_COLUMNS
)

_QUEUE: Final = text("""
    UPDATE core.executions
    SET status = :target, queued_at = :now, sent_count = 1, worker_id = NULL, lease_until = NULL, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, queue, priority
""").columns(*IDENTITY_COLUMNS, column("queue", Text), column("priority", SmallInteger))

_RECALL: Final = text("""
    UPDATE core.executions SET status = :target, queued_at = NULL, sent_count = 0, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[])) FOR UPDATE SKIP LOCKED))
    RETURNING id
""").columns(column("id", Uuid))

# Handed out, not claimed in time, although a worker that can run it has a free slot: the entry is lost, or Redis was.
# While all workers are busy, waiting is what is expected.
_TAKE_UNCLAIMED: Final = text("""
    WITH free AS (
        SELECT DISTINCT name AS queue, offer.job
        FROM core.workers AS w CROSS JOIN unnest(w.queues) AS name
        JOIN core.worker_jobs AS offer ON offer.worker_id = w.id
        WHERE w.lease_until > :now AND w.lost_at IS NULL AND NOT w.draining
          AND w.slots > (SELECT count(*) FROM core.executions AS r WHERE r.status = 'RUNNING' AND r.worker_id = w.id)
    )
    UPDATE core.executions SET sent_count = sent_count + 1, queued_at = :now, updated_at = :now
    WHERE status = 'QUEUED' AND id = ANY (ARRAY(
        SELECT e.id FROM core.executions AS e
        WHERE e.status = 'QUEUED' AND (e.queue, e.job) IN (SELECT queue, job FROM free)
          AND e.queued_at <= CAST(:now AS timestamptz) - make_interval(secs => least(
              CAST(:wait AS double precision) * power(2, least(e.sent_count - 1, 10)),
              CAST(:longest AS double precision)))
        ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE SKIP LOCKED))
    RETURNING id, queue, priority, sent_count
""").columns(column("id", Uuid), column("queue", Text), column("priority", SmallInteger), column("sent_count", Integer))
