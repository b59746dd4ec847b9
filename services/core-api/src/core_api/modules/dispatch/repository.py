"""The dispatcher's statements: what is free, what is ready, and the moves to and from QUEUED."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, Integer, SmallInteger, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.dispatch.schemas import Look
from core_api.modules.executions.public import (
    EDGE,
    IDENTITY_COLUMNS,
    MISSED,
    UNTOUCHED,
    VERDICT,
    Candidate,
    Handed,
    Move,
    Room,
    bind,
)


class DispatchRepository:
    """Work is handed out. Call `take_turn` first: counting what is free is only exact under its lock."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self) -> bool:
        return bool(await self._session.scalar(_TAKE_TURN))

    async def room(self, *, now: datetime, ageing_seconds: float) -> tuple[Room, list[Handed]]:
        row = (await self._session.execute(_ROOM, {"now": now, "ageing": ageing_seconds})).one()
        room = Room(
            places={queue: 2 * supply["free"] - supply["waiting"] for queue, supply in row.supply.items()},
            idle={queue: supply["free"] - supply["waiting"] for queue, supply in row.supply.items()},
            slots={queue: supply["slots"] for queue, supply in row.supply.items()},
            offered=[(queue, job) for queue, job in row.offered],
            pools={name: pool["free"] for name, pool in row.pools.items()},
            keys=set(row.keys),
            instances={UUID(routine): int(count) for routine, count in row.instances.items()},
            backfills={UUID(backfill): int(free) for backfill, free in row.backfills.items()},
            refills={UUID(backfill): int(priority) for backfill, priority in row.refills.items()},
            paused={UUID(routine) for routine in row.paused},
            parked=row.parked,
            last_turn_at=row.last_turn_at,
            next_due_at=min(filter(None, [row.next_due_at, *map(_frees_at, row.pools.values())]), default=None),
        )
        return room, [_handed(item) for item in row.handed]

    async def candidates(self, look: Look) -> list[Candidate]:
        """The most urgent live executions that could start."""
        if look.priority_below <= 0:
            return []
        parameters = _parameters(look)
        if look.ageing_seconds > 0:
            rows = await self._session.execute(_AGED_CANDIDATES, {**parameters, "ageing": look.ageing_seconds})
        else:
            rows = await self._session.execute(_CANDIDATES, parameters)
        return [Candidate(*row) for row in rows]

    async def refill_candidates(self, look: Look) -> list[Candidate]:
        """The most urgent of backfills that could start. A backfill without room is not looked at."""
        refills = look.refills
        if look.priority_below <= 0 or not refills:
            return []
        parameters = {**_parameters(look), "spare": look.spare, "refills": refills}
        if look.ageing_seconds > 0:
            rows = await self._session.execute(_AGED_REFILL_CANDIDATES, {**parameters, "ageing": look.ageing_seconds})
        else:
            rows = await self._session.execute(_REFILL_CANDIDATES, parameters)
        return [Candidate(*row) for row in rows]

    async def remember_turn(self, *, now: datetime) -> None:
        await self._session.execute(_REMEMBER_TURN, {"now": now})

    async def park(self, *, now: datetime, blocked_since: datetime, limit: int) -> int:
        """Puts executions aside that wait for an upstream since long; the dispatcher passes over them at no cost."""
        parameters = {"now": now, "blocked_since": blocked_since, "limit": limit}
        return int((await self._session.execute(_PARK, parameters)).rowcount)  # type: ignore[attr-defined]

    async def unpark(self, *, now: datetime) -> int:
        """Takes up those again whose upstream is no longer what they were parked for."""
        return int((await self._session.execute(_UNPARK, {"now": now})).rowcount)  # type: ignore[attr-defined]

    async def remember_gap(self, started_at: datetime, ended_at: datetime, *, forget_before: datetime) -> None:
        """Notes that nobody took turns between two instants; gaps that ended long ago are forgotten."""
        parameters = {"started_at": started_at, "ended_at": ended_at, "forget_before": forget_before}
        await self._session.execute(_REMEMBER_GAP, parameters)

    async def forget_starts(self, *, before: datetime) -> None:
        """Forgets starts in pools that no rate can count any more."""
        await self._session.execute(_FORGET_STARTS, {"before": before})

    async def hold(self, backfills: Sequence[UUID]) -> set[UUID]:
        """Lets nobody change these until this transaction ends; returns those that are paused or just being changed."""
        held = await self._session.execute(_HOLD, {"ids": list(backfills)})
        return {row.id for row in held if row.status is None or row.status == "PAUSED"}

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


