"""What the watchdog asks the tables, one set-based query per question. Nothing here writes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Float, Integer, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.executions.public import VERDICT
from core_api.modules.watchdog.schemas import RunTrouble, Unserved

MOST_FINDINGS: Final = 2000
"""Per look; the rest is found by the next ones."""


class WatchRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def failed(self, *, since: datetime) -> list[RunTrouble]:
        """Runs that failed for good and were not counted yet, by routine and business date."""
        return await self._troubles(_FAILED, since=since)

    async def failed_no_more(self) -> list[UUID]:
        """Open incidents of failures after which a run succeeded, or of which nothing is left that could."""
        return list(await self._session.scalars(_FAILED_NO_MORE))

    async def not_started(self, *, due_before: datetime, now: datetime) -> list[RunTrouble]:
        """Runs that are due, wait for no other routine, and have not started; without an open incident yet."""
        return await self._troubles(_NOT_STARTED, due_before=due_before, now=now)

    async def not_started_no_more(self, *, due_before: datetime) -> list[UUID]:
        return list(await self._session.scalars(_NOT_STARTED_NO_MORE, {"due_before": due_before}))

    async def recovered_often(self, *, from_date: date, finished_after: datetime) -> list[RunTrouble]:
        """Runs whose workers were lost again and again: still under way, given up, or over a moment ago."""
        return await self._troubles(_RECOVERED_OFTEN, from_date=from_date, finished_after=finished_after)

    async def recovered_often_no_more(self) -> list[UUID]:
        return list(await self._session.scalars(_RECOVERED_OFTEN_NO_MORE))

    async def unserved(self, *, now: datetime) -> list[Unserved]:
        """Queues with due work that no live worker offers to do."""
        return [Unserved(*row) for row in await self._session.execute(_UNSERVED, {"now": now})]

    async def oldest_outbox_seconds(self, *, now: datetime) -> float | None:
        """How long the oldest entry has waited for Redis."""
        age: float | None = await self._session.scalar(_OLDEST_OUTBOX, {"now": now})
        return age

    async def _troubles(self, statement: Any, **parameters: Any) -> list[RunTrouble]:
        rows = await self._session.execute(statement, {**parameters, "limit": MOST_FINDINGS})
        return [RunTrouble(*row) for row in rows]


_TROUBLE: Final[Sequence[Any]] = (
    column("routine_id", Uuid),
    column("routine_name", Text),
    column("title", Text),
    column("business_date", Date),
    column("newest", Uuid),
    column("tags", ARRAY(Text)),
    column("runs", Integer),
    column("at", DateTime(timezone=True)),
    column("details", JSONB),
)

# What finished since then was changed since then: that is what the index of ended runs knows.
_FAILED: Final = text("""
    SELECT DISTINCT ON (run.routine_id, run.business_date)
        run.routine_id, run.routine_name, run.title, run.business_date, run.id AS newest, run.tags,
        count(*) OVER day AS runs, run.finished_at AS at,
        jsonb_build_object('error_code', run.error ->> 'code', 'error_message', left(run.error ->> 'message', 500),
            'attempt', run.attempt, 'reason', run.reason, 'origin', run.origin) AS details
    FROM core.executions AS run
    LEFT JOIN core.incidents AS i
        ON i.dedup_key = 'FAILED:routine:' || run.routine_id || ':' || run.business_date
    WHERE run.status = 'FAILED' AND run.finished_at > :since AND run.updated_at > :since
      AND (i.id IS NULL OR run.finished_at > i.last_event_at)
    WINDOW day AS (PARTITION BY run.routine_id, run.business_date)
    ORDER BY run.routine_id, run.business_date, run.finished_at DESC
    LIMIT :limit
""").columns(*_TROUBLE)

_FAILED_NO_MORE: Final = text("""
    SELECT i.id FROM core.incidents AS i
    WHERE i.kind = 'FAILED' AND i.resolved_at IS NULL
      AND (EXISTS (
            SELECT 1 FROM core.executions AS run
            WHERE run.routine_id = i.routine_id AND run.business_date = i.business_date
              AND run.status = 'SUCCEEDED' AND run.finished_at >= i.last_event_at)
        OR NOT EXISTS (
            SELECT 1 FROM core.executions AS run
            WHERE run.routine_id = i.routine_id AND run.business_date = i.business_date
              AND run.status NOT IN ('SUCCEEDED', 'CANCELLED', 'SKIPPED')))
