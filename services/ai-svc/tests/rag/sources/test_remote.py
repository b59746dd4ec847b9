"""Addresses, APIs and the product's own texts, from local servers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from ai_svc.rag.parsing.formats import parse
from ai_svc.rag.sources.apis import Apis, at, filled
from ai_svc.rag.sources.exceptions import SourceBroken, SourceGone, SourceUnknown
from ai_svc.rag.sources.product import Operations, Runbooks
from ai_svc.rag.sources.web import Web
from ai_svc.settings import ApiSource
from shared_utils.http.client import ServiceClient
from shared_utils.http.outbound import AddressNotAllowed, Reach
from shared_utils.testing.ports import free_port

type Pages = dict[str, bytes]


@asynccontextmanager
async def site(pages: Pages) -> AsyncIterator[tuple[str, list[str]]]:
    """A server of whole answers by their path; the heads of requests."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head)
        writer.write(pages.get(head.split(" ")[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        await writer.drain()
        writer.close()

    port = free_port()
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    yield f"http://127.0.0.1:{port}", asked
    server.close()


def page(body: bytes | Any, media_type: str = "application/json") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f'HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\nETag: "7"\r\n\r\n'
    return head.encode() + content


async def test_a_page_of_the_web(tmp_path):
    async with site({"/guia": page(b"<!doctype html><h1>Guia</h1>", "text/plain")}) as (url, _):
        item = await Web(Reach.everywhere()).fetch(f"{url}/guia", tmp_path / "a")

    assert item is not None
    assert (item.key, item.name, item.media_type, item.etag) == (f"{url}/guia", "guia", "text/plain", '"7"')
    parsed = parse((tmp_path / "a").read_bytes(), media_type=item.media_type, name=item.name)
    assert parsed.media_type == "text/html", "what the server calls it does not count"


async def test_a_page_that_did_not_change(tmp_path):
    async with site({"/guia": b"HTTP/1.1 304 Not Modified\r\n\r\n"}) as (url, asked):
        assert await Web(Reach.everywhere()).fetch(f"{url}/guia", tmp_path / "a", etag='"7"') is None
    assert 'if-none-match: "7"' in asked[0].lower()


async def test_a_page_that_is_gone_or_too_large(tmp_path):
    async with site({"/grande": page(b"x" * 2_000)}) as (url, _):
        web = Web(Reach.everywhere(), max_bytes=1_000)
        with pytest.raises(SourceGone):
            await web.fetch(f"{url}/nada", tmp_path / "a")
        with pytest.raises(DocumentTooLarge):
            await web.fetch(f"{url}/grande", tmp_path / "a")
        with pytest.raises(AddressNotAllowed):
            await Web(Reach()).fetch(f"{url}/grande", tmp_path / "a")


# --- APIs


def wiki(url: str, **changes: Any) -> ApiSource:
    values: dict[str, Any] = {
        "name": "wiki",
        "url": f"{url}/paginas",
        "header": "Authorization",
        "secret": SecretStr("Bearer canary"),
        "items": "/data/items",
        "next": "/data/next",
        "key": "pagina-{id}",
        "text": "# {title}\n\n{/body/text}\n\n{tags}",
        "link": "https://wiki.example/{id}",
        "etag": "{updated}",
    }
    return ApiSource(**values | changes)


async def items_of(source: ApiSource, reach: Reach) -> list[Any]:
    return [item async for item in Apis([source], reach).items("wiki")]


async def test_items_of_an_api_become_documents():
    first = {
        "data": {
            "items": [{"id": 1, "title": "Férias", "body": {"text": "30 dias {x}"}, "tags": ["rh"], "updated": "a"}],
            "next": "/paginas?p=2",
        }
    }
    second = {"data": {"items": [{"id": 2, "title": None}], "next": None}}
    async with site({"/paginas": page(first), "/paginas?p=2": page(second)}) as (url, asked):
        one, two = await items_of(wiki(url), Reach.everywhere())

    assert one.content.decode() == '# Férias\n\n30 dias {x}\n\n["rh"]'
    assert (one.key, one.title, one.uri, one.etag) == ("pagina-1", "Férias", "https://wiki.example/1", "a")
    assert (two.key, two.title, two.etag) == ("pagina-2", "pagina-2", None)
    assert all("Bearer canary" in head for head in asked)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"<html>canary",
            b"[" * 200_000,
            {"data": {"items": {"id": 1}}},
            {"data": {"items": [{"title": "sem chave"}]}},
        ),
        *({"data": {"items": [], "next": "http://outro.example/"}}, {"data": {"items": [], "next": "/paginas"}}),
    ],
)
async def test_an_api_that_answers_something_else(body):
    async with site({"/paginas": page(body)}) as (url, _):
        with pytest.raises(SourceBroken) as broken:
            await items_of(wiki(url, key="{id}"), Reach.everywhere())
    assert "canary" not in broken.value.message


