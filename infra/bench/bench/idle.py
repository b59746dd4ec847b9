"""Idle memory of the processes that every installation runs, and of ai-svc at work."""

import asyncio
from io import BytesIO

import docx
import httpx
import openpyxl

from bench.environments import deployed_ai_svc
from bench.processes import family_pss, pss_megabytes, rss_megabytes
from bench.report import Measure
from bench.stack import AiProcess, BenchStack, bench_stack

SETTLE_SECONDS = 8
REQUESTS = 200
PATIENCE_SECONDS = 30
BAR_MEGABYTES = 350
BAR_AI_MEGABYTES = 120  # the offline model has processes of its own, which start when they are needed
DEPLOYED = "an environment with its requirements.txt only, as in its image"
TEXT = "# Ata\n\nO pregão abriu em alta.\n\n## Câmbio\n\nO dólar caiu."

# Without a table of its objects, which readers make themselves.
PDF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[4 0 R]/Count 1>> endobj
3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>> endobj
4 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>> endobj
5 0 obj <</Length 51>>stream
BT /F1 10 Tf 50 800 Td (O dolar caiu em maio) Tj ET
endstream endobj
trailer <</Size 6/Root 1 0 R>>
startxref
0
%%EOF
"""


async def measure_idle_memory() -> list[Measure]:
    """After start-up and a few quiet heartbeats; a worker counts with its warm child processes."""
    python, sources = await asyncio.to_thread(deployed_ai_svc)
    async with bench_stack("idle") as bench:
        scheduler = bench.stack.start_scheduler()
        worker = await bench.stack.start_worker("worker-1", slots=4)
        served = await bench.start_ai(python=python, AI_SVC_EMBEDDINGS_PROVIDER="off", **sources)
        await asyncio.sleep(SETTLE_SECONDS)
        core = next(process for process in bench.stack.processes if process.name == "core-api")
        parts = {process.name: family_pss(process.pid) for process in (core, scheduler, worker)}
        ai = await _ai_svc(bench, served)
        served.process.stop()
        keyed = {"AI_SVC_EMBEDDINGS_PROVIDER": "off", "AI_SVC_OPENAI_API_KEY": "bench"}
        ai += await _with_key(bench, await bench.start_ai(python=python, **keyed, **sources))
    named = [
        Measure(f"idle memory, {name}", megabytes, "MB", note=f"PSS of {_processes(count)}")
        for name, (megabytes, count) in parts.items()
    ]
    total = sum(megabytes for megabytes, _ in parts.values())
    return [*named, Measure("idle memory: api + scheduler + worker", total, "MB", bar=BAR_MEGABYTES), *ai]


async def _ai_svc(bench: BenchStack, served: AiProcess) -> list[Measure]:
    """Without any key: at rest, after requests, with the process that reads documents."""
    pid = served.process.pid
    rest, rest_note = family_pss(pid)[0], f"PSS; RSS {rss_megabytes(pid):.0f}; {DEPLOYED}"
    async with httpx.AsyncClient(base_url=served.url, headers=dict(bench.http.headers), timeout=60) as http:
        await _ask(http)
        asked, asked_note = pss_megabytes(pid), f"PSS of its own process; RSS {rss_megabytes(pid):.0f}"
        reading, readers = family_pss(pid)
        await _index_every_format(http)
        everything, all_readers = family_pss(pid)
    bar = BAR_AI_MEGABYTES
    return [
        Measure("memory of ai-svc at rest", rest, "MB", bar=bar, note=rest_note),
        Measure(f"memory of ai-svc after {REQUESTS} requests", asked, "MB", bar=bar, note=asked_note),
        Measure(
            "memory of ai-svc while texts are read",
            *(reading, "MB"),
            bar=bar,
            note=f"PSS of {_processes(readers)}, the parsers' among them, which goes after a minute without documents",
        ),
        Measure(
            "memory of ai-svc while all formats are read",
            *(everything, "MB"),
            bar=bar,
            note=f"PSS of {_processes(all_readers)}, with the libraries for PDF, Word, Excel and web pages",
        ),
    ]


async def _with_key(bench: BenchStack, served: AiProcess) -> list[Measure]:
    """The same with the adapter for OpenAI, whose library is loaded at the start."""
    await asyncio.sleep(SETTLE_SECONDS)
    pid, bar = served.process.pid, BAR_AI_MEGABYTES
    rest, rest_note = pss_megabytes(pid), f"PSS; RSS {rss_megabytes(pid):.0f}"
    async with httpx.AsyncClient(base_url=served.url, headers=dict(bench.http.headers), timeout=60) as http:
        await _ask(http)
    asked, asked_note = pss_megabytes(pid), f"PSS of its own process; RSS {rss_megabytes(pid):.0f}"
    return [
        Measure("memory of ai-svc with an OpenAI key, at rest", rest, "MB", bar=bar, note=rest_note),
        Measure(f"... after {REQUESTS} requests", asked, "MB", bar=bar, note=asked_note),
    ]


def _processes(count: int) -> str:
    return f"{count} process{'es' if count > 1 else ''}"


async def _ask(http: httpx.AsyncClient) -> None:
    """A document, then searches and lists, one after the other."""
    (await http.post("/api/v1/rag/documents/text", json={"title": "Ata", "text": TEXT})).raise_for_status()
    for _ in range(REQUESTS // 4):
        question = {"question": "quando abriu o pregão?"}
        (await http.post("/api/v1/rag/search", json=question)).raise_for_status()
        for path in ("ai/status", "rag/documents", "ai/usage"):
            (await http.get(f"/api/v1/{path}")).raise_for_status()
    await _indexed(http)


async def _index_every_format(http: httpx.AsyncClient) -> None:
    for name, content in _files().items():
        (await http.post("/api/v1/rag/documents", files={"file": (name, content)})).raise_for_status()
    await _indexed(http)


async def _indexed(http: httpx.AsyncClient) -> None:
    """Waits until every document can be searched; a document that cannot be read fails the measurement."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            documents = (await http.get("/api/v1/rag/documents")).json()["data"]
            failed = [document["error_code"] for document in documents if document["error_code"]]
            if failed:
                raise RuntimeError(f"documents were not read: {failed}")
            if all(document["status"] == "READY" for document in documents):
                return
            await asyncio.sleep(0.2)


def _files() -> dict[str, bytes]:
    """One small document of each format that needs a library."""
    written = {name: BytesIO() for name in ("ata.docx", "ata.xlsx")}
    letter = docx.Document()
    letter.add_paragraph("O pregão abriu em alta.")
    letter.save(written["ata.docx"])
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Código", "PETR4"])
    workbook.save(written["ata.xlsx"])
    others = {"ata.html": b"<p>O dolar caiu.</p>", "ata.pdf": PDF}
    return {name: file.getvalue() for name, file in written.items()} | others