""").columns(column("id", Uuid))

# What waits for another routine is not reported here: what holds it up is, and deadlines are kept by their own rule.
# Backfills wait for their turn by nature. Two halves, since each has an index that holds only its rows.
_WAITING_RUNS: Final = """
    WITH run AS MATERIALIZED (
        SELECT id, routine_id, routine_name, title, business_date, tags, due_at, status, queue, job, depends_on,
            upstream_dates, upstream_rules
        FROM core.executions
        WHERE status IN ('PENDING', 'RECOVERY') AND due_at <= :due_before AND attempt = 0 AND origin <> 'backfill'
        UNION ALL
        SELECT id, routine_id, routine_name, title, business_date, tags, due_at, status, queue, job, depends_on,
            upstream_dates, upstream_rules
        FROM core.executions
        WHERE status = 'QUEUED' AND due_at <= :due_before AND attempt = 0 AND origin <> 'backfill'
    )
    SELECT DISTINCT ON (e.routine_id, e.business_date)
        e.routine_id, e.routine_name, e.title, e.business_date, e.id AS newest, e.tags,
        count(*) OVER day AS runs, e.due_at AS at,
        jsonb_build_object('due_at', e.due_at, 'status', e.status, 'queue', e.queue, 'job', e.job) AS details
    FROM run AS e
    WHERE NOT EXISTS (
        SELECT 1 FROM core.incidents AS i
        WHERE i.dedup_key = 'NOT_STARTED:routine:' || e.routine_id || ':' || e.business_date AND i.resolved_at IS NULL)
      AND 0 = (
"""
_NOT_REPORTED_YET: Final = """)
    WINDOW day AS (PARTITION BY e.routine_id, e.business_date)
    ORDER BY e.routine_id, e.business_date, e.due_at
    LIMIT :limit
"""
_NOT_STARTED: Final = text(_WAITING_RUNS + VERDICT + _NOT_REPORTED_YET).columns(*_TROUBLE)

_NOT_STARTED_NO_MORE: Final = text("""
    SELECT i.id FROM core.incidents AS i
    WHERE i.kind = 'NOT_STARTED' AND i.resolved_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM core.executions AS run
        WHERE run.routine_id = i.routine_id AND run.business_date = i.business_date
          AND run.status IN ('PENDING', 'RECOVERY', 'QUEUED') AND run.attempt = 0 AND run.due_at <= :due_before
          AND run.origin <> 'backfill')
""").columns(column("id", Uuid))

# Twice, as a literal: the index holds only rows with so many, and a parameter would not be known to mean them.
_RECOVERED_OFTEN: Final = text("""
    SELECT DISTINCT ON (run.routine_id, run.business_date)
        run.routine_id, run.routine_name, run.title, run.business_date, run.id AS newest, run.tags,
        run.recoveries AS runs, coalesce(run.started_at, run.due_at) AS at,
        jsonb_build_object('recoveries', run.recoveries, 'max_recoveries', run.max_recoveries, 'status', run.status,
            'quarantined', run.status = 'FAILED') AS details
    FROM core.executions AS run
    WHERE run.recoveries >= 2 AND run.business_date >= :from_date
      AND (run.status NOT IN ('SUCCEEDED', 'CANCELLED', 'SKIPPED', 'FAILED') OR run.finished_at > :finished_after)
      AND NOT EXISTS (
        SELECT 1 FROM core.incidents AS i
        WHERE i.dedup_key = 'RECOVERED_OFTEN:routine:' || run.routine_id || ':' || run.business_date
          AND (i.resolved_at IS NULL OR i.last_event_at >= coalesce(run.started_at, run.due_at)))
    ORDER BY run.routine_id, run.business_date, run.recoveries DESC
    LIMIT :limit
""").columns(*_TROUBLE)

_RECOVERED_OFTEN_NO_MORE: Final = text("""
    SELECT i.id FROM core.incidents AS i
    WHERE i.kind = 'RECOVERED_OFTEN' AND i.resolved_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM core.executions AS run
        WHERE run.routine_id = i.routine_id AND run.business_date = i.business_date
          AND run.recoveries >= 2 AND run.status NOT IN ('SUCCEEDED', 'CANCELLED', 'SKIPPED'))
""").columns(column("id", Uuid))

# Who could have done it, and when one of them was last heard of: a worker that was lost keeps its row for a week.
_UNSERVED: Final = text("""
    WITH due AS (
        SELECT queue, job, count(*) AS runs, min(due_at) AS oldest
        FROM core.executions
        WHERE status IN ('PENDING', 'RECOVERY') AND due_at <= :now
        GROUP BY queue, job
    ), able AS (
        SELECT served AS queue, offer.job, max(w.last_heartbeat_at) AS last_seen_at,
            bool_or(w.lost_at IS NULL AND w.lease_until > :now AND NOT w.draining) AS live
        FROM core.workers AS w CROSS JOIN unnest(w.queues) AS served
        JOIN core.worker_jobs AS offer ON offer.worker_id = w.id
        GROUP BY served, offer.job
    )
    SELECT due.queue, array_agg(due.job ORDER BY due.job) AS jobs, CAST(sum(due.runs) AS integer) AS runs,
        min(due.oldest) AS oldest_due_at, max(able.last_seen_at) AS last_capable_at
    FROM due LEFT JOIN able USING (queue, job)
    WHERE able.live IS NOT TRUE
    GROUP BY due.queue
""").columns(
    column("queue", Text),
    column("jobs", ARRAY(Text)),
    column("runs", Integer),
    column("oldest_due_at", DateTime(timezone=True)),
    column("last_capable_at", DateTime(timezone=True)),
)

_OLDEST_OUTBOX: Final = text("""
    SELECT CAST(extract(epoch FROM CAST(:now AS timestamptz) - created_at) AS double precision) AS seconds
    FROM core.outbox ORDER BY id LIMIT 1
""").columns(column("seconds", Float))
