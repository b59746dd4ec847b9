"""Queries on the queue's table. They only read; whatever changes an execution is in the module `executions`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    REAL,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import PLAN_ONCE
from core_api.modules.executions.public import first_id

_SLOTS_AHEAD: Final = timedelta(minutes=1)
"""Slots of many runs that are asked for at once are counted on from that instant."""
_INSTANT: Final = DateTime(timezone=True)
_E: Final = table(
    "executions",
    column("id", Uuid),
    column("routine_id", Uuid),
    column("routine_name", Text),
    column("title", Text),
    column("job", Text),
    column("params", JSONB),
    column("tags", ARRAY(Text)),
    column("business_date", Date),
    column("slot", _INSTANT),
    column("origin", Text),
    column("status", Text),
    column("reason", Text),
    column("reason_context", JSONB),
    column("priority", SmallInteger),
    column("queue", Text),
    column("pool", Text),
    column("concurrency_key", Text),
    column("max_instances", Integer),
    column("attempt", Integer),
    column("failures", Integer),
    column("max_attempts", Integer),
    column("recoveries", Integer),
    column("max_recoveries", Integer),
    column("timeout_seconds", Integer),
    column("due_at", _INSTANT),
    column("queued_at", _INSTANT),
    column("started_at", _INSTANT),
    column("finished_at", _INSTANT),
    column("worker_id", Text),
    column("progress", REAL),
    column("progress_message", Text),
    column("eta_at", _INSTANT),
    column("result", JSONB),
    column("warnings", JSONB),
    column("error", JSONB),
    column("depends_on", ARRAY(Uuid)),
    column("cancel_requested_by", Text),
    column("requested_by", Text),
    column("backfill_id", Uuid),
    column("cause", JSONB),
    column("correlation_id", Text),
    column("created_at", _INSTANT),
    column("updated_at", _INSTANT),
    schema="core",
)
_R: Final = table(
    "routines",
    column("id", Uuid),
    column("name", Text),
    column("title", Text),
    column("job", Text),
    column("tags", ARRAY(Text)),
    schema="core",
)

FEW_ROUTINES: Final = 50
"""Up to so many routines are followed one by one; of more, one is met soon wherever one looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; nothing given means everything."""

    business_date: date | None = None
    statuses: tuple[str, ...] = ()
    routine_id: UUID | None = None
    backfill_id: UUID | None = None
    search: str | None = None
    tag: str | None = None
    reason: str | None = None
    jobs: tuple[str, ...] = ()
    """Beginnings of names of jobs; only with a business date."""


@dataclass(frozen=True, slots=True)
class Position:
    """The sort key of a page's last row."""

    slot: datetime
    priority: int
    id: UUID


class QueueRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, wanted: Filter, *, after: Position | None, limit: int) -> list[Row[Any]]:
        """A day in the order in which it happens; without a day the newest first."""
        await self._session.execute(PLAN_ONCE)
        if wanted.business_date is not None:
            query = _day_page(wanted, after=after, limit=limit)
        elif wanted.backfill_id is not None:
            query = _backfill_page(wanted, routines=await self._routines(wanted), after=after, limit=limit)
        elif wanted.reason is not None:
            query = _reason_page(wanted, before=after.id if after is not None else None, limit=limit)
        else:
            routines = await self._routines(wanted)
            before = after.id if after is not None else None
            query = _newest_page(wanted.statuses, routines=routines, before=before, limit=limit)
        return list((await self._session.execute(query)).all())

    async def _routines(self, wanted: Filter) -> list[UUID] | None:
        """Whose executions are wanted; nothing when it is everybody's.

        A search goes by what routines are called now: executions would have to be read one by one.
        """
        if not wanted.search and not wanted.tag:
            return None if wanted.routine_id is None else [wanted.routine_id]
        query = select(_R.c.id)
        if wanted.search:
            query = query.where(_found(_R, wanted.search))
        if wanted.tag:
            query = query.where(any_(_R.c.tags) == wanted.tag)
        if wanted.routine_id is not None:
            query = query.where(_R.c.id == wanted.routine_id)
        return list((await self._session.scalars(query)).all())

    async def get(self, execution_id: UUID) -> Row[Any] | None:
        return (await self._session.execute(select(_E).where(_E.c.id == execution_id))).one_or_none()

    async def facts(self, ids: Sequence[UUID], *, now: datetime) -> dict[UUID, Row[Any]]:
        """What the dispatcher's conditions say about these executions: one query for a page."""
        rows = await self._session.execute(_FACTS, {"ids": list(ids), "now": now})
        return {row.id: row for row in rows}

    async def counts(self, business_date: date) -> dict[str, int]:
        rows = await self._session.execute(_COUNTS, {"business_date": business_date})
        return {row.status: row.n for row in rows}

    async def next_due(self, business_date: date, *, now: datetime) -> datetime | None:
        """When the next waiting execution of a day falls due."""
        found: datetime | None = await self._session.scalar(_NEXT_DUE, {"business_date": business_date, "now": now})
        return found

    async def running_by_worker(self) -> dict[str, int]:
        return {row.worker_id: row.n for row in await self._session.execute(_RUNNING)}

    async def queue_states(self, *, now: datetime) -> list[Row[Any]]:
        return list((await self._session.execute(_QUEUE_STATES, {"now": now})).all())

    async def start_delays(self, *, since: datetime, now: datetime) -> Row[Any]:
        parameters = {"since": since, "first": first_id(since), "last": first_id(now + _SLOTS_AHEAD)}
        return (await self._session.execute(_START_DELAYS, parameters)).one()


