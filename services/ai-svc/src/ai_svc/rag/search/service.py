"""What is written into the word index, and how a question is answered from it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from ai_svc.embeddings.space import Space
from ai_svc.rag.lexicon.tokens import term_id, term_ids
from ai_svc.rag.ranking.evidence import Found, Verdict, judged
from ai_svc.rag.ranking.fusion import fused
from ai_svc.rag.ranking.matching import match, read_ids, weights
from ai_svc.rag.ranking.question import MAX_TERMS, Asked, Statistics, Weighed, rarest, read, respelt, weighed
from ai_svc.rag.ranking.reranking import CANDIDATES, Candidate, Reranker, RuleReranker, ordered
from ai_svc.rag.ranking.spelling import SAME_START, nearest, worth_mending
from ai_svc.rag.search.events import timed
from ai_svc.rag.search.repository import (
    FOLD_AT_ONCE,
    FOLD_EVERY,
    IndexReader,
    IndexWriter,
    Passage,
    PostingsRow,
    Scope,
    byte_counts,
)
from ai_svc.rag.search.schemas import EVERYONE, Evidence, Hit, IndexedChunk, Reason, SearchFilters, SearchResult, asking
from shared_schemas.auth import AuthContext, Role
from shared_utils.db.session import ReadSession
from shared_utils.errors import AppError

logger = logging.getLogger(__name__)

PER_LEG: Final = 60
"""So many passages each leg names."""
RARE_PASSAGES: Final = 4_000
"""Candidates come from the rarest words that are in about so many passages together."""
VECTOR_SECONDS: Final = 3.0
"""How long a question's vector is waited for; words answer alone after that."""
TRIES: Final = 3
"""A document that is swapped while a question is answered takes its passages along: then it is asked again."""

type Sessions = Callable[[], AbstractAsyncContextManager[ReadSession]]
"""Opens a session to read with, or gives the caller's own."""


class Near(Protocol):
    """A passage that the vectors found."""

    @property
    def chunk_id(self) -> int: ...

    @property
    def similarity(self) -> float:
        """The cosine of the angle to the question, from -1 to 1."""
        ...


class DenseLeg[QueryT](Protocol):
    """Finds passages by vectors of the space that is live (`embeddings.dense`)."""

    async def space(self) -> Space | None:
        """The live space, none when words alone are searched. May take a connection of its own."""
        ...

    async def question(self, text: str, *, user: str) -> QueryT | None:
        """The question's vector, on the account of `user`. Raises an `AppError` when the model cannot be asked."""
        ...

    async def nearest(
        self,
        session: ReadSession,
        *,
        query: QueryT,
        scope: Sequence[int],
        limit: int,
        documents: Sequence[UUID] | None = None,
    ) -> Sequence[Near]:
        """Passages of the access lists in `scope` only, nearest first."""
        ...


@dataclass(frozen=True, slots=True)
class Finders:
    """What a search uses beside words: vectors if there are any, and who puts the best passages in order."""

    dense: DenseLeg[Any] | None = None
    reranker: Reranker = field(default_factory=RuleReranker)


def principals_of(caller: AuthContext) -> tuple[str, ...]:
    """What a list of readers may say to mean this caller. A role includes those below it."""
    roles = (f"role:{role.value}" for role in Role if caller.may(role))
    return (EVERYONE, f"user:{caller.subject}", *roles)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question read against the index: its terms with their weights."""

    text: str
    asked: list[Asked]
    terms: list[Weighed]
    statistics: Statistics


class Search:
    """Answers a question with passages: words lead, vectors add, and who may read what is decided before either."""

    def __init__(self, sessions: Sessions, *, finders: Finders) -> None:
        self._sessions = sessions
        self._finders = finders

    @timed
    async def search(
        self, question: str, *, principals: Collection[str], limit: int, filters: SearchFilters
    ) -> SearchResult:
        """The `limit` best passages, and whether they hold an answer."""
        space = await self._space()  # before a connection is held: it may take one itself
        vector = asyncio.create_task(self._vector(question, user=asking(principals)) if space else _no_vector())
        try:
            # The model works while PostgreSQL does; both legs then share one connection.
            async with self._sessions() as session:
                looking = _Looking(IndexReader(session), session, vector, self._finders, space)
                return await looking.search(question, principals=principals, limit=limit, filters=filters)
        finally:
            vector.cancel()
            with suppress(asyncio.CancelledError):
                await vector

    async def _space(self) -> Space | None:
        return await self._finders.dense.space() if self._finders.dense else None

    async def _vector(self, question: str, *, user: str) -> Any:
        """The question's vector; nothing when there is no model, or when it fails: words answer alone then."""
        if self._finders.dense is None:
            return None
        try:
            async with asyncio.timeout(VECTOR_SECONDS):
                return await self._finders.dense.question(question, user=user)
        except (AppError, TimeoutError) as error:
            code = error.code if isinstance(error, AppError) else "TIMEOUT"
            logger.warning("the question could not be embedded: words answer alone", extra={"code": code})
            return None


