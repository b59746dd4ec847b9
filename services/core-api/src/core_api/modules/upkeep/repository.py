"""Statements of upkeep: partitions ahead of time, and rows that have served."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Date, column, text
from sqlalchemy.ext.asyncio import AsyncSession


class UpkeepRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ensure_partitions(self, from_month: date, to_month: date) -> int:
        parameters = {"from_month": from_month, "to_month": to_month}
        return int(await self._session.scalar(_ENSURE, parameters) or 0)

    async def months_without_partition(self) -> Sequence[date]:
        """Months of rows that had to go to the default partition."""
        return (await self._session.scalars(_STRAYS)).all()

    async def forget_inbox(self, *, before: datetime, limit: int) -> int:
        return int((await self._session.execute(_FORGET_INBOX, {"before": before, "limit": limit})).rowcount)  # type: ignore[attr-defined]


_ENSURE: Final = text("SELECT core.ensure_partitions(:from_month, :to_month)")

_STRAYS: Final = text("""
    SELECT DISTINCT date_trunc('month', slot AT TIME ZONE 'UTC')::date AS month FROM core.executions_default LIMIT 120
""").columns(column("month", Date))

_FORGET_INBOX: Final = text("""
    DELETE FROM core.inbox WHERE (consumer, event_id) IN (
        SELECT consumer, event_id FROM core.inbox WHERE received_at < :before ORDER BY received_at LIMIT :limit)
""")