async def test_an_api_is_asked_over_https_only():
    with pytest.raises(AddressNotAllowed):
        await items_of(wiki("http://wiki.example"), Reach())


async def test_an_api_that_nobody_configured():
    with pytest.raises(SourceUnknown):
        [item async for item in Apis([], Reach()).items("wiki")]


def test_pointers_and_templates():
    document = {"a": [{"b/c": 1, "m~n": None}], "é": "x"}

    assert [at(document, pointer) for pointer in ("/a/0/b~1c", "/a/9", "/a/-", "/nada", "/é", "")] == [
        1,
        None,
        None,
        None,
        "x",
        document,
    ]
    assert filled("{é}-{/a/0/b~1c}-{__class__}-{0.real}", document) == "x-1--"


def test_a_secret_is_never_shown():
    assert "canary" not in repr(wiki("https://wiki.example"))


# --- the product


async def test_runbooks_are_markdown_files(tmp_path):
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "redis.md").write_text("# Redis")
    (tmp_path / "figura.svg").write_text("<svg/>")

    items = [item async for item in Runbooks(tmp_path).items()]

    assert [(item.key, item.content) for item in items] == [("runbooks/redis.md", b"# Redis")]


ROUTINE = {
    "id": "01939b5e-0000-7000-8000-000000000001",
    "name": "b3-cotahist",
    "title": "Baixar COTAHIST",
    "description": "Baixa o arquivo do dia.",
    "job": "b3.cotahist.download",
    "trigger": {"type": "times", "times": ["19:30", "20:30"]},
    "time_zone": "America/Sao_Paulo",
    "priority": 1,
    "paused": False,
    "tags": ["b3"],
    "depends_on": ["outra"],
    "updated_at": "2026-11-20T12:00:00Z",
}
ERROR = {
    "id": "01939b5e-0000-7000-8000-000000000002",
    "routine_id": ROUTINE["id"],
    "routine_name": "b3-cotahist",
    "routine_title": "Baixar COTAHIST",
    "job": "b3.cotahist.download",
    "business_date": "2026-11-19",
    "finished_at": "2026-11-19T23:00:00Z",
    "attempts": 3,
    "error_code": "HOST_UNREACHABLE",
    "error_message": "A bolsa não respondeu.",
    "reason": None,
}


def core_of(answers: dict[str, list[dict[str, Any]]], asked: list[httpx.URL]) -> ServiceClient:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        pages = answers[request.url.path]
        index = int(request.url.params.get("after", "0"))
        following = str(index + 1) if index + 1 < len(pages) else None
        return httpx.Response(200, json={"items": [pages[index]], "next": following})

    return ServiceClient(
        "http://core", service_name="ai-svc", internal_key=SecretStr("k" * 40), transport=httpx.MockTransport(handle)
    )


async def test_routines_are_told_page_by_page():
    asked: list[httpx.URL] = []
    core = core_of(
        {"/internal/v1/knowledge/routines": [ROUTINE, ROUTINE | {"id": ERROR["id"], "description": ""}]}, asked
    )

    items = [item async for item in Operations(core).routines()]

    assert [item.key for item in items] == [f"routine:{ROUTINE['id']}", f"routine:{ERROR['id']}"]
    text = items[0].content.decode()
    assert text.startswith("# Baixar COTAHIST\n\nBaixa o arquivo do dia.\n")
    assert "- Depende de: outra" in text
    assert "- Disparo: todo dia de execução às 19:30, 20:30 (America/Sao_Paulo)" in text
    assert [url.params.get("after") for url in asked] == [None, "1"]


async def test_errors_are_told_since_a_day():
    asked: list[httpx.URL] = []
    core = core_of({"/internal/v1/knowledge/errors": [ERROR]}, asked)

    (item,) = [item async for item in Operations(core).errors(since=datetime(2026, 11, 1, tzinfo=UTC))]

    assert item.title == "Erro: Baixar COTAHIST em 19/11/2026"
    assert "- Código: HOST_UNREACHABLE" in item.content.decode()
    assert asked[0].params["since"] == "2026-11-01T00:00:00+00:00"
