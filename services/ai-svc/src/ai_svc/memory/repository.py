from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from ai_svc.memory.models import Episode
from shared_utils.db.session import ReadSession, WriteSession


class EpisodeReader:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def newest(
        self, *, limit: int, event_type: str | None, before: tuple[datetime, UUID] | None
    ) -> list[Episode]:
        """At most `limit` episodes, newest first; `before` is the key of the last one already seen."""
        query = select(Episode).order_by(Episode.occurred_at.desc(), Episode.event_id.desc()).limit(limit)
        if event_type is not None:
            query = query.where(Episode.event_type == event_type)
        if before is not None:
            query = query.where(tuple_(Episode.occurred_at, Episode.event_id) < before)
        return list(await self._session.scalars(query))


class EpisodeWriter:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def add(self, values: dict[str, Any]) -> bool:
        """Writes an episode unless its event is known already; says whether it was new."""
        statement = insert(Episode).values(values).on_conflict_do_nothing(index_elements=[Episode.event_id])
        return await self._session.scalar(statement.returning(Episode.event_id)) is not None
