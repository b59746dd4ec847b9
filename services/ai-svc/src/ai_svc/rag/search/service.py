"""What is written into the word index, and how a question is answered from it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ai_svc.rag.lexicon.tokens import term_id, terms
from ai_svc.rag.search.repository import FOLD_AT_ONCE, FOLD_EVERY, IndexWriter, PostingsRow
from ai_svc.rag.search.schemas import IndexedChunk

_MOST_OFTEN: Final = 32_000
"""How often one term may count in one passage: what a smallint holds, and far past where more says more."""

_READ_ASIDE: Final = 64
"""From so many passages on they are read in a thread: the loop goes on serving."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What some passages add to the index: their rows, and in how many of them each term is."""

    rows: list[PostingsRow]
    stems: dict[str, int]
    tokens: int


class WordIndex:
    """Keeps the words of passages. It is one transaction with whoever writes the passages."""

    def __init__(self, writer: IndexWriter) -> None:
        self._writer = writer

    async def replace(self, document_id: UUID, *, removed: Sequence[int], added: Sequence[IndexedChunk]) -> None:
        """Takes passages of a document out and puts others in.

        The added ones must be in `chunks` already; the removed ones may be gone from there.
        """
        await self.replace_all(removed=removed, added=[(document_id, chunk) for chunk in added])

    async def replace_all(self, *, removed: Sequence[int], added: Sequence[tuple[UUID, IndexedChunk]]) -> None:
        """`replace` for several documents at once: as many statements as for one."""
        if removed:
            await self._writer.remove(removed)
        if added:
            await self._add(added)
        elif removed:
            await self._writer.fold()

    async def _add(self, added: Sequence[tuple[UUID, IndexedChunk]]) -> None:
        read = await _aside(added)
        await self._writer.add(read.rows)
        number = await self._writer.note(
            terms=[term_id(stem) for stem in read.stems],
            stems=list(read.stems),
            deltas=list(read.stems.values()),
            chunks=len(read.rows),
            tokens=read.tokens,
        )
        if len(read.stems) >= FOLD_AT_ONCE or number % FOLD_EVERY == 0:
            await self._writer.fold()

    async def move(self, chunk_ids: Sequence[int], *, access_id: int) -> None:
        """Gives passages to other readers."""
        await self._writer.move(chunk_ids, access_id=access_id)

    async def relist(self, moves: Mapping[int, int]) -> None:
        """Gives the passages of some access lists to others: old id -> new id."""
        await self._writer.relist(moves)

    async def settle(self) -> None:
        """Folds what was noted into the counts: after an erasure nothing of its words is left."""
        await self._writer.fold()


async def _aside(added: Sequence[tuple[UUID, IndexedChunk]]) -> _Read:
    if len(added) < _READ_ASIDE:
        return _read(added)
    return await asyncio.to_thread(_read, added)


def _read(added: Sequence[tuple[UUID, IndexedChunk]]) -> _Read:
    rows: list[PostingsRow] = []
    stems: Counter[str] = Counter()
    tokens = 0
    for document_id, chunk in added:
        found = terms(chunk.heading) + terms(chunk.text) if chunk.heading else terms(chunk.text)
        counts = Counter(found)
        stems.update(counts.keys())
        tokens += len(found)
        ordered = sorted((term_id(term), min(count, _MOST_OFTEN)) for term, count in counts.items())
        ids, often = [pair[0] for pair in ordered], [pair[1] for pair in ordered]
        rows.append((chunk.id, document_id, chunk.access_id, len(found), ids, often))
    return _Read(rows, stems, tokens)
