"""The nearest of 100,000 vectors within shares of them from 0.1 to 100 %: which are found, how soon, beside the peers' way."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.embeddings.nearest import Nearest, QueryVector
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import NewSpace, SpaceWriter, as_space
from ai_svc.embeddings.texts import Preparation
from ai_svc.embeddings.vectors import as_text, vectors_for
from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack
from shared_utils.clock import SystemClock
from shared_utils.db.engine import asyncpg_dsn, create_engine
from shared_utils.db.session import SessionFactory, read_transaction, sessionmaker_for, transaction

ROWS: Final = int(os.environ.get("BENCH_VECTORS_ROWS", "100000"))
DIMENSIONS: Final = 384
QUESTIONS: Final = 60
HITS: Final = 10
BATCH: Final = 5_000
PER_DOCUMENT: Final = 10
"""Passages of a document, which all have its readers."""
RECALL_BAR, P95_BAR_MS = 0.99, 20.0
SHARES: Final = {"0.1 %": 1, "1 %": 2, "10 %": 3}
"""One access list each; the other rows are spread over twenty more, which all together are the 100 %."""
OTHERS: Final = range(10, 30)
SCOPES: Final = {name: [one] for name, one in SHARES.items()} | {
    "5 %": [2, 10],
    "20 %": [3, 10, 11],
    "35 %": [3, *range(10, 15)],
    "50 %": [3, *range(10, 19)],
    "100 %": [*SHARES.values(), *OTHERS],
}

_CHUNKS = text("""
    WITH made AS (
        INSERT INTO ai.documents (title, source_kind, source_key, owner, access_id)
        SELECT 'bench', 'text', gen_random_uuid()::text, 'bench', :list RETURNING id
    )
    INSERT INTO ai.chunks
        (document_id, version, ordinal, access_id, heading, text, start_offset, end_offset, content_hash)
    SELECT made.id, 1, given.place, given.list, '', '', 0, 1, ''
    FROM made, unnest(CAST(:lists AS int[])) WITH ORDINALITY AS given (list, place)
    ORDER BY given.place RETURNING id
""")
_LISTS = text("""
    INSERT INTO ai.access_lists (id, readers, digest) OVERRIDING SYSTEM VALUE
    SELECT one, ARRAY['user:' || one], sha256(int4send(one)) FROM generate_series(1, 40) AS one
    ON CONFLICT DO NOTHING
""")
# What LlamaIndex and R2R send: the filter beside the index, ef_search as it is by default, no iterative scan.
_PEERS = text("""
    SELECT chunk_id FROM ai.chunk_vectors
    WHERE space_id = :space AND NOT fresh AND access_id = ANY(:scope)
    ORDER BY CAST(vector AS halfvec(384)) <=> CAST(CAST(:question AS text) AS halfvec(384)) LIMIT 10
""")

type Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Set:
    """Vectors, whose they are, their chunks' ids, and questions near some of them."""

    name: str
    vectors: Floats
    lists: NDArray[np.int64]
    questions: Floats


async def measure_vectors() -> list[Measure]:
    """Two kinds of made-up vectors: 400 clusters, and none at all (60 directions and noise), which is the hard case."""
    measures: list[Measure] = []
    async with bench_stack("vectors") as bench:
        await bench.stack.migrate("ai_svc")
        engine = create_engine(bench.stack.url("ai"), application_name="bench", statement_timeout_ms=0)
        try:
            for made in (_clustered(), _unclustered()):
                measures += await _measure(bench, engine, made)
        finally:
            await engine.dispose()
    return measures


def _clustered() -> _Set:
    chance = np.random.default_rng(7)
    centres = chance.normal(size=(400, DIMENSIONS))
    vectors = centres[chance.integers(0, len(centres), ROWS)] + chance.normal(size=(ROWS, DIMENSIONS)) * 0.6
    return _set("clustered", vectors, chance)


def _unclustered() -> _Set:
    chance = np.random.default_rng(8)
    vectors = chance.normal(size=(ROWS, 60)) @ chance.normal(size=(60, DIMENSIONS))
    return _set("unclustered", vectors + chance.normal(size=(ROWS, DIMENSIONS)) * 0.5, chance)


