"""What the other parts of retrieval use: the word index to write, and the search."""

from collections.abc import Collection
from contextlib import nullcontext

from ai_svc.rag.search.repository import IndexWriter
from ai_svc.rag.search.schemas import (
    EVERYONE,
    MAX_HITS,
    MAX_QUESTION,
    Evidence,
    Hit,
    IndexedChunk,
    Question,
    Reason,
    SearchFilters,
    SearchResult,
)
from ai_svc.rag.search.service import DenseLeg, Finders, Search, Sessions, WordIndex, principals_of
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "EVERYONE",
    "MAX_HITS",
    "MAX_QUESTION",
    "DenseLeg",
    "Evidence",
    "Finders",
    "Hit",
    "IndexedChunk",
    "Question",
    "Reason",
    "Search",
    "SearchFilters",
    "SearchResult",
    "Sessions",
    "WordIndex",
    "index_for",
    "principals_of",
    "search",
]


def index_for(session: WriteSession) -> WordIndex:
    """The word index within the session's transaction: what it writes is seen when the passages are."""
    return WordIndex(IndexWriter(session))


async def search(
    session: ReadSession,
    *,
    question: str,
    principals: Collection[str],
    limit: int,
    filters: SearchFilters | None = None,
    finders: Finders | None = None,
) -> SearchResult:
    """The passages that answer a question best, of those that `principals` may read, and whether they do.

    `principals` are `user:<sub>`, `role:<role>` and `*` (`principals_of` a caller); rights are applied before
    anything is
    scored. Without `finders` (the process has them in its state) words
    alone decide.
    """
    found = Search(lambda: nullcontext(session), finders=finders or Finders())
    return await found.search(question, principals=principals, limit=limit, filters=filters or SearchFilters())