def _day_page(wanted: Filter, *, after: Position | None, limit: int) -> Select[Any]:
    """A business date from `ix_executions_day`: each partition is asked, and answers in the order of the page."""
    key = (_E.c.slot, _E.c.priority, _E.c.id)
    query = select(_E).where(_E.c.business_date == wanted.business_date)
    if wanted.statuses:
        query = query.where(_E.c.status.in_(wanted.statuses))
    if wanted.routine_id is not None:
        query = query.where(_E.c.routine_id == wanted.routine_id)
    if wanted.backfill_id is not None:
        query = query.where(_E.c.backfill_id == wanted.backfill_id)
    if wanted.search:
        query = query.where(_found(_E, wanted.search))
    if wanted.tag:
        query = query.where(any_(_E.c.tags) == wanted.tag)
    if wanted.reason is not None:
        query = query.where(_E.c.reason == wanted.reason)
    if wanted.jobs:
        query = query.where(or_(*(_E.c.job.startswith(one, autoescape=True) for one in wanted.jobs)))
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(after.slot, after.priority, after.id))
    return query.order_by(*key).limit(_literal(limit))


def _backfill_page(
    wanted: Filter, *, routines: Sequence[UUID] | None, after: Position | None, limit: int
) -> Select[Any]:
    """One backfill from `ix_executions_backfill`, the newest slots first."""
    query = select(_E).where(_E.c.backfill_id == wanted.backfill_id)
    if wanted.statuses:
        query = query.where(_E.c.status.in_(wanted.statuses))
    if routines is not None:
        query = query.where(_E.c.routine_id == any_(_uuids(routines)))
    if wanted.reason is not None:
        query = query.where(_E.c.reason == wanted.reason)
    return _before(query, after.id if after is not None else None, limit=limit)


def _reason_page(wanted: Filter, *, before: UUID | None, limit: int) -> Select[Any]:
    """What ended for one reason, from `ix_executions_reason`: the quarantine, what was skipped and why."""
    # As in `_shelf_page`: with the statuses as parameters no plan could use the index.
    unwell = tuple(one for one in _UNWELL if not wanted.statuses or one in wanted.statuses)
    on_shelf = _E.c.status.in_(bindparam(None, unwell, expanding=True, literal_execute=True))
    query = select(_E).where(_E.c.reason == wanted.reason, on_shelf)
    if wanted.routine_id is not None:
        query = query.where(_E.c.routine_id == wanted.routine_id)
    if wanted.search:
        query = query.where(_found(_E, wanted.search))
    if wanted.tag:
        query = query.where(any_(_E.c.tags) == wanted.tag)
    return _before(query, before, limit=limit)


def _newest_page(
    statuses: Sequence[str], *, routines: Sequence[UUID] | None, before: UUID | None, limit: int
) -> Select[Any]:
    """The newest slots first: ids begin with the slot's time. Each shelf gives a page from an index of its own."""
    if not statuses and routines is None:
        return _before(select(_E), before, limit=limit)
    shelves = _ALL_SHELVES if routines is None or len(routines) > FEW_ROUTINES else _ROUTINE_SHELVES
    chosen = [tuple(one for one in shelf if not statuses or one in statuses) for shelf in shelves]
    pages = [_shelf_page(shelf, routines=routines, before=before, limit=limit) for shelf in chosen if shelf]
    ids = union_all(*pages).subquery()
    newest = select(ids.c.id).order_by(ids.c.id.desc()).limit(_literal(limit)).scalar_subquery()
    return select(_E).where(_E.c.id == any_(func.array(newest, type_=ARRAY(Uuid)))).order_by(_E.c.id.desc())