def _parameters(look: Look) -> dict[str, Any]:
    """What is offered and what is taken, for the statements on candidates."""
    room, handed = look.room, look.handed
    return {
        "now": look.now,
        "offered": [f"{queue} {job}" for queue, job in room.offered],
        "pools": json.dumps(_bounds([name for name, free in room.pools.items() if free <= 0], handed, of="pool")),
        "keys": json.dumps(_bounds(room.keys, handed, of="concurrency_key")),
        "instances": json.dumps({str(routine): count for routine, count in room.instances.items()}),
        "paused": list(room.paused),
        "priority_below": look.priority_below,
        "limit": look.limit,
    }


def _bounds(taken: Iterable[str], handed: Sequence[Handed], *, of: str) -> dict[str, int]:
    """For each pool or key that is taken: below which priority a candidate may take it from somebody unclaimed."""
    bounds = dict.fromkeys(taken, 0)
    for item in handed:
        name = getattr(item, of)
        if name in bounds:
            bounds[name] = max(bounds[name], item.priority)
    return bounds


def _frees_at(pool: dict[str, Any]) -> datetime | None:
    """When the rate of a pool allows the next start, if that is what holds it back."""
    return datetime.fromisoformat(pool["frees_at"]) if pool["frees_at"] else None


def _handed(item: dict[str, Any]) -> Handed:
    return Handed(
        id=UUID(item["id"]),
        routine_id=UUID(item["routine_id"]),
        queue=item["queue"],
        priority=item["priority"],
        slot=datetime.fromisoformat(item["slot"]),
        pool=item["pool"],
        concurrency_key=item["concurrency_key"],
        backfill_id=UUID(item["backfill_id"]) if item["backfill_id"] else None,
    )


# The planner cannot know how few of the due rows are blocked, takes the conditions for very selective and would read
# and sort the whole backlog in each tick. Without sorting it walks the index in the order of E4 and stops at the limit;
# with generic plans it does not plan anew, over all partitions, in each tick. Such a plan outlives what it was made
# for: a month's partition that was empty then is not read from end to end when it is full. Nobody waits for the disk: a
# hand-out that a crash of PostgreSQL forgets is made again, and an entry sent meanwhile is refused at the claim. All of
# it holds for this transaction only.
_TAKE_TURN: Final = text("""
    SELECT pg_try_advisory_xact_lock(hashtextextended('core.dispatch', 0)),
        set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
        set_config('plan_cache_mode', 'force_generic_plan', true), set_config('synchronous_commit', 'off', true)
""")


