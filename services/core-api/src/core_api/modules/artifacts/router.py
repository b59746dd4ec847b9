"""HTTP of artifacts: workers send them, people list and download them."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import StreamingResponse

from core_api.modules.artifacts.dependencies import Artifacts
from core_api.modules.artifacts.exceptions import (
    ArtifactBroken,
    ArtifactFenced,
    ArtifactNotFound,
    ArtifactStorageMissing,
    ArtifactTooLarge,
    TooManyArtifacts,
)
from core_api.modules.artifacts.schemas import Announced, ArtifactRead
from core_api.modules.artifacts.service import Part
from core_api.modules.attempts.public import MAX_COUNT, WorkerCaller, WorkersOnly
from core_api.modules.executions.public import ExecutionNotFound
from shared_schemas.envelope import ApiResponse
from shared_schemas.jobs import ARTIFACT_NAME, ArtifactStored, WorkerId
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/executions", tags=["executions"])
internal_artifacts = APIRouter(
    prefix="/artifacts", tags=["worker-protocol"], responses=problems(Unauthenticated, WorkersOnly)
)

Name = Annotated[str, Path(pattern=ARTIFACT_NAME)]
AttemptNumber = Annotated[int, Path(ge=1, lt=MAX_COUNT)]

_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/{execution_id}/artifacts",
    summary="List artifacts",
    responses=problems(Unauthenticated, Forbidden, ExecutionNotFound),
)
async def list_artifacts(execution_id: UUID, artifacts: Artifacts, _: Viewer) -> ApiResponse[list[ArtifactRead], None]:
    """The files that an execution's attempts left, those of the newest attempt first. The worker need not be there."""
    return ok(await artifacts.listing(execution_id))


@router.get(
    "/{execution_id}/artifacts/{name}",
    summary="Download an artifact",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The file.", "content": _FILE},
        206: {"description": "The part that `Range` asked for.", "content": _FILE},
        **problems(Unauthenticated, Forbidden, ArtifactNotFound, ArtifactStorageMissing),
    },
)
async def download_artifact(
    execution_id: UUID,
    name: Name,
    artifacts: Artifacts,
    _: Viewer,
    attempt: Annotated[int | None, Query(ge=1, lt=MAX_COUNT, description="Of this attempt; else the newest.")] = None,
    wanted: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> StreamingResponse:
    """The file's bytes, as an attachment. `Range` with one range of bytes is understood; the ETag is the checksum."""
    part = await artifacts.open(execution_id, name, attempt=attempt, wanted=wanted)
    return StreamingResponse(part.chunks, status_code=206 if part.partial else 200, headers=_headers(part))


@internal_artifacts.put(
    "/{execution_id}/{attempt}/{name}",
    summary="Store an artifact",
    responses=problems(ArtifactFenced, ArtifactBroken, ArtifactTooLarge, TooManyArtifacts, ArtifactStorageMissing),
)
async def store_artifact(
    execution_id: UUID,
    attempt: AttemptNumber,
    name: Name,
    request: Request,
    artifacts: Artifacts,
    _: WorkerCaller,
    worker_id: Annotated[WorkerId, Query()],
    sha256: Annotated[str, Header(alias="X-Content-SHA256", pattern="^[0-9a-f]{64}$")],
    content_length: Annotated[int, Header(ge=0)],
    content_type: Annotated[str, Header(max_length=200, pattern=r"^[\x21-\x7e][\x20-\x7e]*$")],
) -> ArtifactStored:
    """Takes the bytes of an attempt's artifact. Repeating it changes nothing; another file of that name replaces it."""
    announced = Announced(
        execution_id=execution_id,
        attempt=attempt,
        name=name,
        worker_id=worker_id,
        content_type=content_type,
        size_bytes=content_length,
        sha256=sha256,
    )
    stored = await artifacts.take(announced, request.stream())
    return ArtifactStored(size_bytes=stored.size_bytes, sha256=stored.sha256)


def _headers(part: Part) -> dict[str, str]:
    artifact = part.artifact
    headers = {
        "Content-Type": artifact.content_type,
        "Content-Length": str(part.length),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(artifact.name, safe='')}",
        # Whatever a job wrote is never run or rendered in our origin.
        "Content-Security-Policy": "sandbox",
        "Accept-Ranges": "bytes",
        "ETag": f'"{artifact.sha256}"',
        "Cache-Control": "private, no-cache",
    }
    if part.partial:
        headers["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{artifact.size_bytes}"
    return headers
