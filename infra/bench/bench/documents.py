"""Documents: how fast versions are written with their words and vectors, and how soon an edit is searchable."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import text

from ai_svc.rag.documents.public import SourceKind, TextWrite, documents_for
from ai_svc.rag.indexing.building import Builder
from ai_svc.rag.indexing.claims import Claims
from ai_svc.rag.indexing.originals import Originals
from ai_svc.rag.indexing.running import swapping_with
from ai_svc.rag.indexing.work import Built
from ai_svc.rag.indexing.worker import Indexer, Swapper
from ai_svc.rag.parsing import ParsedText, parse
from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction

DOCUMENTS: Final = 200
PARAGRAPHS: Final = 100
WORDS: Final = 72
DIMENSIONS: Final = 384
EDITS: Final = 60
RATE_BAR: Final = 5000.0
EDIT_BAR: Final = 2000.0
VOCABULARY: Final = 20_000
"""Different words, the n-th as common as 1/n: about as many as a library of business documents has."""
SYLLABLES: Final = (
    "pre",
    "fun",
    "co",
    "câm",
    "lei",
    "op",
    "a",
    "mar",
    "tí",
    "sal",
    "ju",
    "ín",
    "ren",
    "ne",
    "in",
    "li",
)
ENDINGS: Final = ("go", "do", "tas", "bio", "lão", "ção", "ções", "gem", "tulo", "ado", "ros", "mento", "ável", "idade")
OPEN_SPACE: Final = text("""
    INSERT INTO ai.embedding_spaces (provider, model, dimensions, preparation, dense_weight, state)
    VALUES ('stub', 'stub', :size, '{}', 0.1, 'retired') RETURNING id
