"""What other parts may ask of documents."""

from collections.abc import AsyncIterator, Iterable

from ai_svc.rag.documents.events import outbox_of
from ai_svc.rag.documents.repository import (
    PART_BYTES,
    AccessRepository,
    ChunkRepository,
    DocumentRepository,
    OriginalRepository,
)
from ai_svc.rag.documents.schemas import (
    SERVICE_OWNER,
    DocumentAdded,
    DocumentRead,
    FolderWrite,
    Outcome,
    SourceKind,
    Status,
    Synced,
    TextWrite,
    UrlWrite,
    Wanted,
)
from ai_svc.rag.documents.service import DocumentService, principals
from ai_svc.rag.search.public import index_for
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

__all__ = [
    "PART_BYTES",
    "SERVICE_OWNER",
    "DocumentAdded",
    "DocumentRead",
    "DocumentService",
    "FolderWrite",
    "Outcome",
    "SourceKind",
    "Status",
    "Synced",
    "TextWrite",
    "UrlWrite",
    "Wanted",
    "documents_for",
    "in_parts",
    "outbox_of",
    "principals",
]


def documents_for(session: WriteSession, *, clock: Clock) -> DocumentService:
    """Documents within the session's transaction. Vectors follow their passages by triggers; the word index is told."""
    return DocumentService(
        DocumentRepository(session),
        AccessRepository(session),
        ChunkRepository(session),
        OriginalRepository(session),
        clock,
        followers=[index_for(session)],
    )


async def in_parts(content: bytes | Iterable[bytes]) -> AsyncIterator[bytes]:
    """Content that is in memory, as originals are written."""
    if isinstance(content, bytes):
        for start in range(0, len(content), PART_BYTES):
            yield content[start : start + PART_BYTES]
    else:
        for part in content:
            yield part