async def _no_vector() -> None:
    return None


class _Looking:
    """One search on one connection."""

    def __init__(
        self,
        index: IndexReader,
        session: ReadSession,
        vector: "asyncio.Task[Any]",
        finders: Finders,
        space: Space | None,
    ) -> None:
        self._index = index
        self._session = session
        self._vector = vector
        self._finders = finders
        self._weight = space.dense_weight if space else 0.0

    async def search(
        self, question: str, *, principals: Collection[str], limit: int, filters: SearchFilters
    ) -> SearchResult:
        """As `Search.search`, again when a document was swapped meanwhile."""
        access_ids = await self._index.access_ids(principals)
        if not access_ids:
            return _nothing(question)
        documents = await self._index.documents(filters, access_ids=access_ids) if filters else None
        scope = Scope(access_ids, documents, await self._index.is_small(access_ids, documents))
        result, whole = await self._once(question, scope=scope, limit=limit)
        for _ in range(TRIES - 1):
            if whole:
                break
            result, whole = await self._once(question, scope=scope, limit=limit)
        return result

    async def _once(self, question: str, *, scope: Scope, limit: int) -> tuple[SearchResult, bool]:
        """The answer as of now, and whether every passage that was found was still there to be read."""
        asked = await self._read(question)
        lexical = await self._by_words(asked, scope)
        dense = await self._by_vectors(scope)
        best = fused(lexical, dense, dense_weight=self._weight)
        looked_at = list(best)[: max(CANDIDATES, limit)]
        passages = await self._index.passages(looked_at, access_ids=scope.access_ids)
        candidates = _candidates(asked, {chunk: best[chunk] for chunk in looked_at if chunk in passages}, passages)
        scores = await self._scores(question, candidates)
        order = ordered(candidates, scores)
        hits = [_hit(passages[one.chunk_id], scores[one.chunk_id], lexical, dense) for one in order[:limit]]
        found = [_found(one, passages[one.chunk_id], lexical) for one in order]
        evidence = _evidence(judged(asked.asked, asked.terms, found, chunks=asked.statistics.chunks))
        result = SearchResult(hits=hits, evidence=evidence, by_words=len(lexical), by_vectors=len(dense))
        return result, len(passages) == len(looked_at)

    async def _read(self, question: str) -> _Asked:
        asked = read(question)
        statistics = await self._index.statistics([one.id for one in asked])
        terms = weighed(asked, statistics)
        unknown = [one.asked for one in terms if one.df == 0 and worth_mending(one.asked.term)]
        if unknown:
            meant = await self._meant(unknown)
            statistics = await self._index.statistics([*statistics.df, *(term_id(stem) for stem in meant.values())])
            terms = respelt(terms, meant, statistics)
        return _Asked(question, asked, terms, statistics)

    async def _meant(self, unknown: Sequence[Asked]) -> dict[int, str]:
        """For words of no passage the stem that was probably meant, by the word's id."""
        alike = await self._index.alike([one.term for one in unknown], same_start=SAME_START)
        found = {one.id: nearest(one.term, alike[one.term]) for one in unknown}
        return {term: stem for term, stem in found.items() if stem is not None}

    async def _by_words(self, asked: _Asked, scope: Scope) -> dict[int, float]:
        known = [one for one in asked.terms if one.df > 0][:MAX_TERMS]
        if not known:
            return {}
        found: dict[int, float] = {}
        enough = PER_LEG
        for budget in (RARE_PASSAGES, RARE_PASSAGES * 8):
            rare = known if scope.small else rarest(known, passages=budget)
            found = await self._index.best(
                scope,
                rare=[one.asked.id for one in rare],
                terms=[(one.asked.id, one.weight) for one in known],
                length=asked.statistics.average_length,
                limit=PER_LEG,
            )
            if len(found) >= enough or len(rare) == len(known):
                break
        return found

    async def _by_vectors(self, scope: Scope) -> dict[int, float]:
        query = await self._vector
        if self._finders.dense is None or query is None:
            return {}
        near = await self._finders.dense.nearest(
            self._session, query=query, scope=scope.access_ids, limit=PER_LEG, documents=scope.documents
        )
        return {one.chunk_id: one.similarity for one in near}

    async def _scores(self, question: str, candidates: Sequence[Candidate]) -> dict[int, float]:
        try:
            scores = await self._finders.reranker.scores(question, candidates)
        except AppError as error:
            logger.warning("the reranker failed: the rules decide", extra={"code": error.code})
            scores = await RuleReranker().scores(question, candidates)
        return {one.chunk_id: score for one, score in zip(candidates, scores, strict=True)}