""")


@dataclass(frozen=True)
class _Made:
    space_id: int
    vectors: Sequence[Sequence[float]]


class _Stub:
    """Vectors at no cost: one of a hundred."""

    def __init__(self, space_id: int) -> None:
        rng = random.Random(1)  # noqa: S311  made-up text
        self._space_id = space_id
        self._vectors = [[rng.uniform(-0.1, 0.1) for _ in range(DIMENSIONS)] for _ in range(100)]

    async def passages(self, passages: Sequence[tuple[str, str]]) -> _Made:
        return _Made(self._space_id, [self._vectors[len(body) % 100] for _, body in passages])


class _InProcess:
    """Our own Markdown needs no child process."""

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
        data = content if isinstance(content, bytes) else await asyncio.to_thread(content.read_bytes)
        return parse(data, media_type=media_type, name=name)


async def measure_documents() -> list[Measure]:
    """Rows are passages, each with its words and a vector of 384 numbers."""
    async with bench_stack("documents") as bench:
        process = await bench.start_ai(
            AI_SVC_EMBEDDINGS_PROVIDER="off", AI_SVC_INDEXING_CONCURRENCY="3", AI_SVC_DOCUMENT_CHUNK_CHARS="700"
        )
        edits = await _edits(bench, process.url)
        process.process.stop()
        engine = create_engine(bench.stack.url("ai"), application_name="bench")
        try:
            sessions = sessionmaker_for(engine)
            space_id = await _open_space(sessions)
            written, rows = await _write(sessions, space_id, "a")
            through, all_rows = await _index(sessions, space_id, "b")
        finally:
            await engine.dispose()
    return [
        Measure(
            "passages written with words and vectors", rows / written, "1/s", bar=RATE_BAR, better="more",
            note=f"{rows:,} rows of {DOCUMENTS} documents, without parsing and embedding",
        ),
        Measure("passages from stored upload to searchable", all_rows / through, "1/s", note="parsed and cut too"),
        Measure("edit to searchable, p95", percentile(edits, 0.95), "ms", bar=EDIT_BAR, note=f"{EDITS} edits over HTTP"),
        Measure("edit to searchable, p50", percentile(edits, 0.5), "ms"),
    ]  # fmt: skip


async def _open_space(sessions: SessionFactory) -> int:
    async with transaction(sessions) as session:
        space_id = int((await session.execute(OPEN_SPACE, {"size": DIMENSIONS})).scalar_one())
        await session.execute(text("SELECT ai.open_vector_space(:id)"), {"id": space_id})
    return space_id


async def _write(sessions: SessionFactory, space_id: int, prefix: str) -> tuple[float, int]:
    """Seconds from passages and vectors in memory to all of them committed: chunks, words, vectors, texts, events."""
    clock = SystemClock()
    await _add(sessions, prefix)
    builder = Builder(Originals(sessions), _InProcess(), embedding=_Stub(space_id), max_chars=700)
    async with transaction(sessions) as session:
        claimed = await Claims(session).take(most=DOCUMENTS, now=clock.now(), lease=timedelta(hours=1))
    ready = [(work, built) for work in claimed if isinstance(built := await builder.build(work), Built)]
    rows = sum(len(built.pieces) for _, built in ready)
    swapper = Swapper(sessions, swapping_with(clock))
    began = time.perf_counter()
    done = await asyncio.gather(*(swapper.swap(work, built) for work, built in ready))
    assert all(done)
    return time.perf_counter() - began, rows


async def _index(sessions: SessionFactory, space_id: int, prefix: str) -> tuple[float, int]:
    """Seconds of the whole pipeline but for child processes and a model."""
    clock = SystemClock()
    await _add(sessions, prefix)
    builder = Builder(Originals(sessions), _InProcess(), embedding=_Stub(space_id), max_chars=700)
    began = time.perf_counter()
    await Indexer(sessions, clock, builder, swapping_with(clock), concurrency=8).run_once()
    seconds = time.perf_counter() - began
    async with sessions() as session:
        counted = text("SELECT sum(chunk_count) FROM ai.documents WHERE source_key LIKE :prefix AND status = 'READY'")
        return seconds, int(await session.scalar(counted, {"prefix": f"{prefix}%"}) or 0)


async def _add(sessions: SessionFactory, prefix: str) -> None:
    text_of = _Texts(prefix)
    for number in range(DOCUMENTS):
        write = TextWrite(title=f"{prefix}{number}", text=text_of.document())
        async with transaction(sessions) as session:
            added = await documents_for(session, clock=SystemClock()).write(write, owner="bench")
        assert added.document.source_kind is SourceKind.TEXT


async def _edits(bench: BenchStack, url: str) -> list[float]:
    """Milliseconds from sending an edit of one paragraph of a document with a hundred to the version being there."""
    text_of = _Texts("edits")
    paragraphs = [text_of.paragraph() for _ in range(PARAGRAPHS)]
    taken: list[float] = []
    async with httpx.AsyncClient(base_url=url, headers=dict(bench.http.headers), timeout=30) as http:
        for number in range(EDITS + 1):
            paragraphs[number * 37 % PARAGRAPHS] = text_of.paragraph()
            began = time.perf_counter()
            body = {"title": "edited", "text": "\n\n".join(paragraphs)}
            answer = await http.post("/api/v1/rag/documents/text", json=body)
            document = answer.raise_for_status().json()["data"]["document"]
            await _until_version(http, document["id"], number + 1)
            taken.append((time.perf_counter() - began) * 1000)
    return taken[1:]


async def _until_version(http: httpx.AsyncClient, document_id: Any, version: int) -> None:
    while True:
        answer = await http.get(f"/api/v1/rag/documents/{document_id}")
        if answer.json()["data"]["version"] >= version:
            return
        await asyncio.sleep(0.005)


class _Texts:
    """Made-up documents, the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._dice = random.Random(seed)  # noqa: S311  made-up text
        made = [*SYLLABLES, *(one + other for one in SYLLABLES for other in SYLLABLES)]
        made += [one + other + third for one in SYLLABLES for other in SYLLABLES for third in SYLLABLES]
        self._words = [start + ending for start in made for ending in ENDINGS][:VOCABULARY]
        self._common = list(accumulate(1 / (place + 1) for place in range(VOCABULARY)))

    def document(self) -> str:
        return "\n\n".join(self.paragraph() for _ in range(PARAGRAPHS))

    def paragraph(self) -> str:
        """About 600 characters, so that a passage is one paragraph."""
        return f"{' '.join(self._dice.choices(self._words, cum_weights=self._common, k=WORDS))}."
