"""Portuguese retrieval without any key: quality on Pirá beside the logic of others, the gate, and the time at 100,000 passages."""

import asyncio
import hashlib
import json
import os
import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np
from sqlalchemy import text

from ai_svc.embeddings.bert import Encoder
from ai_svc.embeddings.nearest import Nearest, QueryVector
from ai_svc.embeddings.offline_files import offline_model
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import NewSpace, SpaceWriter, as_space
from ai_svc.embeddings.texts import Preparation
from ai_svc.embeddings.vectors import vectors_for
from ai_svc.rag.chunking import OFFLINE_MAX_CHARS, chunk
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.search.public import Finders, IndexedChunk, SearchResult, index_for, search
from bench.foreign_questions import FOREIGN
from bench.pira import OUT_OF_DOMAIN, Pira, Question, pira_file, read_pira
from bench.ranking_metrics import Quality, auroc, quality, rank_of
from bench.report import Measure, percentile
from bench.retrieval_peers import PeerAnswer, Peers
from bench.vectors import processor_ms, settle_all
from ephemeral import REPO
from shared_utils.clock import SystemClock
from shared_utils.db.bootstrap import bootstrap_database
from shared_utils.db.engine import create_engine
from shared_utils.db.migrations import upgrade
from shared_utils.db.session import (
    ReadSession,
    SessionFactory,
    WriteSession,
    read_transaction,
    sessionmaker_for,
    transaction,
    undone,
)
from shared_utils.testing.ports import free_port
from shared_utils.testing.postgres_server import PostgresServer, new_password

GROUP = "Portuguese questions that name their subject, nDCG@10"
MIGRATIONS = REPO / "services" / "ai-svc" / "migrations"
DENSE_WEIGHT = 0.1
DIMENSIONS = 384
PASSAGES_AT_SCALE = int(os.environ.get("BENCH_RETRIEVAL_PASSAGES", "100000"))
PER_DOCUMENT = 500
QUESTIONS_AT_SCALE = 150
BAR_NDCG, BAR_RECALL, BAR_PARAPHRASE, BAR_EMPTY, BAR_HYBRID_MS = 0.87, 0.95, 0.86, 0.01, 60
BAR_AUROC, BAR_ANSWERED, BAR_FALSE, BAR_OUT_OF_DOMAIN = 0.85, 0.82, 0.30, 0.02


async def measure_retrieval() -> list[Measure]:
    """Fails when Pirá is not at hand: it is no number without it."""
    pira = read_pira(pira_file())
    with tempfile.TemporaryDirectory(prefix="rotina-bench-") as folder:
        async with _database(Path(folder)) as (sessions, connection):
            library = await _load(sessions, connection, pira)
            measures = await _qualities(library) + await _gate(library)
            measures += await _at_scale(library)
    return measures


# --- the library -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _database(folder: Path) -> AsyncIterator[tuple[SessionFactory, "asyncpg.Connection[Any]"]]:
    server = PostgresServer(
        folder / "postgres",
        port=free_port(),
        superuser_password=new_password(),
        log_file=folder / "postgres.log",
        shared_buffers="256MB",  # as in infra/docker-compose.yml
    )
    server.init()
    server.start()
    try:
        passwords = {
            role: new_password() for role in ("core", "core_owner", "ai", "ai_owner", "market", "market_owner")
        }
        await bootstrap_database(server.admin_dsn("postgres"), database="rotina", passwords=passwords)
        at = f"127.0.0.1:{server.port}/rotina"
        owner = f"postgresql+asyncpg://ai_owner:{passwords['ai_owner']}@{at}"
        await asyncio.to_thread(upgrade, migrations_dir=MIGRATIONS, url=owner)
        engine = create_engine(f"postgresql+asyncpg://ai:{passwords['ai']}@{at}", application_name="bench")
        connection = await asyncpg.connect(server.admin_dsn("rotina"))
        try:
            yield sessionmaker_for(engine), connection
        finally:
            await connection.close()
            await engine.dispose()
    finally:
        server.remove()


