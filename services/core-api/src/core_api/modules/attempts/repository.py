"""The statements on attempts and log lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Integer, SmallInteger, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import LOG_CHANNEL, OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.inputs import storable_json
from core_api.modules.attempts.schemas import AttemptState, LogPosition
from core_api.modules.executions.public import (
    IDENTITY_COLUMNS,
    Held,
    Move,
    Settlement,
    Started,
    bind,
    sources_of,
    target_of,
)
from shared_schemas.jobs import LogLine

_NAMES: Final = 200
"""Ids in one notification, which PostgreSQL limits to 8,000 bytes."""


class RunRepository:
    """Attempts begin and end; only the holder of the current attempt gets through."""

    def __init__(self, session: AsyncSession, *, ageing_seconds: float = 0) -> None:
        self._session = session
        self._ageing_seconds = ageing_seconds

    async def claim(
        self, count: int, *, worker_id: str, now: datetime, lease_until: datetime
    ) -> tuple[list[Started], bool]:
        """Starts an attempt of the `count` most urgent executions that this worker can run, in the order of E4.

        Also tells whether the worker serves several queues.
        """
        parameters = bind(
            Move.CLAIM, limit=count, worker_id=worker_id, now=now, lease_until=lease_until, channel=OUTBOX_CHANNEL
        )
        if self._ageing_seconds > 0:
            result = await self._session.execute(_CLAIM_AGED, {**parameters, "ageing": self._ageing_seconds})
        else:
            result = await self._session.execute(_CLAIM, parameters)
        rows = result.all()
        return [Started(*row[:-2]) for row in rows], any(row.several for row in rows)

    async def waking(self, ids: Sequence[UUID]) -> list[Row[Any]]:
        """Where the executions stand whose entries woke a worker: id, queue, priority and status, in order of E4."""
        return list((await self._session.execute(_WAKING, {"ids": list(ids)})).all())

    async def hold(self, ids: Sequence[UUID]) -> list[Held]:
        return [Held(*row) for row in await self._session.execute(_HOLD, {"ids": list(ids)})]

    async def hold_expired(self, *, now: datetime, limit: int) -> list[Held]:
        return [Held(*row) for row in await self._session.execute(_HOLD_EXPIRED, {"now": now, "limit": limit})]

    async def settle(self, ended: Sequence[tuple[Settlement, str]], *, now: datetime) -> int:
        """Ends attempts with their outcomes, and moves their executions; returns how many of those it moved.

        Wakes readers of the logs; and dispatcher and relay, since there is room again and what depends on these may be
        ready.
        """
        ids = [str(settlement.execution_id) for settlement, _ in ended]
        named = [",".join(ids[start : start + _NAMES]) for start in range(0, len(ids), _NAMES)]
        parameters = {
            "rows": storable_json([_settled(settlement, outcome) for settlement, outcome in ended]),
            "ids": ids,
            "now": now,
            "channels": [LOG_CHANNEL] * len(named) + [WAKE_CHANNEL, OUTBOX_CHANNEL],
            "payloads": [*named, "", ""],
        }
        return int(await self._session.scalar(_SETTLE, parameters) or 0)

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


class AttemptRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def states(self, ids: Sequence[UUID], attempts: Sequence[int]) -> dict[tuple[UUID, int], AttemptState]:
        rows = await self._session.execute(_STATES, {"ids": list(ids), "attempts": list(attempts)})
        return {(row.execution_id, row.attempt): AttemptState(*row) for row in rows}

    async def listing(self, execution_id: UUID) -> list[Row[Any]]:
        return list((await self._session.execute(_LISTING, {"id": execution_id})).all())


class LogRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def append(self, lines: Sequence[LogLine], *, messages: Sequence[str], fields: Sequence[str]) -> None:
        parameters = {
            "ids": [line.execution_id for line in lines],
            "attempts": [line.attempt for line in lines],
            "seqs": [line.seq for line in lines],
            "ats": [line.at for line in lines],
            "levels": [line.level.value for line in lines],
            "messages": list(messages),
            "fields": list(fields),
        }
        await self._session.execute(_APPEND, parameters)

    async def announce(self, execution_ids: Sequence[UUID]) -> None:
        """Wakes the readers of these executions' logs when the transaction commits."""
        payloads = sorted({str(one) for one in execution_ids})  # a batch of lines is of few executions
        await self._session.execute(_ANNOUNCE, {"channel": LOG_CHANNEL, "payloads": payloads})

    async def page(self, execution_id: UUID, *, after: LogPosition, attempt: int | None, limit: int) -> list[Row[Any]]:
        parameters = {
            "id": execution_id,
            "after_attempt": after.attempt,
            "after_seq": after.seq,
            "only": attempt,
            "limit": limit,
        }
        await self._session.execute(_FROM_THE_INDEX)
        return list((await self._session.execute(_PAGE, parameters)).all())


