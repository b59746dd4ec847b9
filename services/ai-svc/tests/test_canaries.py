"""Canaries: strings that stand in documents, questions, prompts, answers and keys are found in no log, span, metric,
error, error report and event, whichever way the work goes.

Each of them holds BIRD, also after it was cut to a stem. Names of files are no canaries: errors may name them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import files
import httpx
import pytest
from ears import Ears, Sink, listening, sink, told_to_redis
from pydantic import SecretStr

from ai_svc.brain import links
from ai_svc.main import create_app
from ai_svc.rag.parsing.parsers import Parsers
from ai_svc.settings import Settings
from shared_utils.observability.metrics import metrics_bytes
from shared_utils.testing.model_server import Answer, Call, Fault, ModelServer, vector_of
from shared_utils.testing.waiting import until

BIRD = "kanarie"
DOCUMENT, QUESTION, PROMPT = f"{BIRD}documento 4711", f"{BIRD}pergunta", f"{BIRD}instrução"
ANSWER, KEY = f"{BIRD}resposta", f"{BIRD}-key-0123456789abcdef"
TEXT = f"# Ata\n\nA reunião tratou de {DOCUMENT}. O arquivo sai às 20 horas, disse a diretora.\n"
ASKED = {"question": f"A que horas sai o arquivo da reunião? {QUESTION}"}
FAULTS = (
    None,
    Fault("status", status=400, message=f"{BIRD} said back"),
    Fault("status", status=500, message=f"{BIRD} said back"),
    Fault("cut", after=1),
    Fault("bad_json", after=1),
    Fault("hang"),
)
NAUGHTY = str(Path(__file__).parent / "factories/naughty_fork_server.py")
NO_MORE_BIRDS = (
    "ALTER TABLE ai.document_originals ADD CONSTRAINT bird CHECK (position('kanarie' in encode(data, 'escape')) = 0) NOT VALID",
    "ALTER TABLE ai.tasks ADD CONSTRAINT bird CHECK (CAST(input AS text) NOT LIKE '%kanarie%') NOT VALID",
    "ALTER TABLE ai.documents ADD CONSTRAINT bird CHECK (title NOT LIKE '%kanarie%') NOT VALID",
    "ALTER TABLE ai.prompt_versions ADD CONSTRAINT bird CHECK (body NOT LIKE '%kanarie%') NOT VALID",
)


class Walker:
    """Does what people do, and keeps every refusal word for word."""

    def __init__(self, client: httpx.AsyncClient, model: ModelServer, admin: asyncpg.Connection) -> None:
        self.client, self.model, self.admin = client, model, admin
        self.refusals: list[str] = []
        self.said: list[str] = []
        self.statuses: dict[str, set[int]] = {}

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await self.client.request(method, f"/api/v1{path}", **options)
        self.statuses.setdefault(path, set()).add(answer.status_code)
        if answer.status_code >= 400:
            self.refusals.append(f"{method} {path} {answer.status_code} {dict(answer.headers)} {answer.text}")
        elif "event: error" in answer.text:
            self.refusals.append(answer.text)
        return answer

    async def added(self, answer: httpx.Response) -> str:
        assert answer.status_code == 202, answer.text
        return str(answer.json()["data"]["document"]["id"])

    async def indexed(self, document_id: str, *, status: str) -> None:
        async def over() -> Any:
            row = await self.admin.fetchrow("SELECT status, error_message FROM ai.documents WHERE id = $1", document_id)
            return row if row["status"] != "INDEXING" or row["error_message"] else None

        row = await until(over, timeout=60, what=f"the document is {status}")
        self.refusals.append(str(row["error_message"]))
        if status != "ANY":
            assert row["status"] == status, dict(row)

    async def upload(self, name: str, content: bytes, media_type: str, *, status: str) -> None:
        sent = {"file": (name, content, media_type)}
        answer = await self.call("POST", "/rag/documents", files=sent, data={"title": f"{BIRD} título"})
        await self.indexed(await self.added(answer), status=status)

    async def documents(self) -> None:
        await self.upload("ata.md", TEXT.encode(), "text/markdown", status="READY")
        await self.upload("ata.pdf", b"%PDF-1.4\n" + TEXT.encode(), "application/pdf", status="FAILED")
        await self.upload("ata.docx", b"PK\x03\x04" + TEXT.encode(), "application/zip", status="FAILED")
        await self.upload("fechada.pdf", files.encrypted_pdf([TEXT], KEY), "application/pdf", status="FAILED")
        await self.upload("cai.txt", f"crash\n{TEXT}".encode(), "text/plain", status="FAILED")
        await self.upload("erra.txt", f"error\n{TEXT}".encode(), "text/plain", status="FAILED")
        body = {"text": TEXT, "title": f"{BIRD} título", "key": f"{BIRD} chave"}
        await self.indexed(await self.added(await self.call("POST", "/rag/documents/text", json=body)), status="READY")
        for url in (f"http://169.254.169.254/{BIRD}?q={BIRD}", f"https://nowhere.invalid/{BIRD}"):
            answer = await self.call("POST", "/rag/documents/url", json={"url": url})
            if answer.status_code == 202:
                await self.indexed(await self.added(answer), status="ANY")
        self.model.embedding_fault = Fault("status", status=500, message=f"{BIRD} said back")
        await self.upload("sem-vetor.md", f"{TEXT} Outra vez.".encode(), "text/markdown", status="READY")
        await self.call("POST", "/rag/search", json=ASKED)
        self.model.embedding_fault = None

    def answer(self, call: Call, fault: Fault | None) -> Answer:
        """What a model says that was asked like this."""
        self.said.append(call.last)
        text = f"{ANSWER} às 20 horas.\n[[1|O arquivo sai às 20 horas]]"
        if call.schema is not None:
            text = json.dumps({"answer": ANSWER, "quotes": [ANSWER], "found": True})
        return Answer(text, fault)

    async def questions(self) -> None:
        text, words = f"{TEXT}\n{DOCUMENT}", {"instruction": f"Extraia as horas. {PROMPT}"}
        jobs: list[tuple[str, dict[str, Any]]] = [
            ("process", {"text": text, **words}),
            ("summarize", {"text": text, "focus": QUESTION}),
            ("qa", {"text": text, **ASKED}),
            ("batch", {"kind": "qa", "items": [{"text": text, **ASKED}, {"text": f"{text}.", **ASKED}]}),
        ]
        for fault in FAULTS:
            self.model.play(lambda call, fault=fault: self.answer(call, fault))
            await self.call("POST", "/rag/search", json=ASKED)
            await self.call("POST", "/rag/ask", json=ASKED)
            await self.call("POST", "/rag/ask/stream", json=ASKED)
            for name, body in jobs:
                headers = {"Prefer": "respond-async"} if fault is None or name == "batch" else {}
                answer = await self.call("POST", f"/ai/text/{name}", json=body, headers=headers)
                if answer.status_code == 202:
                    await self.task_is_over(answer.headers["Location"].removeprefix("/api/v1"))

    async def task_is_over(self, path: str) -> None:
        async def over() -> Any:
            task = (await self.call("GET", path)).json()["data"]
            return task if task["finished_at"] else None

        task = await until(over, timeout=60, what="the task is over")
        items = (await self.call("GET", f"{path}/items")).json().get("data") or []
        self.refusals.append(f"{task['error']} {[item['error'] for item in items]}")

    async def prompts(self) -> None:
        body = f"Responda: {{{{question}}}} {PROMPT}"
        made = {"name": "time.ave", "body": body, "variables": [{"name": "question", "type": "text"}]}
        assert (await self.call("POST", "/ai/prompts", json=made)).status_code == 201
        await self.call("POST", "/ai/prompts", json=made)
        await self.call("POST", "/ai/prompts", json=made | {"name": "time.aves", "body": f"{body} {{{{outra}}}}"})
        tried = {"label": "production", "variables": {"question": QUESTION}}
        for fault in FAULTS[:3]:
            self.model.play(lambda call, fault=fault: self.answer(call, fault))
            await self.call("POST", "/ai/prompts/time.ave/test", json=tried)
        await self.call("POST", "/ai/prompts/time.ave/test", json={"variables": {"outra": QUESTION}})

    async def a_database_that_refuses(self) -> None:
        for statement in NO_MORE_BIRDS:
            await self.admin.execute(statement)
        await self.writes()
        for table in ("document_originals", "tasks", "documents", "prompt_versions"):
            await self.admin.execute(f"ALTER TABLE ai.{table} DROP CONSTRAINT bird")
        async with self.admin.transaction():
            await self.admin.execute("LOCK TABLE ai.documents, ai.tasks, ai.prompt_versions, ai.chunks")
            writing = asyncio.create_task(self.writes())
            while not writing.done():
                await self.admin.fetch(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database() AND application_name = 'ai-svc'"
                )
                await asyncio.wait([writing], timeout=0.02)
            await writing
        await self.admin.execute("ALTER TABLE ai.chunks RENAME TO chunks_away")
        await self.call("POST", "/rag/search", json=ASKED)
        await self.call("POST", "/rag/ask", json=ASKED)
        await self.admin.execute("ALTER TABLE ai.chunks_away RENAME TO chunks")

    async def writes(self) -> None:
        one = {"text": TEXT, "title": f"{BIRD} outro"}
        await self.call("POST", "/rag/documents/text", json=one)
        await self.call("POST", "/rag/documents", files={"file": ("nova.md", f"{TEXT}!".encode(), "text/markdown")})
        await self.call("POST", "/ai/text/qa", json={"text": TEXT, **ASKED}, headers={"Prefer": "respond-async"})
        await self.call("POST", "/ai/prompts/time.ave/versions", json={"body": f"{PROMPT} {{{{question}}}}"})
        await self.call("POST", "/rag/search", json=ASKED)

    async def nonsense(self, document: Any) -> None:
        """Every route with the wrong kind of everything."""
        for path, method, operation in _operations(document):
            filled = path.removeprefix("/api/v1")
            while "{" in filled:
                filled = filled[: filled.index("{")] + "what is this" + filled[filled.index("}") + 1 :]
            params = {one["name"]: f"{BIRD} 1" for one in operation.get("parameters", ()) if one["in"] == "query"}
            await self.call(method, filled, params=params)
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                for body in _wrong(document, content["application/json"]["schema"]):
                    await self.call(method, filled, content=body, headers={"Content-Type": "application/json"})
            elif content:
                await self.call(
                    method, filled, files={"file": (BIRD, BIRD.encode())}, data={"chunking": BIRD, "readers": BIRD}
                )
                await self.call(
                    method, filled, content=BIRD, headers={"Content-Type": "multipart/form-data; boundary=x"}
                )


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        if path.startswith("/api/v1/"):
            for method, operation in methods.items():
                yield path, method.upper(), operation


def _wrong(document: Any, schema: Any) -> Iterator[str]:
    """Bodies that are not acceptable: each field as a text, as an object and as a list, and no JSON at all."""
    name = next((one["$ref"] for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), "").split("/")[-1]
    fields = document["components"]["schemas"].get(name, {}).get("properties", {})
    for value in (BIRD, f"{BIRD}\x00\ud800", {"x": BIRD}, [BIRD], [{"text": BIRD, "variables": BIRD}], BIRD * 100_000):
        yield json.dumps(dict.fromkeys(fields, value))
    yield json.dumps(dict.fromkeys(fields, BIRD) | {"what": BIRD})
    yield f'{{"text": "{BIRD}'
    yield json.dumps(BIRD)


@pytest.fixture
async def collector() -> AsyncIterator[Sink]:
    async with sink() as made:
        yield made


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with ModelServer(api_key=KEY, embedding=lambda text: vector_of(text, 8)) as server:
        yield server


@pytest.fixture
def watched(settings: Settings, collector: Sink, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The whole service with a scripted model, a collector of spans, and parsers that crash when they are told to."""
    monkeypatch.setitem(Parsers.__init__.__kwdefaults__, "fork_server", (NAUGHTY,))
    monkeypatch.setattr(links, "QUICK_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(links, "PATIENT_WAIT_SECONDS", 0.001)
    return settings.model_copy(
        update={
            "openai_compatible_url": model.url,
            "openai_compatible_api_key": SecretStr(KEY),
            "openai_compatible_model": "scripted",
            "openai_api_key": None,
            "model_chain": "openai_compatible,local",
            "model_timeouts": {"openai_compatible": {"first_token": 0.5, "between_tokens": 0.5, "whole": 1}},
            "embeddings_provider": "openai_compatible",
            "embeddings_model": "scripted",
            "embeddings_dimensions": 8,
            "otlp_traces_endpoint": f"{collector.url}/v1/traces",
            "otlp_metrics_endpoint": f"{collector.url}/v1/metrics",
            "otlp_headers": SecretStr(f"x-api-key={KEY}"),
            "task_max_attempts": 1,
        }
    )


@pytest.mark.timeout(600)
async def test_no_canary_gets_out(
    watched: Settings, serve: Any, model: ModelServer, collector: Sink, database: Any, streams_redis: Any,
    oidc_issuer: Any, capfd: Any,
) -> None:  # fmt: skip
    admin = await asyncpg.connect(database.admin_url)
    document = create_app(watched).openapi()
    async with serve(watched) as client:
        with listening() as ears:  # an application that is made sets its logging up, so this comes after it
            client.headers["Authorization"] = f"Bearer {oidc_issuer.token(sub='ana', roles=['admin'])}"
            client.timeout = httpx.Timeout(60)
            walker = Walker(client, model, admin)
            model.play(lambda call: walker.answer(call, None))
            await walker.documents()
            await walker.questions()
            await walker.prompts()
            await walker.a_database_that_refuses()
            await walker.nonsense(document)
            metrics = metrics_bytes().decode()
    tables = ("outbox", "inbox", "model_calls", "episodes", "budgets")
    rows = [str(row) for table in tables for row in await admin.fetch(f"SELECT one::text FROM ai.{table} AS one")]
    await admin.close()
    the_walk_was_whole(walker, ears, collector)
    everywhere = {
        "logs": ears.lines,
        "error reports": ears.reports,
        "what was printed": [
            one for text in capfd.readouterr() for one in text.splitlines() if "http://ai/" not in one
        ],
        "spans": [body.decode("latin-1") for body in collector.bodies],
        "metrics": [metrics],
        "refusals": [
            one.split(" ", 2)[2] if one.startswith(("GET", "POST", "PUT", "DEL")) else one for one in walker.refusals
        ],
        "events": [*rows, *await told_to_redis(streams_redis)],
    }
    found = [f"{place}: …{_around(one)}…" for place, texts in everywhere.items() for one in texts if BIRD in one]
    assert not found, f"{len(found)} canaries, of them\n\n" + "\n\n".join(found[:10])


def the_walk_was_whole(walker: Walker, ears: Ears, collector: Sink) -> None:
    """The canaries were there to be found: everything was tried, and went right and wrong."""
    assert walker.statuses["/rag/search"] >= {200, 422, 500}
    assert walker.statuses["/rag/ask"] >= {200, 422, 500}
    assert walker.statuses["/rag/documents/text"] >= {202, 422, 500, 503}
    assert walker.statuses["/ai/text/qa"] >= {200, 202, 422, 500, 503}
    for canary in (DOCUMENT, QUESTION, PROMPT):
        assert any(canary in said for said in walker.said), canary
    assert len(ears.reports) > 5
    assert len(collector.bodies) > 0


def _around(text: str) -> str:
    at = text.index(BIRD)
    return text[max(0, at - 300) : at + 200]
