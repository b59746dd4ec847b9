"""Rows that go when they are old: a service lists its tables, its upkeep removes what is past their time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import FromClause, Table, delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long rows of `table` are kept, counted in days from the instant in the column `at`.

    A row without that instant stays. The column needs an index when the table may grow large.
    """

    table: FromClause
    """A `Table`, for example `Model.__table__`."""
    at: str
    days: int

    @property
    def name(self) -> str:
        """What settings and reports call it."""
        return self._rows.name

    @property
    def _rows(self) -> Table:
        if not isinstance(self.table, Table):
            raise TypeError(f"rows can go from a table, not from {self.table!r}")
        return self.table

    def before(self, now: datetime) -> datetime:
        """What is older than this goes."""
        return now - timedelta(days=self.days)

    async def count_old(self, session: AsyncSession, *, now: datetime, most: int) -> int:
        """How many rows are past their time, counted up to `most`."""
        at = self._rows.c[self.at]
        old = select(at).where(at < self.before(now)).limit(most).subquery()
        return int(await session.scalar(select(func.count()).select_from(old)) or 0)

    async def forget(self, session: AsyncSession, *, now: datetime, limit: int) -> int:
        """Removes the oldest `limit` rows that are past their time; returns how many there were."""
        key = tuple(self._rows.primary_key.columns)
        at = self._rows.c[self.at]
        old = select(*key).where(at < self.before(now)).order_by(at).limit(limit).with_for_update(skip_locked=True)
        result = await session.execute(delete(self._rows).where(tuple_(*key).in_(old)))
        return int(result.rowcount)  # type: ignore[attr-defined]
