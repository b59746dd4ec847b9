from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, status

from ai_svc.embeddings.embedders import Embedders
from ai_svc.embeddings.exceptions import ModelFilesRefused, SpaceConflict, SpaceNotFound
from ai_svc.embeddings.models import EmbeddingSpace
from ai_svc.embeddings.schemas import SpaceCreate, SpaceProgress, SpaceRead
from ai_svc.embeddings.spaces import Progress, SpaceReader, SpaceWriter
from ai_svc.embeddings.texts import Preparation
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin

router = APIRouter(prefix="/rag/spaces", tags=["embedding spaces"])

_REFUSED: Final = (Unauthenticated, Forbidden)


@router.get("", summary="List embedding spaces", responses=problems(*_REFUSED))
async def list_spaces(_: Admin, session: ReadSessionDep) -> ApiResponse[list[SpaceRead], None]:
    """Every embedding space, newest first, and how far it is filled. Searches use the live one only."""
    reader = SpaceReader(session)
    progress = await reader.progress()
    return ok([_read(row, progress) for row in await reader.all()])


@router.get("/{space_id}", summary="Read an embedding space", responses=problems(*_REFUSED, SpaceNotFound))
async def get_space(_: Admin, session: ReadSessionDep, space_id: int) -> ApiResponse[SpaceRead, None]:
    """One embedding space and how far it is filled."""
    reader = SpaceReader(session)
    return ok(_read(await reader.get(space_id), await reader.progress()))


@router.post(
    "",
    summary="Start an embedding space",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*_REFUSED, SpaceConflict, ModelFilesRefused),
)
async def start_space(
    _: Admin, request: Request, session: WriteSessionDep, body: SpaceCreate
) -> ApiResponse[SpaceRead, None]:
    """Start re-embedding with another model. Searches go on in the live space until the new one is told to go live."""
    embedders: Embedders = request.state.embedders
    new = await embedders.described(
        body.provider,
        model=body.model,
        dimensions=body.dimensions,
        preparation=Preparation(body.query_prefix, body.passage_prefix),
        dense_weight=body.dense_weight,
    )
    writer = SpaceWriter(session, request.state.clock)
    row = await writer.start(new)
    return ok(_read(row, await writer.progress()))


@router.post(
    "/{space_id}/live",
    summary="Let an embedding space go live",
    responses=problems(*_REFUSED, SpaceNotFound, SpaceConflict),
)
async def let_space_go_live(
    _: Admin, request: Request, session: WriteSessionDep, space_id: int
) -> ApiResponse[SpaceRead, None]:
    """Let searches use this space. The live one is retired; the same call brings it back at once."""
    writer = SpaceWriter(session, request.state.clock)
    row = await writer.go_live(space_id)
    return ok(_read(row, await writer.progress()))


@router.delete(
    "/{space_id}",
    summary="Remove an embedding space",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(*_REFUSED, SpaceNotFound, SpaceConflict),
)
async def remove_space(_: Admin, request: Request, session: WriteSessionDep, space_id: int) -> None:
    """Delete a space that is not live, with all its vectors. It cannot be undone but by embedding everything again."""
    await SpaceWriter(session, request.state.clock).remove(space_id)


def _read(row: EmbeddingSpace, progress: Mapping[int, Progress]) -> SpaceRead:
    preparation = Preparation.load(row.preparation)
    done = progress[row.id]
    return SpaceRead.model_validate(
        {
            "id": row.id,
            "provider": row.provider,
            "model": row.model,
            "dimensions": row.dimensions,
            "query_prefix": preparation.query_prefix,
            "passage_prefix": preparation.passage_prefix,
            "dense_weight": row.dense_weight,
            "state": row.state,
            "created_at": row.created_at,
            "live_at": row.live_at,
            "retired_at": row.retired_at,
            "error_code": row.error_code,
            "progress": SpaceProgress(
                passages=done.passages, vectors=done.vectors, missing=done.missing, unindexed=done.fresh
            ),
        }
    )
