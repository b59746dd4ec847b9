"""Queries of the monitor on what belongs to no other module."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession


class MonitorRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def outbox(self, *, now: datetime) -> Row[Any]:
        """How much waits, counted up to 10,000, and for how long the oldest has."""
        return (await self._session.execute(_OUTBOX, {"now": now})).one()


_OUTBOX: Final = text("""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM core.outbox LIMIT 10000) AS counted) AS waiting,
        (SELECT extract(epoch FROM CAST(:now AS timestamptz) - created_at)
         FROM core.outbox ORDER BY id LIMIT 1) AS oldest_seconds
""")
