"""The statements on backfills, and what the queue's table says about them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, column, insert, select, text, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.modules.backfills.models import Backfill

type Counts = dict[str, int]


class BackfillRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_request(self, request_hash: str) -> None:
        """The same request twice at one moment: the second one waits, and finds what the first one made."""
        await self._session.execute(_LOCK_REQUEST, {"hash": request_hash})

    async def by_request(self, request_hash: str) -> Backfill | None:
        return (
            await self._session.scalars(select(Backfill).where(Backfill.request_hash == request_hash))
        ).one_or_none()

    async def get(self, backfill_id: UUID, *, lock: bool = False) -> Backfill | None:
        query = select(Backfill).where(Backfill.id == backfill_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def add(self, values: Mapping[str, Any]) -> Backfill:
        return (await self._session.scalars(insert(Backfill).values(**values).returning(Backfill))).one()

    async def change(self, backfill_id: UUID, values: Mapping[str, Any]) -> Backfill:
        statement = update(Backfill).where(Backfill.id == backfill_id).values(**values).returning(Backfill)
        return (await self._session.scalars(statement, execution_options={"populate_existing": True})).one()

    async def page(self, *, statuses: Sequence[str], before: UUID | None, limit: int) -> list[Backfill]:
        """The newest first: ids are made in the order of time."""
        query = select(Backfill).order_by(Backfill.id.desc()).limit(limit)
        if statuses:
            query = query.where(Backfill.status.in_(statuses))
        if before is not None:
            query = query.where(Backfill.id < before)
        return list(await self._session.scalars(query))

    async def counts(self, ids: Sequence[UUID]) -> dict[UUID, Counts]:
        """Executions by status, of each backfill."""
        found: dict[UUID, Counts] = {}
        for row in await self._session.execute(_COUNTS, {"ids": list(ids)}):
            found.setdefault(row.backfill_id, {})[row.status] = row.n
        return found

    async def by_date(self, backfill_id: UUID) -> dict[date, Counts]:
        """Executions by status, of each business date, the earliest first."""
        found: dict[date, Counts] = {}
        for row in await self._session.execute(_BY_DATE, {"id": backfill_id}):
            found.setdefault(row.business_date, {})[row.status] = row.n
        return found

    async def latest(self, routine_ids: Sequence[UUID], *, start: date, end: date) -> dict[tuple[UUID, date], str]:
        """The status of the latest execution of each routine and business date that has one."""
        parameters = {"routine_ids": list(routine_ids), "start": start, "end": end}
        rows = await self._session.execute(_LATEST, parameters)
        return {(row.routine_id, row.business_date): row.status for row in rows}

    async def finish(self, *, now: datetime) -> list[Row[Any]]:
        """Closes the backfills of which nothing waits or runs any more; who closes one is the only one who does."""
        return list((await self._session.execute(_FINISH, {"now": now})).all())

    async def wake(self) -> None:
        """Wakes dispatcher and relay when the transaction commits."""
        await self._session.execute(_WAKE, {"first": WAKE_CHANNEL, "second": OUTBOX_CHANNEL})


_LOCK_REQUEST: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('core.backfill:' || :hash, 0))")

_COUNTS: Final = text("""
    SELECT backfill_id, status, count(*) AS n FROM core.executions
    WHERE backfill_id = ANY (CAST(:ids AS uuid[])) GROUP BY backfill_id, status
""").columns(column("backfill_id", Uuid), column("status", Text), column("n", Integer))

_BY_DATE: Final = text("""
    SELECT business_date, status, count(*) AS n FROM core.executions
    WHERE backfill_id = :id GROUP BY business_date, status ORDER BY business_date
""").columns(column("business_date", Date), column("status", Text), column("n", Integer))

# The same rule as for dependencies: a business date counts by its latest execution.
_LATEST: Final = text("""
    SELECT DISTINCT ON (routine_id, business_date) routine_id, business_date, status FROM core.executions
    WHERE routine_id = ANY (CAST(:routine_ids AS uuid[])) AND business_date BETWEEN :start AND :end
    ORDER BY routine_id, business_date, slot DESC, created_at DESC
""").columns(column("routine_id", Uuid), column("business_date", Date), column("status", Text))

_FINISH: Final = text("""
    UPDATE core.backfills
    SET status = CASE WHEN status = 'CANCELLED' THEN status ELSE 'DONE' END, finished_at = :now, updated_at = :now
    WHERE id = ANY (ARRAY(
        SELECT b.id FROM core.backfills AS b
        WHERE b.finished_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM core.executions AS e
            WHERE e.backfill_id = b.id AND e.status IN ('PENDING', 'QUEUED', 'RUNNING', 'RECOVERY'))
        FOR UPDATE SKIP LOCKED))
    RETURNING id, name, status, executions
""").columns(column("id", Uuid), column("name", Text), column("status", Text), column("executions", Integer))

_WAKE: Final = text("SELECT pg_notify(:first, ''), pg_notify(:second, '')")