# Who could take work, and what is taken. E4's bound on what may be handed out to a queue is twice the free slots of its
# live workers, less what is handed out already. The rate of a pool (E12) counts starts, and what may start at any
# moment, so no window of `rate_seconds` ever holds more than `rate_count` starts.
_ROOM: Final = text("""
    WITH RECURSIVE live AS MATERIALIZED (
        SELECT id, slots, queues FROM core.workers WHERE lease_until > :now AND lost_at IS NULL AND NOT draining
    ), active AS MATERIALIZED (
        SELECT id, routine_id, queue, slot, pool, concurrency_key, status, worker_id, backfill_id,
            CASE WHEN CAST(:ageing AS double precision) > 0 THEN greatest(1, priority - CAST(floor(
                greatest(extract(epoch FROM :now - due_at), 0) / CAST(:ageing AS double precision)) AS integer))
            ELSE priority END AS priority
        FROM core.executions WHERE status IN ('QUEUED', 'RUNNING')
    ), busy AS (
        SELECT worker_id, count(*) AS slots FROM active WHERE status = 'RUNNING' GROUP BY worker_id
    ), supply AS (
        SELECT name AS queue, sum(greatest(live.slots - coalesce(busy.slots, 0), 0)) AS free, sum(live.slots) AS slots
        FROM live CROSS JOIN unnest(live.queues) AS name LEFT JOIN busy ON busy.worker_id = live.id GROUP BY name
    ), handed AS (
        SELECT queue, count(*) AS waiting FROM active WHERE status = 'QUEUED' GROUP BY queue
    ), offered AS (
        SELECT DISTINCT name AS queue, offer.job
        FROM live CROSS JOIN unnest(live.queues) AS name JOIN core.worker_jobs AS offer ON offer.worker_id = live.id
    ), in_use AS (
        SELECT pool, count(*) AS used, count(*) FILTER (WHERE status = 'QUEUED') AS waiting FROM active GROUP BY pool
    ), refill AS (
        (SELECT backfill_id AS id, priority FROM core.executions
         WHERE status IN ('PENDING', 'RECOVERY') AND backfill_id IS NOT NULL ORDER BY backfill_id, priority LIMIT 1)
        UNION ALL
        SELECT following.id, following.priority FROM refill CROSS JOIN LATERAL (
            SELECT backfill_id AS id, priority FROM core.executions
            WHERE status IN ('PENDING', 'RECOVERY') AND backfill_id > refill.id
            ORDER BY backfill_id, priority LIMIT 1) AS following
    )
    SELECT
        (SELECT coalesce(jsonb_object_agg(queue, jsonb_build_object(
            'free', free, 'slots', slots, 'waiting', coalesce(waiting, 0))), '{}')
         FROM supply LEFT JOIN handed USING (queue)) AS supply,
        (SELECT coalesce(jsonb_agg(jsonb_build_array(queue, job)), '[]') FROM offered) AS offered,
        (SELECT coalesce(jsonb_object_agg(name, jsonb_build_object(
            'free', least(slots - coalesce(used, 0), rate_count - coalesce(waiting, 0) - started.n),
            'frees_at', CASE WHEN rate_count - coalesce(waiting, 0) - started.n <= 0
                        THEN started.oldest + make_interval(secs => rate_seconds) END)), '{}')
         FROM core.pools LEFT JOIN in_use ON pool = name
         LEFT JOIN LATERAL (
            SELECT count(*) AS n, min(started_at) AS oldest FROM core.pool_starts AS s
            WHERE s.pool = name AND s.started_at > CAST(:now AS timestamptz) - make_interval(secs => rate_seconds)
         ) AS started ON rate_count IS NOT NULL) AS pools,
        (SELECT coalesce(jsonb_agg(DISTINCT concurrency_key), '[]') FROM active
         WHERE concurrency_key IS NOT NULL) AS keys,
        (SELECT coalesce(jsonb_object_agg(routine_id, instances), '{}')
         FROM (SELECT routine_id, count(*) AS instances FROM active GROUP BY routine_id) AS counted) AS instances,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'routine_id', routine_id, 'queue', queue, 'slot', slot,
            'priority', priority, 'pool', pool, 'concurrency_key', concurrency_key, 'backfill_id', backfill_id)), '[]')
         FROM active WHERE status = 'QUEUED') AS handed,
        (SELECT coalesce(jsonb_object_agg(id, CASE WHEN status = 'ACTIVE' THEN max_active - (
            SELECT count(*) FROM active WHERE backfill_id = b.id) ELSE 0 END), '{}')
         FROM core.backfills AS b WHERE status IN ('ACTIVE', 'PAUSED')) AS backfills,
        (SELECT coalesce(jsonb_object_agg(id, priority), '{}') FROM refill) AS refills,
        (SELECT coalesce(jsonb_agg(id), '[]') FROM core.routines WHERE paused) AS paused,
        (SELECT min(parked_on) FROM core.executions
         WHERE status IN ('PENDING', 'RECOVERY') AND parked_on IS NOT NULL) IS NOT NULL AS parked,
        (SELECT last_turn_at FROM core.dispatch_state) AS last_turn_at,
        (SELECT min(due_at) FROM core.executions
         WHERE status IN ('PENDING', 'RECOVERY') AND due_at > :now) AS next_due_at
""").columns(
    column("supply", JSONB),
    column("offered", JSONB),
    column("pools", JSONB),
    column("keys", JSONB),
    column("instances", JSONB),
    column("handed", JSONB),
    column("backfills", JSONB),
    column("refills", JSONB),
    column("paused", JSONB),
    column("parked", Boolean),
    column("last_turn_at", DateTime(timezone=True)),
    column("next_due_at", DateTime(timezone=True)),
)

