"""Documents over HTTP: who may add, see, read and change them, and what becomes of what is sent."""

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from ai_svc.settings import Settings
from shared_utils.testing.waiting import until

TEXT = "# Ata\n\nO pregão abriu às dez horas.\n\n## Câmbio\n\nO dólar fechou em alta.\n"
URL = "/api/v1/rag/documents"


class Person:
    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str = "", **sent: Any) -> httpx.Response:
        base = "" if path.startswith("/api") else URL
        return await self.client.request(method, base + path, headers=self.headers | sent.pop("headers", {}), **sent)

    async def upload(self, content: str | bytes = TEXT, *, name: str = "ata.md", **said: Any) -> httpx.Response:
        data = content.encode() if isinstance(content, str) else content
        return await self.call("POST", files={"file": (name, data)}, data=said)

    async def ready(self, document_id: str, version: int = 1) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            document = (await self.call("GET", f"/{document_id}")).json()["data"]
            return document if document["version"] == version and document["status"] == "READY" else None

        return await until(look, what="the document is indexed")


@pytest.fixture
async def app(serve: Any, settings: Settings, streams_redis: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(
        settings.model_copy(update={"document_max_bytes": 200_000, "document_chunk_chars": 200})
    ) as client:
        yield client


@pytest.fixture
def person(app: httpx.AsyncClient, oidc_issuer: Any) -> Any:
    return lambda sub, role="operator": Person(app, oidc_issuer.token(sub=sub, roles=[role]))


async def test_an_upload_is_searchable_soon_and_its_own(person: Any) -> None:
    ana, bia, admin = person("ana"), person("bia"), person("root", "admin")
    answer = await ana.upload(tags=["ata", "câmbio"], collection="reuniões")
    assert answer.status_code == 202, answer.text
    added = answer.json()["data"]
    assert (added["outcome"], added["document"]["source_key"]) == ("created", "reuniões/ata.md")
    document = await ana.ready(added["document"]["id"])
    assert (document["title"], document["chunk_count"], document["readers"]) == ("Ata", 2, ["user:ana"])
    assert document["media_type"] == "text/markdown"
    chunks = (await ana.call("GET", f"/{document['id']}/chunks?limit=1")).json()
    assert (chunks["data"][0]["heading"], chunks["meta"]["has_more"]) == ("Ata", True)
    rest = await ana.call("GET", f"/{document['id']}/chunks?cursor={chunks['meta']['next_cursor']}")
    assert [chunk["heading"] for chunk in rest.json()["data"]] == ["Ata > Câmbio"]
    assert (await ana.upload(tags=["ata", "câmbio"], collection="reuniões")).json()["data"]["outcome"] == "unchanged"

    for method, path in [("GET", ""), ("GET", "/chunks"), ("DELETE", ""), ("POST", "/reindex")]:
        assert (await bia.call(method, f"/{document['id']}{path}")).status_code == 404, (
            "what one may not see is not there"
        )
    assert (await bia.call("GET")).json()["data"] == []
    assert [one["id"] for one in (await admin.call("GET")).json()["data"]] == [document["id"]]
    refused = await admin.call("GET", f"/{document['id']}/chunks")
    assert (refused.status_code, refused.json()["code"]) == (403, "DOCUMENT_NOT_READABLE")


async def test_readers_are_given_and_taken(person: Any) -> None:
    ana, bia = person("ana"), person("bia", "viewer")
    document = (await ana.upload(readers=["role:operator"])).json()["data"]["document"]
    await ana.ready(document["id"])
    assert (await bia.call("GET", f"/{document['id']}")).status_code == 404
    given = await ana.call("PUT", f"/{document['id']}/access", json={"readers": ["user:bia"]})
    assert given.json()["data"]["readers"] == ["user:ana", "user:bia"]
    assert len((await bia.call("GET", f"/{document['id']}/chunks")).json()["data"]) == 2
    other = person("caio")
    assert (await other.call("GET", f"/{document['id']}")).status_code == 404
    await ana.call("PUT", f"/{document['id']}/access", json={"readers": ["*"]})
    assert (await other.call("GET", f"/{document['id']}")).status_code == 200
    mine = await other.call("DELETE", f"/{document['id']}")
    assert (mine.status_code, mine.json()["code"]) == (403, "DOCUMENT_NOT_YOURS")
    assert (await bia.call("DELETE", f"/{document['id']}")).status_code == 403, "a viewer changes nothing"
    bad = await ana.call("PUT", f"/{document['id']}/access", json={"readers": ["everyone"]})
    assert bad.status_code == 422
    assert (await ana.call("DELETE", f"/{document['id']}")).status_code == 204
    assert (await ana.call("GET", f"/{document['id']}")).status_code == 404


async def test_a_written_text_changes_by_its_key(person: Any) -> None:
    ana = person("ana")
    said = {"title": "Plantão", "text": TEXT, "readers": ["*"]}
    first = (await ana.call("POST", "/text", json=said)).json()["data"]
    await ana.ready(first["document"]["id"])
    second = (await ana.call("POST", "/text", json=said | {"text": TEXT + "\nMais uma linha."})).json()["data"]
    assert (second["outcome"], second["document"]["id"]) == ("updated", first["document"]["id"])
    document = await ana.ready(first["document"]["id"], version=2)
    assert (document["title"], document["readers"]) == ("Plantão", ["*", "user:ana"])
    again = await ana.call("POST", f"/{document['id']}/reindex")
    assert again.status_code == 202
    await ana.ready(document["id"], version=3)


async def test_lists_are_filtered_and_paged(person: Any) -> None:
    ana = person("ana")
    for number in range(5):
        said = {
            "title": f"Nota {number}",
            "text": TEXT,
            "collection": "a" if number % 2 else "b",
            "tags": [f"t{number}"],
        }
        assert (await ana.call("POST", "/text", json=said)).status_code == 202
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await ana.call("GET", f"?limit=2{cursor}")).json()
        seen += [one["title"] for one in page["data"]]
        if not page["meta"]["has_more"]:
            break
        cursor = f"&cursor={page['meta']['next_cursor']}"
    assert seen == [f"Nota {number}" for number in reversed(range(5))]
    for query, wanted in [("collection=a", ["Nota 3", "Nota 1"]), ("tag=t2", ["Nota 2"]), ("source=upload", [])]:
        found = (await ana.call("GET", f"?{query}")).json()["data"]
        assert [one["title"] for one in found] == wanted
    assert (await ana.call("GET", "?cursor=nonsense")).json()["code"] == "INVALID_CURSOR"


