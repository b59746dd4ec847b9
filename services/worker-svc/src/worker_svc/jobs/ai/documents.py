"""`rag.index` and `rag.refresh`: sources become documents of ai-svc, which indexes them by itself afterwards."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from rotina import JobContext
from worker_svc.jobs.ai.asking import open_ai
from worker_svc.jobs.ai.document_params import IndexParams, RefreshParams
from worker_svc.settings import Settings


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Synced(_Contract):
    """Documents of a source by what became of them."""

    created: int
    updated: int
    unchanged: int
    removed: int
    skipped: int


class Refreshed(_Contract):
    product: Synced
    asked: int


class _Request(BaseModel):
    """One source, named by its field."""

    folder: dict[str, Any] | None = None
    url: dict[str, Any] | None = None
    text: dict[str, Any] | None = None
    api: dict[str, Any] | None = None


async def index(ctx: JobContext[IndexParams]) -> dict[str, Any]:
    """Adds what is new, asks for what changed, removes what is gone. Files of other kinds are left out: a warning."""
    async with open_ai(Settings()) as ai:
        done = await ai.post("/internal/v1/rag/index", _request(ctx.params), response=Synced, idempotent=True)
    if done.skipped:
        ctx.warn("FILES_SKIPPED", f"{done.skipped} arquivos são de tipos que não são lidos", files=done.skipped)
    ctx.log.info("documents are wanted", **done.model_dump())
    return done.model_dump()


async def refresh(ctx: JobContext[RefreshParams]) -> dict[str, Any]:
    """Asks the product and the web for news; what did not change is not indexed again."""
    async with open_ai(Settings()) as ai:
        done = await ai.post("/internal/v1/rag/refresh", ctx.params, response=Refreshed, idempotent=True)
    ctx.log.info("sources are asked", addresses=done.asked, **done.product.model_dump())
    return done.model_dump()


def _request(params: IndexParams) -> _Request:
    placing: dict[str, Any] = {"collection": params.collection, "tags": params.tags, "readers": params.readers}
    if params.folder is not None:
        return _Request(folder=placing | {"path": params.folder})
    if params.url is not None:
        return _Request(url=placing | {"url": params.url, "title": params.title})
    if params.text is not None:
        return _Request(text=placing | {"text": params.text, "title": params.title})
    return _Request(api={"name": params.api})