# Thousands that wait for a dependency would be looked at in each turn. Those that do so since a while leave the index
# of the ready, each with the edge that it waits for; edges are few, and tell who may be looked at again.
_PARK_HEAD: Final = """
    UPDATE core.executions AS parked SET parked_on = blocked.parked_on
    FROM (
        SELECT e.id, edge.parked_on FROM core.executions AS e CROSS JOIN LATERAL (
            SELECT upstream.routine_id || '|' || upstream.business_date || '|' || upstream.rule AS parked_on
            FROM unnest(e.depends_on, e.upstream_dates, e.upstream_rules) AS upstream (routine_id, business_date, rule)
            WHERE 1 =
"""
_PARK_MIDDLE: Final = " LIMIT 1) AS edge CROSS JOIN LATERAL ("
_PARK_TAIL: Final = """
        ) AS upstream
        WHERE e.status IN ('PENDING', 'RECOVERY') AND e.parked_on IS NULL AND e.due_at <= :blocked_since
          AND e.backfill_id IS NULL AND e.depends_on <> '{}' AND upstream.verdict = 1
        LIMIT :limit FOR UPDATE OF e SKIP LOCKED) AS blocked
    WHERE parked.id = blocked.id
"""
_PARK: Final = text(_PARK_HEAD + EDGE + _PARK_MIDDLE + VERDICT + _PARK_TAIL)

_UNPARK_HEAD: Final = """
    WITH edge AS MATERIALIZED (
        SELECT parked_on, CAST(split_part(parked_on, '|', 1) AS uuid) AS routine_id,
            CAST(split_part(parked_on, '|', 2) AS date) AS business_date, split_part(parked_on, '|', 3) AS rule
        FROM core.executions WHERE status IN ('PENDING', 'RECOVERY') AND parked_on IS NOT NULL GROUP BY parked_on
    ), changed AS MATERIALIZED (
        SELECT parked_on FROM edge AS upstream WHERE 1 <>
"""
_UNPARK_TAIL: Final = """
    )
    UPDATE core.executions SET parked_on = NULL
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.executions
        WHERE status IN ('PENDING', 'RECOVERY') AND parked_on IN (SELECT parked_on FROM changed)
        ORDER BY id FOR UPDATE SKIP LOCKED))
"""
_UNPARK: Final = text(_UNPARK_HEAD + EDGE + _UNPARK_TAIL)

_REMEMBER_TURN: Final = text("""
    INSERT INTO core.dispatch_state (single, last_turn_at) VALUES (true, :now)
    ON CONFLICT (single) DO UPDATE SET last_turn_at = excluded.last_turn_at
""")

