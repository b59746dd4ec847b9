"""What the other parts of retrieval use: the word index to write, and the search."""

from ai_svc.rag.search.repository import IndexWriter
from ai_svc.rag.search.schemas import (
    Evidence,
    Filters,
    Hit,
    IndexedChunk,
    Question,
    Reason,
    SearchFilters,
    SearchResult,
)
from ai_svc.rag.search.service import WordIndex
from shared_utils.db.session import WriteSession

__all__ = [
    "Evidence",
    "Filters",
    "Hit",
    "IndexedChunk",
    "Question",
    "Reason",
    "SearchFilters",
    "SearchResult",
    "WordIndex",
    "index_for",
]


def index_for(session: WriteSession) -> WordIndex:
    """The word index within the session's transaction: what it writes is seen when the passages are."""
    return WordIndex(IndexWriter(session))