def _set(name: str, vectors: NDArray[np.float64], chance: np.random.Generator) -> _Set:
    documents = -(-ROWS // PER_DOCUMENT)
    whose = chance.random(documents)
    lists = np.where(whose < 0.111, 3, chance.integers(OTHERS.start, OTHERS.stop, documents))
    lists = np.where(whose < 0.011, 2, lists)
    lists = np.repeat(np.where(whose < 0.001, 1, lists), PER_DOCUMENT)[:ROWS]
    vectors = _unit(vectors)
    near = vectors[chance.integers(0, ROWS, QUESTIONS)] + chance.normal(size=(QUESTIONS, DIMENSIONS)) * 0.03
    return _Set(name, vectors.astype(np.float32), lists, _unit(near).astype(np.float32))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


async def _measure(bench: BenchStack, engine: AsyncEngine, made: _Set) -> list[Measure]:
    sessions = sessionmaker_for(engine)
    async with transaction(sessions) as session:
        writer = SpaceWriter(session, SystemClock())
        space = as_space(await writer.start(NewSpace("bench", made.name, DIMENSIONS, Preparation().dump(), 0.5)))
    began = time.perf_counter()
    writing, ids = await _load(sessions, space, made)
    loaded = time.perf_counter() - began
    owner = await asyncpg.connect(asyncpg_dsn(bench.stack.url("ai_owner")))
    try:
        built, size = await settle_all(owner, space)
    finally:
        await owner.close()
    measures = [
        Measure(f"{made.name}: vectors stored per second", ROWS / writing, "/s", note=f"with chunks: {loaded:.0f} s"),
        Measure(f"{made.name}: index built", built, "s", note=f"{ROWS:,} x {DIMENSIONS} halfvec, {size}; m 24, ef 128"),
    ]
    nearest = Nearest(SystemClock())
    for name, scope in SCOPES.items():
        measures += await _ours(sessions, nearest, space, made, ids, name, scope)
        measures += await _theirs(sessions, space, made, ids, name, scope)
    return measures


async def _load(sessions: SessionFactory, space: Space, made: _Set) -> tuple[float, NDArray[np.int64]]:
    """Chunks and their vectors, 5,000 in a transaction. The seconds are those of the vectors alone."""
    ids: list[int] = []
    seconds = 0.0
    for start in range(0, ROWS, BATCH):
        lists = made.lists[start : start + BATCH].tolist()
        numbers = made.vectors[start : start + BATCH].tolist()
        async with transaction(sessions) as session:
            await session.execute(_LISTS)
            chunks = (await session.execute(_CHUNKS, {"list": lists[0], "lists": lists})).scalars().all()
            rows = [(one, lists[place], one.to_bytes(32), numbers[place]) for place, one in enumerate(chunks)]
            began = time.perf_counter()
            await vectors_for(session).add(space.id, rows)
            seconds += time.perf_counter() - began
        ids += chunks
    return seconds, np.array(ids)


async def settle_all(connection: "asyncpg.Connection[Any]", space: Space) -> tuple[float, str]:
    """All vectors into the index at once, by an owner: what the service does in the background, some at a time.

    Seconds of building it, and its size.
    """
    table = f"chunk_vectors_s{space.id}"
    definition = await connection.fetchval(f"SELECT pg_get_indexdef('ai.ix_{table}_hnsw'::regclass)")
    await connection.execute("SET maintenance_work_mem = '1GB'")
    await connection.execute(f"DROP INDEX ai.ix_{table}_hnsw")
    await connection.execute(f"UPDATE ai.{table} SET fresh = false")  # noqa: S608  the space's own table
    await connection.execute(f"VACUUM FULL ai.{table}")
    began = time.perf_counter()
    await connection.execute(definition)
    built = time.perf_counter() - began
    await connection.execute(f"VACUUM ANALYZE ai.{table}")
    await connection.execute("ANALYZE ai.chunks")
    size = await connection.fetchval(f"SELECT pg_size_pretty(pg_relation_size('ai.ix_{table}_hnsw'))")
    return built, str(size)


async def _ours(
    sessions: SessionFactory, nearest: Nearest, space: Space, made: _Set, ids: Any, name: str, scope: list[int]
) -> list[Measure]:
    found: list[Sequence[int]] = []
    times: list[float] = []
    spent: list[float] = []
    before = 0.0
    for question in made.questions.tolist():
        began, ours = time.perf_counter(), time.process_time()
        async with read_transaction(sessions) as session:
            query = QueryVector(space=space, values=question)
            near = await nearest.find(session, query=query, scope=scope, limit=HITS)
            times.append((time.perf_counter() - began) * 1000)
            backend = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        server = processor_ms(backend)
        spent.append((time.process_time() - ours) * 1000 + max(server - before, 0.0))
        before = server
        found.append([one.chunk_id for one in near])
    recall, rows = _recall(made, ids, scope, found)
    note = f"p50 {percentile(times[1:], 0.5):.1f} ms, processor {percentile(spent[1:], 0.5):.1f} ms, {rows:.1f} rows of {HITS}"
    label = f"{made.name}, scope {name}"
    return [
        Measure(f"{label}: recall@10", recall, "", bar=RECALL_BAR, better="more", note=note, group=f"{label}: recall"),
        Measure(f"{label}: p95", percentile(times[1:], 0.95), "ms", bar=P95_BAR_MS),
    ]


def processor_ms(backend: int) -> float:
    """Processor time that a server process has used so far: what a query costs on a machine with other things to do."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e6


async def _theirs(
    sessions: SessionFactory, space: Space, made: _Set, ids: Any, name: str, scope: list[int]
) -> list[Measure]:
    found: list[Sequence[int]] = []
    times: list[float] = []
    for question in made.questions.tolist():
        began = time.perf_counter()
        async with read_transaction(sessions) as session:
            await session.execute(text("SET LOCAL hnsw.ef_search = 40"))
            values = {"space": space.id, "scope": scope, "question": as_text(question)}
            found.append((await session.execute(_PEERS, values)).scalars().all())
        times.append((time.perf_counter() - began) * 1000)
    recall, rows = _recall(made, ids, scope, found)
    label = f"{made.name}, scope {name}"
    note = f"p50 {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms, {rows:.1f} rows of {HITS}"
    return [Measure("the peers' filtered HNSW, ef 40", recall, "", better="more", note=note, group=f"{label}: recall")]


def _recall(made: _Set, ids: Any, scope: list[int], found: Sequence[Sequence[int]]) -> tuple[float, float]:
    """The share of the truly nearest that were found, and how many rows came, on average."""
    mine = np.isin(made.lists, scope)
    vectors, chunks = made.vectors[mine], ids[mine]
    hits = 0
    for question, rows in zip(made.questions, found, strict=True):
        best = chunks[np.argsort(-(vectors @ question))[:HITS]]
        hits += len(set(best.tolist()) & set(rows))
    wanted = min(HITS, len(chunks)) * len(found)
    return hits / wanted, sum(len(rows) for rows in found) / len(found)
