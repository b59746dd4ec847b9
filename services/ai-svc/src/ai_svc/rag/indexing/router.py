"""HTTP of sources with many documents: for administrators, and for the jobs `rag.index` and `rag.refresh`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from ai_svc.rag.documents.public import FolderWrite, Outcome, Synced, TextWrite, UrlWrite
from ai_svc.rag.indexing.gathering import Gathering
from ai_svc.rag.sources.exceptions import FolderNotAllowed, FolderTooLarge, SourceGone, SourceUnknown
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin, InternalCaller

router = APIRouter(prefix="/rag/documents", tags=["documents"])
internal = APIRouter(prefix="/rag", tags=["internal"])


async def gathering(request: Request) -> Gathering:
    found: Gathering = request.state.gathering
    return found


Sources = Annotated[Gathering, Depends(gathering)]


class ApiWrite(BaseModel):
    """A configured API whose items become documents."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=60)


class IndexRequest(BaseModel):
    """Exactly one source."""

    model_config = ConfigDict(extra="forbid")

    folder: FolderWrite | None = None
    url: UrlWrite | None = None
    text: TextWrite | None = None
    api: ApiWrite | None = None


class RefreshRequest(BaseModel):
    """Which sources to ask for news."""

    model_config = ConfigDict(extra="forbid")

    sources: list[Literal["product", "web"]] = ["product", "web"]


class Refreshed(BaseModel):
    """What became of the product's own documents, and how many addresses are being asked."""

    product: Synced
    asked: int


@router.post(
    "/folder",
    summary="Add the documents of a folder",
    status_code=202,
    responses=problems(Unauthenticated, Forbidden, FolderNotAllowed, FolderTooLarge, SourceGone),
)
async def add_documents_of_folder(write: FolderWrite, sources: Sources, _: Admin) -> ApiResponse[Synced, None]:
    """Adds what is new below a folder, asks for what changed, removes what is gone.

    Only folders below those that AI_SVC_DOCUMENT_FOLDERS names. Without `readers` everyone may read them.
    """
    return ok(await sources.folder(write))


@router.post(
    "/refresh", summary="Ask sources for news", status_code=202, responses=problems(Unauthenticated, Forbidden)
)
async def refresh_documents(
    sources: Sources, _: Admin, request: RefreshRequest | None = None
) -> ApiResponse[Refreshed, None]:
    """Runbooks, descriptions of routines and errors of the last month; and addresses whose content changed."""
    return ok(await _refreshed(sources, request or RefreshRequest()))


@internal.post("/index", summary="Add documents")
async def index_internally(write: IndexRequest, sources: Sources, _: InternalCaller) -> Synced:
    """The job `rag.index`: a folder, an address, a text or an API. They are the service's own documents."""
    if write.folder is not None:
        return await sources.folder(write.folder)
    if write.api is not None:
        return await sources.api(write.api.name)
    if write.url is not None:
        return _one((await sources.url(write.url)).outcome)
    if write.text is not None:
        return _one((await sources.text(write.text)).outcome)
    raise SourceUnknown


@internal.post("/refresh", summary="Ask sources for news")
async def refresh_internally(write: RefreshRequest, sources: Sources, _: InternalCaller) -> Refreshed:
    """The job `rag.refresh`."""
    return await _refreshed(sources, write)


async def _refreshed(sources: Gathering, request: RefreshRequest) -> Refreshed:
    done = await sources.product() if "product" in request.sources else []
    asked = await sources.web() if "web" in request.sources else 0
    return Refreshed(product=_together(done), asked=asked)


def _together(done: list[Synced]) -> Synced:
    names = Synced.model_fields
    return Synced.model_validate({name: sum(getattr(one, name) for one in done) for name in names})


def _one(outcome: Outcome) -> Synced:
    counts = dict.fromkeys(Synced.model_fields, 0) | {outcome.value: 1}
    return Synced.model_validate(counts)
