"""The statements on attempts and log lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import LOG_CHANNEL, OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.inputs import storable_json
from core_api.modules.attempts.schemas import AttemptState, LogPosition
from core_api.modules.executions.public import Started
from shared_schemas.jobs import LogLine


class AttemptRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, started: Sequence[Started], *, worker_id: str, now: datetime) -> None:
        parameters = {
            "ids": [run.id for run in started],
            "attempts": [run.attempt for run in started],
            "worker_id": worker_id,
            "now": now,
            "channel": OUTBOX_CHANNEL,
        }
        await self._session.execute(_BEGIN, parameters)

    async def end(self, rows: Sequence[dict[str, Any]]) -> None:
        """`rows`: execution_id, attempt, outcome, started_at, finished_at, result and error of each.

        Wakes readers of the logs; and dispatcher and relay, since there is room again and what depends on these may be
        ready.
        """
        ids = [row["execution_id"] for row in rows]
        parameters = {
            "rows": storable_json(rows),
            "ids": ids,
            "channels": [LOG_CHANNEL] * len(ids) + [WAKE_CHANNEL, OUTBOX_CHANNEL],
            "payloads": [*ids, "", ""],
        }
        await self._session.execute(_END, parameters)

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
        payloads = sorted({str(one) for one in execution_ids})
        await self._session.execute(_ANNOUNCE, {"channel": LOG_CHANNEL, "payloads": payloads})

    async def page(self, execution_id: UUID, *, after: LogPosition, attempt: int | None, limit: int) -> list[Row[Any]]:
        parameters = {
            "id": execution_id,
            "after_attempt": after.attempt,
            "after_seq": after.seq,
            "only": attempt,
            "limit": limit,
        }
        return list((await self._session.execute(_PAGE, parameters)).all())


# The relay is woken by the same statement: every round trip of a claim is time before a run's start.
_BEGIN: Final = text("""
    WITH begun AS (
        INSERT INTO core.attempts (execution_id, attempt, worker_id, started_at)
        SELECT id, attempt, :worker_id, :now
        FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[])) AS run (id, attempt)
    )
    SELECT pg_notify(:channel, '')
""")

_END: Final = text("""
    WITH ended AS (
        UPDATE core.attempts AS a
        SET outcome = e.outcome, started_at = coalesce(e.started_at, a.started_at), finished_at = e.finished_at,
            result = e.result, error = e.error
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS e (
            execution_id uuid, attempt integer, outcome text, started_at timestamptz, finished_at timestamptz,
            result jsonb, error jsonb)
        WHERE a.execution_id = ANY (CAST(:ids AS uuid[])) AND a.execution_id = e.execution_id AND a.attempt = e.attempt
          AND a.outcome IS NULL
    )
    SELECT pg_notify(channel, payload)
    FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[])) AS n (channel, payload)
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
