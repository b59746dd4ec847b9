"""How others look for passages, as SQL on our passages and our vectors: their logic is compared, not their installations.

R2R: `websearch_to_tsquery('english')` with `ts_rank`, vectors beside it, reciprocal ranks 5 (vectors) to 1, k = 50; a leg
without the passage counts as if it were last. LlamaIndex's PGVectorStore: both lists one after the other, vectors first, no
fusion. Haystack: `plainto_tsquery` (every word must be there) with `ts_rank_cd` in the language it is set to (here Portuguese),
vectors beside it, reciprocal ranks 1 to 1, k = 60. Sources: their repositories, November 2025 to September 2026.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

_DENSE = "SELECT chunk_id FROM bench.vectors ORDER BY embedding <=> $1::vector LIMIT $2"
_WEBSEARCH = (
    "SELECT id FROM ai.chunks WHERE to_tsvector('english', text) @@ websearch_to_tsquery('english', $1) "
    "ORDER BY ts_rank(to_tsvector('english', text), websearch_to_tsquery('english', $1)) DESC LIMIT $2"
)
_PLAIN = (
    "SELECT id FROM ai.chunks WHERE to_tsvector('portuguese', text) @@ plainto_tsquery('portuguese', $1) "
    "ORDER BY ts_rank_cd(to_tsvector('portuguese', text), plainto_tsquery('portuguese', $1)) DESC LIMIT $2"
)
LIMIT = 60


@dataclass(frozen=True)
class PeerAnswer:
    order: list[int]
    by_words: int


class Peers:
    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    async def dense(self, _question: str, vector: str) -> PeerAnswer:
        """Vectors alone."""
        return PeerAnswer(await self._ids(_DENSE, vector), 0)

    async def r2r(self, question: str, vector: str) -> PeerAnswer:
        words, near = await self._ids(_WEBSEARCH, question), await self._ids(_DENSE, vector)
        return PeerAnswer(reciprocal([(near, 5.0), (words, 1.0)], k=50, absent=LIMIT), len(words))

    async def llamaindex(self, question: str, vector: str) -> PeerAnswer:
        words, near = await self._ids(_WEBSEARCH, question), await self._ids(_DENSE, vector)
        return PeerAnswer(list(dict.fromkeys(near + words)), len(words))

    async def haystack(self, question: str, vector: str) -> PeerAnswer:
        words, near = await self._ids(_PLAIN, question), await self._ids(_DENSE, vector)
        return PeerAnswer(reciprocal([(near, 1.0), (words, 1.0)], k=60, absent=None), len(words))

    async def _ids(self, query: str, asked: str) -> list[int]:
        return [row[0] for row in await self._connection.fetch(query, asked, LIMIT)]


def reciprocal(legs: Sequence[tuple[Sequence[int], float]], *, k: int, absent: int | None) -> list[int]:
    """Weighted reciprocal rank fusion; `absent` is the place that a leg gives to what it did not find."""
    scores: dict[int, float] = {}
    for chunk in dict.fromkeys(chunk for leg, _ in legs for chunk in leg):
        for leg, weight in legs:
            place = leg.index(chunk) + 1 if chunk in leg else absent
            scores[chunk] = scores.get(chunk, 0.0) + (weight / (k + place) if place else 0.0)
    return sorted(scores, key=lambda chunk: -scores[chunk])
