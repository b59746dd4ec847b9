"""Statements of upkeep: partitions ahead of time, and months that have served."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, Boolean, Date, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.upkeep.schemas import OldMonth


class UpkeepRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ensure_partitions(self, from_month: date, to_month: date) -> int:
        parameters = {"from_month": from_month, "to_month": to_month}
        return int(await self._session.scalar(_ENSURE, parameters) or 0)

    async def months_without_partition(self) -> Sequence[date]:
        """Months of rows that had to go to the default partition."""
        return (await self._session.scalars(_STRAYS)).all()

    async def last_month(self) -> date | None:
        """The last month that has a partition."""
        found: date | None = await self._session.scalar(_LAST_MONTH)
        return found

    async def old_months(self, *, before: date, ended_before: datetime) -> list[OldMonth]:
        """Months with partitions, the oldest first; `recent`: something of it ended at `ended_before` or later."""
        parameters = {"before": before, "ended_before": ended_before}
        return [OldMonth(*row) for row in await self._session.execute(_OLD_MONTHS, parameters)]

    async def drop_month(self, month: date) -> int:
        """Lets a month go; raises when it may not, or when its tables are in use for too long."""
        return int(await self._session.scalar(_DROP, {"month": month}) or 0)


_ENSURE: Final = text("SELECT core.ensure_partitions(:from_month, :to_month)")

_DROP: Final = text("SELECT core.drop_month(:month)")

_STRAYS: Final = text("""
    SELECT DISTINCT date_trunc('month', slot AT TIME ZONE 'UTC')::date AS month FROM core.executions_default LIMIT 120
""").columns(column("month", Date))

_OLD_MONTHS: Final = text("""
    WITH months AS (
        SELECT to_date(right(c.relname, 7), 'YYYY"m"MM') AS month, sum(pg_total_relation_size(c.oid)) AS bytes,
            sum(greatest(c.reltuples, 0)) FILTER (WHERE p.relname = 'executions') AS executions
        FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relkind = 'r'
        JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'p'
        WHERE p.relnamespace = 'core'::regnamespace AND c.relname ~ '_y[0-9]{4}m[0-9]{2}$'
        GROUP BY 1
    )
    SELECT month, CAST(coalesce(executions, 0) AS bigint) AS executions, CAST(bytes AS bigint) AS bytes,
        EXISTS (SELECT 1 FROM core.executions AS e
                WHERE e.id >= core.partition_floor(month)
                  AND e.id < core.partition_floor(CAST(month + interval '1 month' AS date))
                  AND e.status IN ('PENDING', 'RECOVERY'))
        OR EXISTS (SELECT 1 FROM core.executions AS e
                WHERE e.id >= core.partition_floor(month)
                  AND e.id < core.partition_floor(CAST(month + interval '1 month' AS date))
                  AND e.status IN ('QUEUED', 'RUNNING')) AS unfinished,
        EXISTS (SELECT 1 FROM core.executions AS e
                WHERE e.id >= core.partition_floor(month)
                  AND e.id < core.partition_floor(CAST(month + interval '1 month' AS date))
                  AND e.status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
                  AND e.updated_at >= :ended_before) AS recent
    FROM months WHERE month < :before ORDER BY month
""").columns(
    column("month", Date),
    column("executions", BigInteger),
    column("bytes", BigInteger),
    column("unfinished", Boolean),
    column("recent", Boolean),
)

_LAST_MONTH: Final = text("""
    SELECT max(to_date(right(c.relname, 7), 'YYYY"m"MM')) AS month
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'core.executions'::regclass AND c.relname ~ '_y[0-9]{4}m[0-9]{2}$'
""").columns(column("month", Date))
