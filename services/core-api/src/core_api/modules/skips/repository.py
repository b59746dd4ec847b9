"""What is to be skipped, read in sets: missed and overtaken slots, and what waits for something that did not come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.executions.public import MISSED, UNTOUCHED

MOST_CAUGHT_UP: Final = 1000


class LapseRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lapsed(self, routine_ids: Sequence[UUID], *, since: date, now: datetime) -> list[Row[Any]]:
        """Of these routines' due and untouched slots those that will not run: id, reason, and the slot that does."""
        parameters = {"routines": list(routine_ids), "since": since, "now": now, "most": MOST_CAUGHT_UP}
        return list((await self._session.execute(_LAPSED, parameters)).all())

    async def causes(self, ids: Sequence[UUID], *, now: datetime) -> dict[UUID, list[dict[str, Any]]]:
        """For each of these executions the upstreams that failed or were skipped."""
        rows = await self._session.execute(_CAUSES, {"ids": list(ids), "now": now})
        return {row.id: row.upstream for row in rows}


# E11 in one statement. Missed slots first: none of them runs, or the newest, or the newest thousand. What is left
# coalesces into its newest. Whoever is locked is being changed by somebody else and is judged another time.
_LAPSED_HEAD: Final = """
    WITH waiting AS MATERIALIZED (
        SELECT e.id, e.routine_id, e.slot, e.catch_up, e."coalesce" AS merges,
"""
_LAPSED_MIDDLE: Final = """
        AS missed FROM core.executions AS e
        WHERE e.routine_id = ANY (CAST(:routines AS uuid[])) AND e.business_date >= :since AND e.due_at <= :now AND
"""
_LAPSED_TAIL: Final = """
        ORDER BY e.id FOR UPDATE OF e SKIP LOCKED
    ), placed AS (
        SELECT id, routine_id, slot, merges, missed, catch_up,
            row_number() OVER newest_first AS place, first_value(slot) OVER newest_first AS newest
        FROM waiting WINDOW newest_first AS (PARTITION BY routine_id, missed ORDER BY slot DESC, id DESC)
    ), caught_up AS (
        SELECT id, routine_id, slot, merges, newest, CASE
            WHEN NOT missed THEN NULL
            WHEN catch_up = 'none' THEN 'MISFIRED'
            WHEN catch_up = 'latest' AND place > 1 THEN 'SUPERSEDED'
            WHEN catch_up = 'all' AND place > :most THEN 'MISFIRED' END AS reason
        FROM placed
    ), merged AS (
        SELECT id, slot, merges, newest, reason,
            max(slot) FILTER (WHERE reason IS NULL) OVER (PARTITION BY routine_id) AS survivor
        FROM caught_up
    )
    SELECT id, CASE WHEN reason IS NULL THEN 'COALESCED' ELSE reason END AS reason,
        CASE WHEN reason IS NULL THEN survivor WHEN reason = 'SUPERSEDED' THEN newest END AS superseded_by
    FROM merged WHERE reason IS NOT NULL OR merges AND slot < survivor
"""
_LAPSED: Final = text(_LAPSED_HEAD + MISSED + _LAPSED_MIDDLE + UNTOUCHED + _LAPSED_TAIL).columns(
    column("id", Uuid), column("reason", Text), column("superseded_by", DateTime(timezone=True))
)

_CAUSES: Final = text("""
    SELECT e.id, jsonb_agg(jsonb_build_object('routine_id', upstream.routine_id, 'name', last.routine_name,
        'status', last.status, 'business_date', upstream.business_date)) AS upstream
    FROM core.executions AS e
    CROSS JOIN unnest(e.depends_on, e.upstream_dates) AS upstream (routine_id, business_date)
    CROSS JOIN LATERAL (
        SELECT u.status, u.routine_name FROM core.executions AS u
        WHERE u.routine_id = upstream.routine_id AND u.business_date = upstream.business_date
          AND NOT (u.status = 'PENDING' AND u.attempt = 0 AND u.due_at > :now)
        ORDER BY u.slot DESC, u.created_at DESC LIMIT 1) AS last
    WHERE e.id = ANY (CAST(:ids AS uuid[])) AND last.status IN ('FAILED', 'CANCELLED', 'SKIPPED')
    GROUP BY e.id
""").columns(column("id", Uuid), column("upstream", JSONB))