def _shelf_page(
    shelf: tuple[str, ...], *, routines: Sequence[UUID] | None, before: UUID | None, limit: int
) -> Select[Any]:
    # Statuses stand in the statement itself: a plan for any status could not use the index of some.
    on_shelf = _E.c.status.in_(bindparam(None, shelf, expanding=True, literal_execute=True))
    query = _before(select(_E.c.id).where(on_shelf), before, limit=limit)
    if routines is None:
        return select(query.subquery().c.id)
    if not set(shelf) <= set(_OVER) or len(routines) > FEW_ROUTINES:
        return select(query.where(_E.c.routine_id == any_(_uuids(routines))).subquery().c.id)
    if len(routines) == 1:
        return select(query.where(_E.c.routine_id == routines[0]).subquery().c.id)
    wanted = func.unnest(_uuids(routines)).table_valued("routine_id").render_derived(name="wanted")
    each = query.where(_E.c.routine_id == wanted.c.routine_id).correlate(wanted).lateral()
    return select(each.c.id).select_from(wanted.join(each, true()))


def _before(query: Select[Any], before: UUID | None, *, limit: int) -> Select[Any]:
    return (query if before is None else query.where(_E.c.id < before)).order_by(_E.c.id.desc()).limit(_literal(limit))


def _literal(limit: int) -> BindParameter[int]:
    """A limit that stands in the statement: a plan for any number of rows would be one for many."""
    return bindparam(None, limit, type_=Integer, literal_execute=True)


def _uuids(values: Sequence[UUID]) -> ColumnElement[Any]:
    return cast(list(values), ARRAY(Uuid))


def _found(names: FromClause, search: str) -> ColumnElement[bool]:
    columns = (names.c["routine_name"] if "routine_name" in names.c else names.c["name"], names.c.title, names.c.job)
    return or_(*(one.icontains(search, autoescape=True) for one in columns))


_WAITING: Final = ("PENDING", "RECOVERY")
_ACTIVE: Final = ("QUEUED", "RUNNING")
_UNWELL: Final = ("FAILED", "CANCELLED", "SKIPPED")
_OVER: Final = ("SUCCEEDED", *_UNWELL)
_ALL_SHELVES: Final = (_WAITING, _ACTIVE, _UNWELL, ("SUCCEEDED",))
_ROUTINE_SHELVES: Final = (_WAITING, _ACTIVE, _OVER)
"""Statuses that an index serves together: `ix_executions_due`, `_active`, `_unwell`, the key; `_over` by routine."""

# The same conditions as the dispatcher's candidates, told instead of filtered by; a test compares the two.
_FACTS: Final = text("""
    WITH live AS MATERIALIZED (
        SELECT id, slots, queues FROM core.workers WHERE lease_until > :now AND lost_at IS NULL AND NOT draining
    ), active AS MATERIALIZED (
        SELECT routine_id, routine_name, queue, pool, concurrency_key, backfill_id, status, worker_id
        FROM core.executions WHERE status IN ('QUEUED', 'RUNNING')
    )
    SELECT e.id,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('routine_id', upstream.routine_id, 'name', last.routine_name,
                'status', coalesce(last.status, 'MISSING'), 'business_date', upstream.business_date)), '[]')
         FROM unnest(e.depends_on, e.upstream_dates, e.upstream_rules) AS upstream (routine_id, business_date, rule)
         LEFT JOIN LATERAL (
            SELECT u.status, u.routine_name FROM core.executions AS u
            WHERE u.routine_id = upstream.routine_id AND u.business_date = upstream.business_date
              AND NOT (u.status = 'PENDING' AND u.attempt = 0 AND u.due_at > :now)
            ORDER BY u.slot DESC, u.created_at DESC LIMIT 1) AS last ON true
         WHERE CASE coalesce(last.status, 'MISSING')
            WHEN 'SUCCEEDED' THEN false
            WHEN 'FAILED' THEN split_part(upstream.rule, ' ', 1) <> 'run'
            WHEN 'CANCELLED' THEN split_part(upstream.rule, ' ', 1) <> 'run'
            WHEN 'SKIPPED' THEN split_part(upstream.rule, ' ', 2) <> 'run'
            ELSE true END) AS unmet,
        e.origin NOT IN ('manual', 'backfill')
            AND EXISTS (SELECT 1 FROM core.routines AS r WHERE r.id = e.routine_id AND r.paused) AS paused,
        EXISTS (SELECT 1 FROM live JOIN core.worker_jobs AS offer ON offer.worker_id = live.id
                WHERE e.queue = ANY (live.queues) AND offer.job = e.job) AS offered,
        p.slots AS pool_slots,
        p.slots - (SELECT count(*) FROM active WHERE active.pool = p.name) AS pool_free,
        (SELECT jsonb_build_object('rate_count', p.rate_count, 'rate_seconds', p.rate_seconds,
                'at', coalesce(min(s.started_at), :now) + make_interval(secs => p.rate_seconds))
         FROM core.pool_starts AS s
         WHERE s.pool = p.name AND s.started_at > CAST(:now AS timestamptz) - make_interval(secs => p.rate_seconds)
         HAVING count(*) + (SELECT count(*) FROM active WHERE active.pool = p.name AND active.status = 'QUEUED')
             >= p.rate_count) AS rate,
        (SELECT active.routine_name FROM active WHERE active.concurrency_key = e.concurrency_key LIMIT 1) AS key_holder,
        (SELECT count(*) FROM active WHERE active.routine_id = e.routine_id) AS instances,
        (SELECT jsonb_build_object('name', b.name, 'status', b.status, 'max_active', b.max_active,
                'active', (SELECT count(*) FROM active WHERE active.backfill_id = b.id),
                'spare', (SELECT sum(live.slots) <= 1 OR sum(greatest(live.slots - (
                        SELECT count(*) FROM active WHERE status = 'RUNNING' AND worker_id = live.id), 0))
                        - (SELECT count(*) FROM active WHERE status = 'QUEUED' AND active.queue = e.queue) >= 2
                    FROM live WHERE e.queue = ANY (live.queues)))
         FROM core.backfills AS b WHERE b.id = e.backfill_id AND b.status IN ('ACTIVE', 'PAUSED')) AS backfill
    FROM core.executions AS e LEFT JOIN core.pools AS p ON p.name = e.pool
    WHERE e.id = ANY (CAST(:ids AS uuid[]))
""").columns(
    column("id", Uuid),
    column("unmet", JSONB),
    column("paused", Boolean),
    column("offered", Boolean),
    column("pool_slots", Integer),
    column("pool_free", Integer),
    column("rate", JSONB),
    column("key_holder", Text),
    column("instances", Integer),
    column("backfill", JSONB),
)

