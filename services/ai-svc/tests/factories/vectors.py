"""Chunks with vectors: what a document's swap would have written."""

import random
from collections.abc import Sequence
from math import sqrt
from typing import Any

from sqlalchemy import text

from ai_svc.embeddings.space import Space
from ai_svc.embeddings.spaces import NewSpace, SpaceWriter, as_space
from ai_svc.embeddings.texts import Preparation, passage_hash
from ai_svc.embeddings.vectors import vectors_for
from shared_utils.clock import SystemClock

DOCUMENT = text("""
    INSERT INTO ai.documents (title, source_kind, source_key, owner, access_id)
    SELECT 'Rotina', 'text', gen_random_uuid()::text, 'ana', :list RETURNING id
""")
LIST = text("""
    INSERT INTO ai.access_lists (readers, digest) VALUES (CAST(:readers AS text[]), sha256(array_to_string(CAST(:readers AS text[]), chr(10))::bytea))
    ON CONFLICT (digest) DO UPDATE SET digest = EXCLUDED.digest RETURNING id
""")
CHUNKS = text("""
    INSERT INTO ai.chunks (document_id, version, ordinal, access_id, heading, text, start_offset, end_offset, content_hash)
    SELECT :document, 1, place, :list, '', 'texto ' || place || CAST(:words AS text), 0, 1, ''
    FROM generate_series(1, :count) AS place RETURNING id
""")


def unit(seed: int, dimensions: int = 8) -> list[float]:
    """A vector of length 1, the same for the same seed."""
    numbers = [random.Random(f"{seed}/{place}").gauss(0, 1) for place in range(dimensions)]
    length = sqrt(sum(number * number for number in numbers))
    return [number / length for number in numbers]


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def add_space(session: Any, *, model: str = "test", dimensions: int = 8, live: bool = True) -> Space:
    writer = SpaceWriter(session, SystemClock())
    row = await writer.start(NewSpace("openai", model, dimensions, Preparation().dump(), 0.5))
    if live:
        await writer.go_live(row.id)
    return as_space(row)


async def add_list(session: Any, *readers: str) -> int:
    return int((await session.execute(LIST, {"readers": list(readers)})).scalar_one())


async def add_chunks(session: Any, *, access_id: int, count: int, words: str = "") -> list[int]:
    """A document of so many chunks, without vectors."""
    document = (await session.execute(DOCUMENT, {"list": access_id})).scalar_one()
    values = {"document": document, "list": access_id, "count": count, "words": words}
    return [row[0] for row in await session.execute(CHUNKS, values)]


async def add_vectors(session: Any, space: Space, access_id: int, vectors: Sequence[Sequence[float]]) -> list[int]:
    """Chunks of a new document with these vectors."""
    ids = await add_chunks(session, access_id=access_id, count=len(vectors))
    rows = [(one, access_id, passage_hash("", str(one)), vector) for one, vector in zip(ids, vectors, strict=True)]
    await vectors_for(session).add(space.id, rows)
    return ids