_REMEMBER_GAP: Final = text("""
    WITH forgotten AS (DELETE FROM core.dispatch_gaps WHERE ended_at < :forget_before)
    INSERT INTO core.dispatch_gaps (started_at, ended_at) VALUES (:started_at, :ended_at)
    ON CONFLICT (started_at) DO UPDATE SET ended_at = greatest(core.dispatch_gaps.ended_at, excluded.ended_at)
""")

_FORGET_STARTS: Final = text("DELETE FROM core.pool_starts WHERE started_at < :before")

# What a candidate needs beside what it depends on. What arrives as JSON is read once per statement, not once per row,
# in a subquery of its own. A pool or key that is taken lets through what is more urgent than somebody unclaimed who has
# it.
_WAITING: Final = "e.status IN ('PENDING', 'RECOVERY') AND e.parked_on IS NULL AND e.due_at <= :now"
_OFFERED: Final = " AND e.queue || ' ' || e.job = ANY (CAST(:offered AS text[]))"
_ROOM_IN_POOL: Final = " < coalesce(CAST((SELECT CAST(:pools AS jsonb)) ->> e.pool AS integer), 32767))"
_ROOM_FOR_KEY: Final = " < coalesce(CAST((SELECT CAST(:keys AS jsonb)) ->> e.concurrency_key AS integer), 32767))"
_ROOM_FOR_INSTANCE: Final = """
      AND e.max_instances > coalesce(
          CAST((SELECT CAST(:instances AS jsonb)) ->> CAST(e.routine_id AS text) AS integer), 0)
"""
# What a person asked for starts although its routine is paused.
_ALLOWED: Final = """
      AND (e.origin IN ('manual', 'backfill') OR e.routine_id <> ALL (CAST(:paused AS uuid[])))
"""
# Nobody is waited for: whoever changes a backfill goes on to its executions, of which this turn may hold some. What is
# being changed at this moment has no status here.
_HOLD: Final = text("""
    WITH held AS MATERIALIZED (
        SELECT id, status FROM core.backfills WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR SHARE SKIP LOCKED
    )
    SELECT b.id, held.status FROM core.backfills AS b LEFT JOIN held USING (id) WHERE b.id = ANY (CAST(:ids AS uuid[]))
""").columns(column("id", Uuid), column("status", Text))

