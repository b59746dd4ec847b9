"""Queries of knowledge. They only read, over the tables of several modules."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.knowledge.schemas import ErrorKey

_END: Final = ErrorKey(finished_at=datetime(9999, 12, 31, tzinfo=UTC), id=UUID(int=2**128 - 1))


class KnowledgeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def routines(self, *, after: UUID, limit: int) -> Sequence[Row[Any]]:
        """Routines that are not deleted, by id."""
        return (await self._session.execute(_ROUTINES, {"after": after, "limit": limit})).all()

    async def errors(self, *, since: datetime, before: ErrorKey | None, limit: int) -> Sequence[Row[Any]]:
        """Failed executions, the last that ended first."""
        end = before or _END
        parameters = {"since": since, "ended": end.finished_at, "id": end.id, "limit": limit}
        return (await self._session.execute(_ERRORS, parameters)).all()


_ROUTINES: Final = text("""
    SELECT r.id, r.name, r.title, r.description, r.job, r.trigger, r.time_zone, r.priority, r.paused, r.tags,
        ARRAY(SELECT u.name FROM core.routine_dependencies AS d JOIN core.routines AS u ON u.id = d.upstream_id
              WHERE d.routine_id = r.id ORDER BY u.name) AS depends_on,
        r.updated_at
    FROM core.routines AS r
    WHERE r.deleted_at IS NULL AND r.id > :after
    ORDER BY r.id
    LIMIT :limit
""")

# In the order of ix_executions_failed.
_ERRORS: Final = text("""
    SELECT e.id, e.routine_id, e.routine_name, e.title AS routine_title, e.job, e.business_date, e.finished_at,
        e.attempt AS attempts, e.error ->> 'code' AS error_code, left(e.error ->> 'message', 4000) AS error_message,
        e.reason
    FROM core.executions AS e
    WHERE e.status = 'FAILED' AND e.finished_at >= :since AND e.finished_at <= :ended
        AND (e.finished_at, e.id) < (:ended, :id)
    ORDER BY e.finished_at DESC, e.id DESC
    LIMIT :limit
""")