class StoredVectors:
    """The dense leg on a plain table, exact: quality is measured, and the same vectors are there for the others."""

    def __init__(self, vectors: dict[str, str]) -> None:
        self._vectors = vectors

    async def space(self) -> Space:
        return Space(1, "offline", "all-MiniLM-L6-v2", 384, "", DENSE_WEIGHT)

    async def question(self, text: str, *, user: str) -> str | None:
        del user
        return self._vectors.get(text)

    async def nearest(
        self,
        session: ReadSession,
        *,
        query: str,
        scope: Sequence[int],
        limit: int,
        documents: Sequence[UUID] | None = None,
    ) -> Sequence[Any]:
        del documents
        statement = text(
            "SELECT chunk_id, 1 - (embedding <=> CAST(:query AS vector)) AS similarity FROM bench.vectors "
            "WHERE access_id = ANY(CAST(:scope AS integer[])) ORDER BY embedding <=> CAST(:query AS vector) LIMIT :limit"
        )
        return (await session.execute(statement, {"query": query, "scope": scope, "limit": limit})).all()


@dataclass
class Library:
    sessions: SessionFactory
    connection: "asyncpg.Connection[Any]"
    pira: Pira
    documents: list[UUID]
    of_chunk: dict[int, UUID]
    vectors: dict[str, str]

    async def ask(self, session: ReadSession, question: str, *, hybrid: bool, limit: int = 30) -> SearchResult:
        finders = Finders(dense=StoredVectors(self.vectors)) if hybrid else Finders()
        return await search(session, question=question, principals=["*"], limit=limit, finders=finders)


async def _load(sessions: SessionFactory, connection: "asyncpg.Connection[Any]", pira: Pira) -> Library:
    await connection.execute(
        "CREATE SCHEMA bench; CREATE TABLE bench.vectors (chunk_id bigint PRIMARY KEY REFERENCES ai.chunks ON DELETE CASCADE, "
        "access_id integer, embedding extensions.vector(384)); GRANT USAGE ON SCHEMA bench TO ai; GRANT ALL ON bench.vectors TO ai; "
        "SET search_path TO public, extensions"
    )
    pieces = [_pieces(passage) for passage in pira.passages]
    texts = [piece for some in pieces for piece in some]
    questions = [question.text for question in pira.questions] + [
        one.paraphrase for one in pira.questions if one.paraphrase
    ]
    vectors = await asyncio.to_thread(_vectors, [*texts, *questions, *OUT_OF_DOMAIN, *FOREIGN])
    documents: list[UUID] = []
    of_chunk: dict[int, UUID] = {}
    async with transaction(sessions) as session:
        access = await _everyone(session)
        for some in pieces:
            document, ids = await write_document(session, some, access_id=access)
            documents.append(document)
            of_chunk |= dict.fromkeys(ids, document)
            rows = [
                {"id": one, "access": access, "vector": vectors[piece]} for one, piece in zip(ids, some, strict=True)
            ]
            await session.execute(
                text("INSERT INTO bench.vectors VALUES (:id, :access, CAST(:vector AS vector))"), rows
            )
    return Library(sessions, connection, pira, documents, of_chunk, vectors)


async def _everyone(session: WriteSession) -> int:
    made = text("INSERT INTO ai.access_lists (readers, digest) VALUES ('{*}', :digest) RETURNING id")
    return int((await session.execute(made, {"digest": hashlib.sha256(b"*").digest()})).scalar_one())


async def write_document(session: WriteSession, pieces: Sequence[str], *, access_id: int) -> tuple[UUID, list[int]]:
    """A document with its passages, and their words in the index, as the store writes them."""
    document = text(
        "INSERT INTO ai.documents (title, source_kind, source_key, owner, access_id, status, version, chunk_count) "
        "VALUES ('', 'text', uuidv7()::text, 'bench', :access, 'READY', 1, :count) RETURNING id"
    )
    made: UUID = (await session.execute(document, {"access": access_id, "count": len(pieces)})).scalar_one()
    chunks = text(
        "INSERT INTO ai.chunks (document_id, version, ordinal, access_id, heading, text, start_offset, end_offset, content_hash) "
        "SELECT :document, 1, piece.place, :access, '', piece.text, (piece.place - 1) * 700, piece.place * 700, "
        "sha256(convert_to(piece.text, 'UTF8')) FROM unnest(CAST(:pieces AS text[])) WITH ORDINALITY AS piece (text, place) RETURNING id"
    )
    ids = list(
        (await session.execute(chunks, {"document": made, "access": access_id, "pieces": list(pieces)})).scalars()
    )
    added = [IndexedChunk(one, access_id, piece, "") for one, piece in zip(ids, pieces, strict=True)]
    await index_for(session).replace(made, removed=[], added=added)
    return made, ids