# Live work is looked at by itself. A backfill with room follows, in queues with a slot to spare.
_LIVE: Final = "e.backfill_id IS NULL"
_REFILL: Final = "e.backfill_id = refill.id"
_SPARE: Final = " AND e.queue = ANY (CAST(:spare AS text[]))"
_PRIORITY: Final = "e.priority"
# Optional ageing (E4): each `ageing` seconds of waiting since it was due lift an execution by one point.
_AGED_PRIORITY: Final = """
    greatest(1, e.priority - CAST(floor(greatest(extract(epoch FROM :now - e.due_at), 0)
                                        / CAST(:ageing AS double precision)) AS integer))
"""
# Met, or it has to be skipped: that is decided when everything else is there, and before it starts.
_DEPENDENCIES_ALLOW: Final = """
      AND (upstream.verdict = 0 OR upstream.verdict > 1 AND e.status = 'PENDING' AND e.attempt = 0)
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
        + _ALLOWED
        + _DEPENDENCIES_ALLOW
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
    column("business_date", Date),
    column("backfill_id", Uuid),
    column("verdict", Integer),
    column("missed", Boolean),
    column("overtaken", Boolean),
)

_FATE: Final = "e.business_date, e.backfill_id, upstream.verdict, " + UNTOUCHED + " AND " + MISSED
_MERGED: Final = ' AS missed, e."coalesce" AND ' + UNTOUCHED
_OVERTAKEN: Final = """
    AND EXISTS (
        SELECT 1 FROM core.executions AS newer
        WHERE newer.routine_id = e.routine_id AND newer.business_date >= e.business_date AND newer.slot > e.slot
          AND newer.status = 'PENDING' AND newer.origin = 'schedule' AND newer.attempt = 0
          AND newer.due_at = newer.slot AND newer.due_at <= :now AND newer.requested_by IS NULL) AS overtaken
    FROM core.executions AS e CROSS JOIN LATERAL (
"""
_CANDIDATES_HEAD: Final = """
    SELECT e.id, e.routine_id, e.queue, e.priority, e.slot, e.pool, e.concurrency_key, e.max_instances,
"""
_CANDIDATES_TAIL: Final = " ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE OF e SKIP LOCKED"
_FROM: Final = _FATE + _MERGED + _OVERTAKEN + VERDICT + ") AS upstream WHERE "


# The candidates of each backfill, and of them the most urgent.
_REFILLS_HEAD: Final = "SELECT again.* FROM unnest(CAST(:refills AS uuid[])) AS refill (id) CROSS JOIN LATERAL ("
_REFILLS_TAIL: Final = ") AS again ORDER BY again.priority, again.slot, again.id LIMIT :limit"


# In the order of E4, straight from the index ix_executions_ready: what cannot start is passed over, nothing is sorted.
def _in_order(whose: str) -> str:
    return _CANDIDATES_HEAD + _FROM + whose + " AND " + _fits(_PRIORITY)


_CANDIDATES: Final = text(_in_order(_LIVE) + _CANDIDATES_TAIL).columns(*_CANDIDATE_COLUMNS)
_REFILL_CANDIDATES: Final = text(
    _REFILLS_HEAD + _in_order(_REFILL) + _SPARE + _CANDIDATES_TAIL + _REFILLS_TAIL
).columns(*_CANDIDATE_COLUMNS)

_AGED_HEAD: Final = """
    WITH RECURSIVE level AS (
        (SELECT e.priority FROM core.executions AS e
         WHERE e.status IN ('PENDING', 'RECOVERY') AND e.parked_on IS NULL AND {whose}
         ORDER BY e.priority, e.slot, e.id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.priority FROM core.executions AS e
                WHERE e.status IN ('PENDING', 'RECOVERY') AND e.parked_on IS NULL AND {whose}
                  AND e.priority > level.priority
                ORDER BY e.priority, e.slot, e.id LIMIT 1)
        FROM level WHERE level.priority IS NOT NULL
    )
    SELECT first.id, first.routine_id, first.queue, first.aged AS priority, first.slot, first.pool,
        first.concurrency_key, first.max_instances, first.business_date,
        first.backfill_id, first.verdict, first.missed, first.overtaken
    FROM level CROSS JOIN LATERAL (
        SELECT e.id, e.routine_id, e.queue, e.slot, e.pool, e.concurrency_key, e.max_instances,
"""
_AGED_TAIL: Final = """
        ORDER BY e.priority, e.slot, e.id LIMIT :limit FOR UPDATE OF e SKIP LOCKED) AS first
    ORDER BY first.aged, first.slot, first.id LIMIT :limit
"""


# With ageing the most urgent are among the first of each priority, and those are few: each is read from the same index.
def _by_age(whose: str) -> str:
    wanted = _AGED_PRIORITY + " AS aged, " + _FROM + whose + " AND e.priority = level.priority AND "
    return _AGED_HEAD.replace("{whose}", whose) + wanted + _fits(_AGED_PRIORITY)


_AGED_CANDIDATES: Final = text(_by_age(_LIVE) + _AGED_TAIL).columns(*_CANDIDATE_COLUMNS)
_AGED_REFILL_CANDIDATES: Final = text(_REFILLS_HEAD + _by_age(_REFILL) + _SPARE + _AGED_TAIL + _REFILLS_TAIL).columns(
    *_CANDIDATE_COLUMNS
)

_QUEUE: Final = text("""
    UPDATE core.executions
    SET status = :target, queued_at = :now, sent_count = 1, worker_id = NULL, lease_until = NULL, updated_at = :now
    WHERE id = ANY (CAST(:ids AS uuid[])) AND status = ANY (CAST(:sources AS text[]))
    RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent,
        queue, priority
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