def _settled(settlement: Settlement, outcome: str) -> dict[str, Any]:
    def instant(value: datetime | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "id": str(settlement.execution_id),
        "attempt": settlement.attempt,
        "sources": sources_of(settlement.move),
        "target": target_of(settlement.move),
        "outcome": outcome,
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


_STARTED_COLUMNS: Final = (
    *IDENTITY_COLUMNS,
    column("params", JSONB),
    column("timeout_seconds", Integer),
    column("max_attempts", Integer),
    column("recoveries", Integer),
    column("worker_id", Text),
    column("cancel_grace_seconds", Integer),
    column("queue", Text),
    column("priority", SmallInteger),
    column("due_at", DateTime(timezone=True)),
    column("started_at", DateTime(timezone=True)),
)

# E4 at the claim: the most urgent of what the worker can run, whichever entries woke it. A row that somebody else holds
# is being claimed or cancelled at this moment and is passed over. Attempts begin and the relay is woken by the same
# statement: every round trip of a claim is time before a run's start.
_CLAIM_HEAD: Final = """
    WITH worker AS MATERIALIZED (
        SELECT queues, ARRAY(SELECT job FROM core.worker_jobs WHERE worker_id = w.id) AS jobs
        FROM core.workers AS w WHERE id = :worker_id AND lost_at IS NULL
    ), claimed AS (
        UPDATE core.executions
        SET status = :target, attempt = attempt + 1, worker_id = :worker_id, lease_until = :lease_until,
            started_at = :now, finished_at = NULL, progress = NULL, progress_message = NULL, eta_at = NULL,
            error = NULL, updated_at = :now
        WHERE status = ANY (CAST(:sources AS text[])) AND id = ANY (ARRAY(
            SELECT e.id FROM core.executions AS e
            WHERE e.status = 'QUEUED' AND e.queue = ANY (ARRAY(SELECT unnest(queues) FROM worker))
              AND e.job = ANY (ARRAY(SELECT unnest(jobs) FROM worker))
"""
_CLAIM_TAIL: Final = """ e.slot, e.id LIMIT :limit
            FOR UPDATE OF e SKIP LOCKED))
        RETURNING id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id,
            traceparent, params,
            timeout_seconds, max_attempts, recoveries, worker_id, cancel_grace_seconds, queue, priority,
            due_at, started_at, pool
    ), counted AS (
        INSERT INTO core.pool_starts (execution_id, attempt, pool, started_at)
        SELECT c.id, c.attempt, c.pool, c.started_at
        FROM claimed AS c JOIN core.pools AS p ON p.name = c.pool WHERE p.rate_count IS NOT NULL
    ), begun AS (
        INSERT INTO core.attempts (execution_id, attempt, worker_id, started_at)
        SELECT id, attempt, worker_id, started_at FROM claimed
    )
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent, params,
        timeout_seconds, max_attempts, recoveries, worker_id, cancel_grace_seconds, queue, priority,
        due_at, started_at,
        (SELECT cardinality(queues) > 1 FROM worker) AS several, pg_notify(:channel, '') IS NULL AS told
    FROM claimed ORDER BY priority, slot, id
"""
_CLAIM_COLUMNS: Final = (*_STARTED_COLUMNS, column("several", Boolean), column("told", Boolean))
_CLAIM: Final = text(_CLAIM_HEAD + " ORDER BY e.priority," + _CLAIM_TAIL).columns(*_CLAIM_COLUMNS)

# Optional ageing: each `ageing` seconds of waiting since it was due lift an execution by one point.
_BY_AGE: Final = """
            ORDER BY greatest(1, e.priority - CAST(floor(greatest(extract(epoch FROM :now - e.due_at), 0)
                / CAST(:ageing AS double precision)) AS integer)),
"""
_CLAIM_AGED: Final = text(_CLAIM_HEAD + _BY_AGE + _CLAIM_TAIL).columns(*_CLAIM_COLUMNS)

_WAKING: Final = text("""
    SELECT id, queue, priority, status FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[]))
    ORDER BY priority, slot, id
""").columns(column("id", Uuid), column("queue", Text), column("priority", SmallInteger), column("status", Text))

_HELD_COLUMNS: Final = (
    *IDENTITY_COLUMNS,
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
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent,
        status, worker_id,
        started_at, failures, recoveries, max_attempts, max_recoveries, retry, cancel_requested_by
    FROM core.executions WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
""").columns(*_HELD_COLUMNS)

_HOLD_EXPIRED: Final = text("""
    SELECT id, routine_id, routine_name, job, business_date, slot, origin, attempt, correlation_id, traceparent,
        status, worker_id,
        started_at, failures, recoveries, max_attempts, max_recoveries, retry, cancel_requested_by
    FROM core.executions WHERE status = 'RUNNING' AND lease_until < :now
    ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
""").columns(*_HELD_COLUMNS)

_SETTLE: Final = text("""
    WITH s AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS s (
            id uuid, attempt integer, sources text[], target text, outcome text, due_at timestamptz, failures integer,
            recoveries integer, started_at timestamptz, finished_at timestamptz, result jsonb, warnings jsonb,
            error jsonb, reason text)
    ), settled AS (
        UPDATE core.executions AS e
        SET status = s.target, due_at = coalesce(s.due_at, e.due_at), failures = s.failures, recoveries = s.recoveries,
            started_at = coalesce(s.started_at, e.started_at), finished_at = s.finished_at, result = s.result,
            warnings = s.warnings, error = s.error, reason = s.reason, lease_until = NULL, updated_at = :now,
            progress = CASE WHEN s.target = 'SUCCEEDED' AND e.progress IS NOT NULL THEN 1 ELSE e.progress END
        FROM s
        WHERE e.id = ANY (CAST(:ids AS uuid[])) AND e.id = s.id AND e.attempt = s.attempt AND e.status = ANY (s.sources)
        RETURNING 1
    ), ended AS (
        UPDATE core.attempts AS a
        SET outcome = s.outcome, started_at = coalesce(s.started_at, a.started_at),
            finished_at = coalesce(s.finished_at, :now), result = s.result, error = s.error
        FROM s
        WHERE a.execution_id = ANY (CAST(:ids AS uuid[])) AND a.execution_id = s.id AND a.attempt = s.attempt
          AND a.outcome IS NULL
    ), told AS (
        SELECT pg_notify(channel, payload)
        FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[])) AS n (channel, payload)
    )
    SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM told)
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