def _pieces(passage: str) -> list[str]:
    parsed = ParsedText(passage, "text/plain", None, (), (), "pt", ())
    return [piece.text for piece in chunk(parsed, max_chars=OFFLINE_MAX_CHARS)]


def _vectors(texts: Sequence[str]) -> dict[str, str]:
    """Each text's vector, as pgvector reads it. Kept from run to run: the model takes half a minute for all of them."""
    distinct = list(dict.fromkeys(texts))
    name = hashlib.sha256("\0".join(distinct).encode()).hexdigest()[:16]
    kept = REPO / ".rotina" / "bench" / f"pira-{name}.npy"
    if kept.exists():
        rows = np.load(kept)
    else:
        rows = Encoder(offline_model().folder, max_tokens=256).encode(distinct)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, rows)
    return {one: "[" + ",".join(f"{value:.7g}" for value in row) + "]" for one, row in zip(distinct, rows, strict=True)}


# --- quality ---------------------------------------------------------------------------------------------------------


type Way = Callable[[str], Awaitable[tuple[list[UUID], int]]]


async def _qualities(library: Library) -> list[Measure]:
    peers = Peers(library.connection)
    hybrid, words = _our_way(library, hybrid=True), _our_way(library, hybrid=False)
    measures = await _ours(library, hybrid=hybrid, words=words, dense=_their_way(library, peers.dense))
    for name, peer in (("R2R", peers.r2r), ("LlamaIndex", peers.llamaindex), ("Haystack", peers.haystack)):
        found = await _quality(library, _asked(library.pira.specific), _their_way(library, peer))
        measures.append(Measure(f"{name}-like SQL", found.ndcg, "", better="more", note=_told(found), group=GROUP))
    return measures


def _our_way(library: Library, *, hybrid: bool) -> Way:
    async def way(question: str) -> tuple[list[UUID], int]:
        async with read_transaction(library.sessions) as session:  # a role may not stay idle in one for long
            found = await library.ask(session, question, hybrid=hybrid)
        return [hit.document_id for hit in found.hits], found.by_words

    return way


def _their_way(library: Library, peer: Callable[[str, str], Awaitable[PeerAnswer]]) -> Way:
    async def way(question: str) -> tuple[list[UUID], int]:
        found = await peer(question, library.vectors[question])
        return [library.of_chunk[one] for one in found.order], found.by_words

    return way


async def _ours(library: Library, *, hybrid: Way, words: Way, dense: Way) -> list[Measure]:
    specific, everything = _asked(library.pira.specific), _asked(library.pira.questions)
    paraphrases = [(one.paraphrase, one.passage) for one in library.pira.specific if one.paraphrase]
    best = await _quality(library, specific, hybrid)
    legs = {"words": await _quality(library, specific, words), "vectors": await _quality(library, specific, dense)}
    again = await _quality(library, paraphrases, hybrid)
    again_words = await _quality(library, paraphrases, words)
    whole = await _quality(library, everything, hybrid)
    leg = max(legs["words"].ndcg, legs["vectors"].ndcg)
    behind = max(leg - best.ndcg, again_words.ndcg - again.ndcg)
    return [
        Measure("retrieval: nDCG@10", best.ndcg, "", bar=BAR_NDCG, better="more", note=_told(best), group=GROUP),
        Measure("retrieval: recall@10", best.recall, "", bar=BAR_RECALL, better="more"),
        Measure("retrieval: nDCG@10 of paraphrases", again.ndcg, "", bar=BAR_PARAPHRASE, better="more", note=_told(again)),
        Measure("retrieval: questions without a word found", best.empty, "", bar=BAR_EMPTY),
        Measure("retrieval: hybrid below its best leg", max(behind, 0.0), "", bar=0.005, note="original and paraphrases"),
        Measure("retrieval: words alone", legs["words"].ndcg, "", better="more", note=_told(legs["words"]), group=GROUP),
        Measure("retrieval: vectors alone", legs["vectors"].ndcg, "", better="more", note=_told(legs["vectors"]), group=GROUP),
        Measure("retrieval: nDCG@10, generic questions too", whole.ndcg, "", better="more", note=_told(whole)),
    ]  # fmt: skip


