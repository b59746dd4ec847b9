"""The indexer of a process, put together."""

from collections.abc import Mapping

from ai_svc.embeddings.vectors import vectors_for
from ai_svc.rag.documents.public import SourceKind, outbox_of
from ai_svc.rag.indexing.building import Builder, Embedding, Fetcher, Reader
from ai_svc.rag.indexing.fetching import Sources
from ai_svc.rag.indexing.originals import Originals
from ai_svc.rag.indexing.swapping import Swap
from ai_svc.rag.indexing.worker import Indexer, Swapping
from ai_svc.rag.search.public import index_for
from ai_svc.settings import Settings
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, WriteSession


def swapping_with(clock: Clock) -> Swapping:
    """Swaps that write passages, words, vectors and the event in one transaction."""

    def swapping(session: WriteSession) -> Swap:
        outbox = outbox_of(session, clock=clock)
        return Swap(session, clock, outbox, words=index_for(session), vectors=vectors_for(session))

    return swapping


def indexer_of(
    settings: Settings,
    sessionmaker: SessionFactory,
    clock: Clock,
    *,
    reader: Reader,
    embedding: Embedding | None,
    fetchers: Mapping[str, Fetcher] | None = None,
) -> Indexer:
    """`fetchers` are those of the kinds whose content is not in the database."""
    stored = Originals(sessionmaker)
    kept: dict[str, Fetcher] = {
        SourceKind.UPLOAD: stored,
        SourceKind.TEXT: stored,
        SourceKind.PRODUCT: stored,
        SourceKind.API: stored,
    }
    builder = Builder(
        Sources({**kept, **(fetchers or {})}), reader, embedding=embedding, max_chars=settings.document_chunk_chars
    )
    return Indexer(sessionmaker, clock, builder, swapping_with(clock), concurrency=settings.indexing_concurrency)
