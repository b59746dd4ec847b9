"""Routines and failures, page by page, for services that explain them."""

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from core_api.modules.knowledge.repository import KnowledgeRepository
from core_api.modules.knowledge.schemas import ErrorKey, RoutineKey
from shared_schemas.knowledge import ErrorKnowledge, ErrorPage, RoutineKnowledge, RoutinePage
from shared_utils.http.pagination import InvalidCursor, decode_cursor, encode_cursor


class KnowledgeService:
    def __init__(self, rows: KnowledgeRepository) -> None:
        self._rows = rows

    async def routines(self, *, after: str | None, limit: int) -> RoutinePage:
        """Routines by id. Raises `InvalidCursor`."""
        key = _key(after, RoutineKey)
        rows = await self._rows.routines(after=key.id if key is not None else UUID(int=0), limit=limit + 1)
        items = [RoutineKnowledge.model_validate(row) for row in rows[:limit]]
        return RoutinePage(items=items, next=_cursor(RoutineKey(id=items[-1].id)) if len(rows) > limit else None)

    async def errors(self, *, since: datetime, after: str | None, limit: int) -> ErrorPage:
        """Failures since then, the last first. Raises `InvalidCursor`."""
        key = _key(after, ErrorKey)
        rows = await self._rows.errors(since=since, before=key, limit=limit + 1)
        items = [ErrorKnowledge.model_validate(row) for row in rows[:limit]]
        last = items[-1] if len(rows) > limit else None
        return ErrorPage(
            items=items, next=_cursor(ErrorKey(finished_at=last.finished_at, id=last.id)) if last is not None else None
        )


def _key[KeyT: (RoutineKey, ErrorKey)](cursor: str | None, kind: type[KeyT]) -> KeyT | None:
    if cursor is None:
        return None
    try:
        return kind.model_validate(decode_cursor(cursor))
    except ValidationError as error:
        raise InvalidCursor from error


def _cursor(key: RoutineKey | ErrorKey) -> str:
    return encode_cursor(key.model_dump(mode="json"))
