"""The queries on deadlines: what has one, and what of it was not ready."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, column, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.deadlines.models import GroupDeadline
from core_api.modules.deadlines.schemas import Due, Missing

_FOREIGN_KEY_VIOLATION: Final = "23503"


class NameTaken(Exception):
    """Another row has this name."""


class CalendarGone(Exception):
    """The calendar does not exist."""


class DeadlineRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[GroupDeadline]:
        query = select(GroupDeadline).order_by(GroupDeadline.name)
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def get(self, deadline_id: UUID) -> GroupDeadline | None:
        return await self._session.get(GroupDeadline, deadline_id, populate_existing=True)

    async def add(self, values: Mapping[str, Any], *, by: str, now: datetime) -> GroupDeadline:
        """Raises `NameTaken` and `CalendarGone`."""
        statement = insert(GroupDeadline).values(**values, updated_by=by, updated_at=now).returning(GroupDeadline)
        return await self._written(statement)

    async def change(self, deadline_id: UUID, values: Mapping[str, Any], *, by: str, now: datetime) -> GroupDeadline:
        """Raises `NameTaken` and `CalendarGone`."""
        statement = (
            update(GroupDeadline)
            .where(GroupDeadline.id == deadline_id)
            .values(**values, updated_by=by, updated_at=now)
            .returning(GroupDeadline)
        )
        return await self._written(statement)

    async def delete(self, deadline_id: UUID) -> None:
        await self._session.execute(delete(GroupDeadline).where(GroupDeadline.id == deadline_id))

    async def _written(self, statement: Any) -> GroupDeadline:
        try:
            async with self._session.begin_nested():
                result = await self._session.scalars(statement, execution_options={"populate_existing": True})
                written: GroupDeadline = result.one()
                return written
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) == _FOREIGN_KEY_VIOLATION:
                raise CalendarGone from error
            raise NameTaken from error

    async def routines(self) -> list[Row[Any]]:
        """Routines that have a deadline of their own or through one of their tags."""
        return list((await self._session.execute(_ROUTINES)).all())

    async def missing(self, dues: Sequence[Due]) -> dict[int, list[Missing]]:
        """Per position in `dues`: the routines of it that were to be ready and are not."""
        flat = [(n, routine_id, due) for n, due in enumerate(dues) for routine_id in due.target.routine_ids]
        parameters = {
            "ns": [n for n, _, _ in flat],
            "routine_ids": [routine_id for _, routine_id, _ in flat],
            "business_dates": [due.business_date for _, _, due in flat],
            "deadlines": [due.deadline for _, _, due in flat],
        }
        found: dict[int, list[Missing]] = {}
        for n, *rest in await self._session.execute(_MISSING, parameters):
            found.setdefault(n, []).append(Missing(*rest))
        return found


_ROUTINES: Final = text("""
    SELECT r.id, r.name, r.title, r.time_zone, r.tags, r.deadline, g.calendar_code
    FROM core.routines AS r LEFT JOIN core.day_groups AS g ON g.id = r.day_group_id
    WHERE r.deleted_at IS NULL
      AND (r.deadline IS NOT NULL
           OR r.tags && ARRAY(SELECT tag FROM core.group_deadlines WHERE enabled))
    ORDER BY r.name
""").columns(
    column("id", Uuid),
    column("name", Text),
    column("title", Text),
    column("time_zone", Text),
    column("tags", ARRAY(Text)),
    column("deadline", JSONB),
    column("calendar_code", Text),
)

# A routine is ready when each of its runs up to the deadline has succeeded, was followed by a later one that did (a
# repetition by hand counts), was called off by a person, or left its place to a newer one.
_MISSING: Final = text("""
    SELECT d.n, e.routine_id, e.routine_name, e.title, e.status, e.id
    FROM unnest(CAST(:ns AS integer[]), CAST(:routine_ids AS uuid[]), CAST(:business_dates AS date[]),
            CAST(:deadlines AS timestamptz[])) AS d (n, routine_id, business_date, deadline)
    CROSS JOIN LATERAL (
        SELECT run.id, run.routine_id, run.routine_name, run.title, run.status
        FROM core.executions AS run
        WHERE run.routine_id = d.routine_id AND run.business_date = d.business_date AND run.slot <= d.deadline
          AND run.origin NOT IN ('manual', 'backfill')
          AND run.status NOT IN ('SUCCEEDED', 'CANCELLED')
          AND NOT (run.status = 'SKIPPED' AND coalesce(run.reason, '') IN ('COALESCED', 'SUPERSEDED'))
          AND NOT EXISTS (
            SELECT 1 FROM core.executions AS later
            WHERE later.routine_id = run.routine_id AND later.business_date = run.business_date
              AND later.status = 'SUCCEEDED' AND later.slot >= run.slot)
        ORDER BY run.slot DESC LIMIT 1
    ) AS e
    ORDER BY d.n, e.routine_name
""").columns(
    column("n", Integer),
    column("routine_id", Uuid),
    column("routine_name", Text),
    column("title", Text),
    column("status", Text),
    column("id", Uuid),
)
