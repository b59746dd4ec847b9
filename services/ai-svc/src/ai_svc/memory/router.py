from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ValidationError

from ai_svc.memory.dependencies import EpisodeServiceDep
from ai_svc.memory.schemas import EpisodeRead, EpisodeType
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit, cursor_meta, decode_cursor
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/ai/episodes", tags=["episodes"])


class EpisodeKey(BaseModel):
    """The sort key of an episode, as it travels in a cursor."""

    at: AwareDatetime
    id: UUID


@router.get("", summary="List episodes", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_episodes(
    _: Viewer,
    episodes: EpisodeServiceDep,
    event_type: Annotated[EpisodeType | None, Query(description="Only events of this type.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[EpisodeRead], CursorMeta]:
    """Notable events, newest first: what went wrong, what was loaded, which routines changed."""
    page, more = await episodes.page(limit=limit, event_type=event_type, before=_before(cursor))
    last = EpisodeKey(at=page[-1].occurred_at, id=page[-1].event_id) if more else None
    meta = cursor_meta(limit=limit, next_key=last.model_dump(mode="json") if last else None)
    return ok([EpisodeRead.model_validate(episode) for episode in page], meta=meta)


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        key = EpisodeKey.model_validate(decode_cursor(cursor))
    except ValidationError as error:
        raise InvalidCursor from error
    return key.at, key.id