_STATES: Final = text("""
    SELECT a.execution_id, a.attempt, a.worker_id, a.outcome
    FROM core.attempts AS a
    JOIN unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[])) AS asked (id, attempt)
        ON asked.id = a.execution_id AND asked.attempt = a.attempt
    WHERE a.execution_id = ANY (CAST(:ids AS uuid[]))
""").columns(
    column("execution_id", Uuid), column("attempt", Integer), column("worker_id", Text), column("outcome", Text)
)

_LISTING: Final = text("""
    SELECT a.attempt, a.worker_id, a.started_at, a.finished_at, a.outcome, a.result, a.error,
        extract(epoch FROM a.finished_at - a.started_at)::double precision AS duration_seconds,
        coalesce((SELECT max(seq) FROM core.execution_logs AS l
                  WHERE l.execution_id = :id AND l.attempt = a.attempt), 0) AS log_lines
    FROM core.attempts AS a WHERE a.execution_id = :id ORDER BY a.attempt
""").columns(
    column("attempt", Integer),
    column("worker_id", Text),
    column("started_at", DateTime(timezone=True)),
    column("finished_at", DateTime(timezone=True)),
    column("outcome", Text),
    column("result", JSONB),
    column("error", JSONB),
)

_APPEND: Final = text("""
    INSERT INTO core.execution_logs (execution_id, attempt, seq, at, level, message, fields)
    SELECT id, attempt, seq, at, level, message, CAST(fields AS jsonb)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[]), CAST(:seqs AS integer[]),
        CAST(:ats AS timestamptz[]), CAST(:levels AS text[]), CAST(:messages AS text[]), CAST(:fields AS text[]))
        AS line (id, attempt, seq, at, level, message, fields)
    ON CONFLICT (execution_id, attempt, seq) DO NOTHING
""")

_ANNOUNCE: Final = text("""
    SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload
""")

# A log that is being written has no statistics yet, and the planner would read and sort all of it for its first page.
_FROM_THE_INDEX: Final = text("""
    SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)
""")

_PAGE: Final = text("""
    SELECT attempt, seq, at, level, message, fields FROM core.execution_logs
    WHERE execution_id = :id AND (attempt, seq) > (CAST(:after_attempt AS integer), CAST(:after_seq AS integer))
      AND (CAST(:only AS integer) IS NULL OR attempt = :only)
    ORDER BY attempt, seq LIMIT :limit
""").columns(
    column("attempt", Integer),
    column("seq", Integer),
    column("at", DateTime(timezone=True)),
    column("level", Text),
    column("message", Text),
    column("fields", JSONB),
)