def _asked(questions: Sequence[Question]) -> list[tuple[str, int]]:
    return [(question.text, question.passage) for question in questions]


async def _quality(library: Library, asked: Sequence[tuple[str, int]], way: Way) -> Quality:
    ranks: list[int | None] = []
    empty = 0
    for question, passage in asked:
        order, by_words = await way(question)
        ranks.append(rank_of(library.documents[passage], order))
        empty += by_words == 0
    return quality(ranks, empty=empty)


def _told(found: Quality) -> str:
    return f"{found.questions} questions: R@10 {found.recall:.3f}, MRR {found.mrr:.3f}, words found nothing {found.empty:.1%}"


# --- the gate --------------------------------------------------------------------------------------------------------


async def _gate(library: Library) -> list[Measure]:
    """Each question with its passage in the index and with it taken out; and questions about other things."""
    there: list[float] = []
    gone: list[float] = []
    async with transaction(library.sessions) as session:
        for question in library.pira.specific:
            there.append((await library.ask(session, question.text, hybrid=True)).evidence.score)
            async with undone(session):
                await session.execute(
                    text("DELETE FROM ai.documents WHERE id = :id"), {"id": library.documents[question.passage]}
                )
                gone.append((await library.ask(session, question.text, hybrid=True)).evidence.score)
        foreign = [(await library.ask(session, question, hybrid=True)).evidence.score for question in OUT_OF_DOMAIN]
        held = [(await library.ask(session, question, hybrid=True)).evidence.score for question in FOREIGN]
    count = len(there)
    fitted = "five weights fitted to these questions; cross-validated over passages 0.857, on paraphrases 0.841"
    return [
        Measure("gate: AUROC, passage there or taken out", auroc(there, gone), "", bar=BAR_AUROC, better="more", note=fitted),
        Measure("gate: answered, passage there", _passing(there), "", bar=BAR_ANSWERED, better="more", note=f"{count} questions"),
        Measure("gate: answered, passage taken out", _passing(gone), "", bar=BAR_FALSE),
        Measure("gate: answered, out of domain", _passing(foreign), "", bar=BAR_OUT_OF_DOMAIN, note=f"{len(foreign)} questions"),
        Measure("gate: answered, out of domain, held out", _passing(held), "", bar=BAR_OUT_OF_DOMAIN, note=f"{len(held)} questions that nothing was fitted to"),
    ]  # fmt: skip


def _passing(scores: Sequence[float]) -> float:
    return sum(score >= 0.5 for score in scores) / len(scores)


# --- at scale --------------------------------------------------------------------------------------------------------


class Questions:
    """The dense leg as it is in the service, but for the model: the questions' vectors are at hand."""

    def __init__(self, space: Space, vectors: dict[str, str]) -> None:
        self._space = space
        self._vectors = vectors
        self._nearest = Nearest(SystemClock())

    async def space(self) -> Space:
        return self._space

    async def question(self, asked: str, *, user: str | None = None) -> QueryVector:
        del user
        return QueryVector(self._space, json.loads(self._vectors[asked]))

    async def nearest(
        self,
        session: ReadSession,
        *,
        query: QueryVector,
        scope: Sequence[int],
        limit: int,
        documents: Sequence[UUID] | None = None,
    ) -> Sequence[Any]:
        return await self._nearest.find(session, query=query, scope=scope, limit=limit, documents=documents)


