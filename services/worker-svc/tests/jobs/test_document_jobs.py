"""The jobs that keep documents: what they ask ai-svc for, and what the run reports."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from factories.serving import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rotina.testing import RecordingChannel
from worker_svc.settings import Settings

DAY = date(2026, 11, 20)
SYNCED = {"created": 2, "updated": 1, "unchanged": 3, "removed": 0, "skipped": 4}


class Documents:
    """ai-svc's internal side of documents."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refusal: tuple[int, str] | None = None
        self.app = Starlette(routes=[Route("/internal/v1/rag/{what}", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        assert request.headers["X-Internal-Key"]
        self.asked.append((request.path_params["what"], json.loads(await request.body())))
        if self.refusal is not None:
            status, code = self.refusal
            return JSONResponse({"status": "error", "code": code, "message": "no", "details": None}, status)
        answer = SYNCED if request.path_params["what"] == "index" else {"product": SYNCED, "asked": 7}
        return JSONResponse(answer)


@pytest.fixture
async def documents(job_environment: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Documents]:
    server = Documents()
    async with serving(server.app) as url:
        monkeypatch.setenv("WORKER_SVC_AI_SVC_URL", url)
        yield server


async def test_a_folder_is_indexed_and_what_was_left_out_is_said(documents: Documents, run: Any) -> None:
    channel = RecordingChannel()
    end = await run("rag.index", DAY, folder="manuais", collection="manuais", channel=channel)
    assert end.result.data == SYNCED
    ((what, body),) = documents.asked
    assert what == "index"
    assert body["folder"] == {"path": "manuais", "collection": "manuais", "tags": [], "readers": None}
    assert body["url"] is None
    assert [warning.code for warning in end.result.warnings] == ["FILES_SKIPPED"]


@pytest.mark.parametrize(
    ("params", "field", "sent"),
    [
        ({"url": "https://example.org/a.pdf"}, "url", {"url": "https://example.org/a.pdf", "title": None}),
        ({"text": "Olá.", "title": "Aviso"}, "text", {"text": "Olá.", "title": "Aviso"}),
        ({"api": "avisos"}, "api", {"name": "avisos"}),
    ],
)
async def test_other_sources(documents: Documents, run: Any, params: Any, field: str, sent: dict[str, Any]) -> None:
    await run("rag.index", DAY, **params)
    ((_, body),) = documents.asked
    assert body[field].items() >= sent.items()
    assert [name for name, value in body.items() if value is not None] == [field]


async def test_exactly_one_source_is_named(documents: Documents, run: Any) -> None:
    for params in ({}, {"url": "https://example.org", "text": "x", "title": "x"}, {"text": "x"}):
        end = await run("rag.index", DAY, **params)
        assert end.error is not None
        assert not end.error.transient
    assert documents.asked == []


async def test_sources_are_refreshed(documents: Documents, run: Any) -> None:
    end = await run("rag.refresh", DAY)
    assert end.result.data == {"product": SYNCED, "asked": 7}
    assert documents.asked == [("refresh", {"sources": ["product", "web"]})]


async def test_a_refusal_is_final_and_an_absence_is_not(documents: Documents, run: Any) -> None:
    documents.refusal = (422, "SOURCE_FOLDER_NOT_ALLOWED")
    end = await run("rag.index", DAY, folder="/etc")
    assert (end.error.code, end.error.transient) == ("SOURCE_FOLDER_NOT_ALLOWED", False)
    documents.refusal = (503, "UNAVAILABLE")
    end = await run("rag.index", DAY, folder="manuais")
    assert end.error.transient