_COUNTS: Final = text("""
    SELECT status, count(*) AS n FROM core.executions WHERE business_date = :business_date GROUP BY status
""")

_NEXT_DUE: Final = text("""
    SELECT min(due_at) FROM core.executions
    WHERE business_date = :business_date AND status IN ('PENDING', 'RECOVERY') AND due_at > :now
""").columns(column("due_at", _INSTANT))

_RUNNING: Final = text("""
    SELECT worker_id, count(*) AS n FROM core.executions WHERE status = 'RUNNING' GROUP BY worker_id
""")

_QUEUE_STATES: Final = text("""
    WITH live AS (
        SELECT id, slots, queues FROM core.workers WHERE lease_until > :now AND lost_at IS NULL AND NOT draining
    ), waiting AS (
        SELECT queue, count(*) AS due, min(due_at) AS oldest FROM core.executions
        WHERE status IN ('PENDING', 'RECOVERY') AND due_at <= :now GROUP BY queue
    ), active AS (
        SELECT queue, count(*) FILTER (WHERE status = 'QUEUED') AS queued,
            count(*) FILTER (WHERE status = 'RUNNING') AS running
        FROM core.executions WHERE status IN ('QUEUED', 'RUNNING') GROUP BY queue
    ), supply AS (
        SELECT name AS queue, count(*) AS workers, sum(slots) AS slots
        FROM live CROSS JOIN unnest(queues) AS name GROUP BY name
    )
    SELECT queue, coalesce(workers, 0) AS workers, coalesce(slots, 0) AS slots, coalesce(queued, 0) AS queued,
        coalesce(running, 0) AS running, coalesce(due, 0) AS due, oldest AS oldest_due_at
    FROM supply FULL JOIN active USING (queue) FULL JOIN waiting USING (queue)
    ORDER BY queue
""").columns(
    column("queue", Text),
    column("workers", Integer),
    column("slots", Integer),
    column("queued", Integer),
    column("running", Integer),
    column("due", Integer),
    column("oldest_due_at", _INSTANT),
)

# Of first attempts only: a retry's or a recovery's waiting time says something else. The newest first, by their key.
_START_DELAYS: Final = text("""
    SELECT count(*) AS starts,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY delay) AS p50,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY delay) AS p99
    FROM (
        SELECT extract(epoch FROM started_at - due_at) AS delay FROM core.executions
        WHERE id >= CAST(:first AS uuid) AND id < CAST(:last AS uuid)
          AND attempt = 1 AND started_at >= :since AND status NOT IN ('PENDING', 'RECOVERY')
        ORDER BY id DESC LIMIT 1000) AS recent
""")