async def _at_scale(library: Library) -> list[Measure]:
    """Pirá's sentences shuffled into 100,000 passages, whose vectors are mixtures of Pirá's passages' own.

    Words are as common as in real text, or a little more so.
    """
    async with transaction(library.sessions) as session:
        writer = SpaceWriter(session, SystemClock())
        new = NewSpace("bench", "pira", DIMENSIONS, Preparation().dump(), DENSE_WEIGHT)
        space = as_space(await writer.start(new))
        access = (await session.execute(text("SELECT min(id) FROM ai.access_lists"))).scalar_one()
    mixed = _mixed(library)
    began = time.perf_counter()
    for pieces in _recombined(library.pira, PASSAGES_AT_SCALE):
        async with transaction(library.sessions) as session:
            _, ids = await write_document(session, pieces, access_id=access)
            vectors = mixed(len(ids))
            rows = [(one, access, one.to_bytes(32), vector) for one, vector in zip(ids, vectors, strict=True)]
            await vectors_for(session).add(space.id, rows)
    rate = PASSAGES_AT_SCALE / (time.perf_counter() - began)
    built, size = await settle_all(library.connection, space)
    await library.connection.execute("VACUUM ANALYZE ai.postings")
    await library.connection.execute("VACUUM ANALYZE ai.chunks")
    words = await _asked_at_scale(library, Finders())
    both = await _asked_at_scale(library, Finders(dense=Questions(space, library.vectors)))
    what = "candidates, rerank and gate included"
    return [
        Measure("search by words and vectors, p95", percentile(both.times, 0.95), "ms", bar=BAR_HYBRID_MS, note=f"{both.note()}; {what}, the question's vector at hand"),
        Measure("search by words, p95", percentile(words.times, 0.95), "ms", note=f"{words.note()}; {what}"),
        Measure("indexing, words and vectors", rate, "passages/s", better="more", note=f"documents of {PER_DOCUMENT} one after the other, durable; vector index of {size} built in {built:.0f} s"),
    ]  # fmt: skip


@dataclass
class _Asked:
    times: list[float]
    spent: list[float]

    def note(self) -> str:
        """The middle ones, and processor time: what a search costs on a machine with other things to do."""
        halves = percentile(self.times, 0.5), percentile(self.spent, 0.5), percentile(self.spent, 0.95)
        return f"{PASSAGES_AT_SCALE:,} passages, p50 {halves[0]:.1f} ms, processor p50 {halves[1]:.1f}, p95 {halves[2]:.1f} ms"


async def _asked_at_scale(library: Library, finders: Finders) -> _Asked:
    found = _Asked([], [])
    for question in (library.pira.questions * 2)[:QUESTIONS_AT_SCALE]:
        async with read_transaction(library.sessions) as session:
            backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            server, ours, began = processor_ms(backend), time.process_time(), time.perf_counter()
            await search(session, question=question.text, principals=["*"], limit=10, finders=finders)
            found.times.append((time.perf_counter() - began) * 1000)
            found.spent.append((time.process_time() - ours) * 1000 + processor_ms(backend) - server)
    return found


def _mixed(library: Library) -> Callable[[int], list[list[float]]]:
    """Makes so many vectors, each of four of the library's."""
    chance = np.random.default_rng(5)
    known = np.array([json.loads(vector) for vector in library.vectors.values()])

    def mixed(count: int) -> list[list[float]]:
        rows = known[chance.integers(0, len(known), (count, 4))] * chance.random((count, 4, 1))
        sums = rows.sum(axis=1) + chance.normal(size=(count, DIMENSIONS)) * 0.01
        unit: list[list[float]] = (sums / np.linalg.norm(sums, axis=1, keepdims=True)).tolist()
        return unit

    return mixed


def _recombined(pira: Pira, count: int) -> Iterator[list[str]]:
    dice = random.Random(5)  # noqa: S311  a mixture that is the same every time
    sentences = sorted(
        {one for passage in pira.passages for one in re.split(r"(?<=[.!?])\s+", passage) if len(one) > 30}
    )
    for _ in range(count // PER_DOCUMENT):
        yield [" ".join(dice.choices(sentences, k=4)) for _ in range(PER_DOCUMENT)]