async def test_what_is_refused(person: Any, app: httpx.AsyncClient) -> None:
    ana = person("ana")
    large = await ana.upload(random.Random(1).randbytes(200_001))
    assert (large.status_code, large.json()["code"]) == (413, "DOCUMENT_TOO_LARGE")
    huge = await ana.upload(b"x" * 300_000)
    assert (huge.status_code, huge.json()["code"]) == (413, "TOO_LARGE")
    assert (await ana.call("POST", data={"title": "Sem arquivo"})).json()["code"] == "UPLOAD_INCOMPLETE"
    wrong = await ana.upload(chunking="words")
    assert (wrong.status_code, wrong.json()["details"][0]["field"]) == (422, "chunking")
    assert (await app.post(URL, headers={"Authorization": ""}, files={"file": ("a.md", b"x")})).status_code == 401
    assert (await person("bia", "viewer").upload()).status_code == 403
    private = await ana.call("POST", "/url", json={"url": "https://127.0.0.1/x"})
    assert (private.status_code, private.json()["code"]) == (422, "ADDRESS_NOT_ALLOWED")
    assert (await ana.call("GET")).json()["data"] == []


async def test_a_broken_file_fails_alone(person: Any) -> None:
    ana = person("ana")
    broken = (await ana.upload(b"\x00\x01\x02", name="dados.bin")).json()["data"]["document"]
    fine = (await ana.upload()).json()["data"]["document"]
    await ana.ready(fine["id"])

    async def failed() -> dict[str, Any] | None:
        document = (await ana.call("GET", f"/{broken['id']}")).json()["data"]
        return document if document["status"] == "FAILED" else None

    document = await until(failed)
    assert document["error_code"] == "DOCUMENT_NOT_SUPPORTED"
    assert [one["id"] for one in (await ana.call("GET", "?status=FAILED")).json()["data"]] == [broken["id"]]


async def test_a_person_is_erased_by_an_administrator(person: Any) -> None:
    ana, bia, admin = person("ana"), person("bia"), person("root", "admin")
    mine = (await ana.upload()).json()["data"]["document"]
    theirs = (await bia.upload(readers=["user:ana"])).json()["data"]["document"]
    await ana.ready(mine["id"])
    await bia.ready(theirs["id"])
    asked = {"text": "O dólar fechou em alta.", "question": "Como fechou o dólar?"}
    task = await ana.call("POST", "/api/v1/ai/text/qa", json=asked, headers={"Prefer": "respond-async"})
    run = await ana.call("POST", "/api/v1/rag/ask/stream", json={"question": "Como fechou o dólar?"})
    run_id = json.loads(run.text.split("data: ")[1].splitlines()[0])["run_id"]
    assert (await ana.call("DELETE", "/api/v1/rag/people/ana")).status_code == 403
    erased = (await admin.call("DELETE", "/api/v1/rag/people/ana")).json()["data"]
    assert erased == {"subject": "ana", "documents": 1, "chunks": 2, "access_lists": 2, "tasks": 1, "runs": 1}
    again = (await admin.call("DELETE", "/api/v1/rag/people/ana")).json()["data"]
    assert again == {"subject": "ana", "documents": 0, "chunks": 0, "access_lists": 0, "tasks": 0, "runs": 0}
    assert (await bia.call("GET", f"/{theirs['id']}")).json()["data"]["readers"] == ["user:bia"]
    assert (await ana.call("GET", task.headers["Location"])).status_code == 404
    assert (await ana.call("GET", f"/api/v1/rag/ask/{run_id}/stream")).status_code == 404