def _candidates(asked: _Asked, best: Mapping[int, float], passages: Mapping[int, Passage]) -> list[Candidate]:
    against = weights(asked.asked, asked.terms)
    found: list[Candidate] = []
    for chunk, score in best.items():
        passage = passages[chunk]
        words, names = read_ids(passage.text), read_ids(f"{passage.title}\n{passage.heading}")
        matched = match(against, text=words, named=names)
        found.append(Candidate(chunk, score, passage.text, frozenset(words), matched))
    return found


def _found(candidate: Candidate, passage: Passage, lexical: Mapping[int, float]) -> Found:
    return Found(candidate, passage.document_id, passage.start, lexical.get(candidate.chunk_id, 0.0))


def _hit(passage: Passage, score: float, lexical: Mapping[int, float], dense: Mapping[int, float]) -> Hit:
    chunk = passage.chunk_id
    return Hit(
        chunk_id=chunk,
        document_id=passage.document_id,
        version=passage.version,
        title=passage.title,
        heading=passage.heading,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=score,
        lexical=lexical.get(chunk),
        dense=dense.get(chunk),
    )


def _nothing(question: str) -> SearchResult:
    missing = list(dict.fromkeys(one.written for one in read(question)))
    evidence = Evidence(score=0.0, answerable=False, reason=Reason.NOTHING_FOUND, missing=missing)
    return SearchResult(hits=[], evidence=evidence, by_words=0, by_vectors=0)


def _evidence(verdict: Verdict) -> Evidence:
    return Evidence(verdict.score, verdict.answerable, Reason(verdict.reason), list(verdict.missing))


class _Reading:
    """What some passages add to the index: their rows, made as they are asked for, and then the sums over them."""

    def __init__(self, added: Sequence[tuple[UUID, IndexedChunk]]) -> None:
        self._added = added
        self.ids = term_ids()
        self.passages: Counter[int] = Counter()
        """In how many of the passages each term is."""
        self.tokens = 0

    def rows(self) -> Iterator[PostingsRow]:
        """The loop that indexing spends its time in. A passage is read when its row is wanted, just before it is sent:
        PostgreSQL writes the last ones meanwhile.
        """
        for document_id, chunk in self._added:
            counts = Counter(self.ids.of(f"{chunk.heading}\n{chunk.text}" if chunk.heading else chunk.text))
            terms = sorted(counts)
            length = counts.total()
            self.passages.update(terms)
            self.tokens += length
            yield chunk.id, document_id, chunk.access_id, length, terms, byte_counts([counts[term] for term in terms])


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
        reading = _Reading(added)
        await self._writer.add(reading.rows())
        terms = sorted(reading.passages)  # a search finds a term in a change by halving
        number = await self._writer.note(
            terms=terms,
            stems=list(map(reading.ids.terms.__getitem__, terms)),
            deltas=list(map(reading.passages.__getitem__, terms)),
            chunks=len(added),
            tokens=reading.tokens,
        )
        if len(terms) >= FOLD_AT_ONCE or number % FOLD_EVERY == 0:
            await self._writer.fold()

    async def move(self, chunk_ids: Sequence[int], *, access_id: int) -> None:
        """Gives passages to other readers."""
        await self._writer.move(chunk_ids, access_id=access_id)

    async def relist(self, moves: Mapping[int, int]) -> None:
        """Gives the passages of some access lists to others: old id -> new id."""
        if moves:
            await self._writer.relist(moves)

    async def settle(self) -> None:
        """Folds what was noted into the counts: after an erasure nothing of its words is left."""
        await self._writer.fold()
