from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from core_api.modules.access.models import AuditEntry
from shared_utils.db.session import ReadSession


class AuditRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def add(self, **values: Any) -> None:
        await self._session.execute(insert(AuditEntry).values(**values))

    async def add_all(self, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._session.execute(insert(AuditEntry), [dict(row) for row in rows])

    async def page(
        self, *, entity: str | None, entity_id: str | None, actor: str | None, before_id: int | None, limit: int
    ) -> list[AuditEntry]:
        """The newest entries first, at most `limit`."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        wanted = {AuditEntry.entity: entity, AuditEntry.entity_id: entity_id, AuditEntry.actor: actor}
        for column, value in wanted.items():
            if value is not None:
                query = query.where(column == value)
        if before_id is not None:
            query = query.where(AuditEntry.id < before_id)
        return list(await self._session.scalars(query))
