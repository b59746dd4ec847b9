"""What other parts may ask of documents."""

from collections.abc import AsyncIterator, Iterable

from ai_svc.rag.documents.events import outbox_of
from ai_svc.rag.documents.repository import (
    CHANNEL,
    PART_BYTES,
)
from ai_svc.rag.documents.schemas import (
    SERVICE_OWNER,
    DocumentAdded,
    DocumentRead,
    FolderWrite,
    Listed,
    Listing,
    Outcome,
    SourceKind,
    Status,
    Synced,
    TextWrite,
    UrlWrite,
    Wanted,
)
from ai_svc.rag.documents.service import DocumentService
from ai_svc.rag.search.public import EVERYONE
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

__all__ = [
    "CHANNEL",
    "EVERYONE",
    "PART_BYTES",
    "SERVICE_OWNER",
    "DocumentAdded",
    "DocumentRead",
    "DocumentService",
    "FolderWrite",
    "Listed",
    "Listing",
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
]


def documents_for(session: WriteSession, *, clock: Clock, allow_private: bool = False) -> DocumentService:
    """Documents within the session's transaction."""
    return DocumentService.within(session, clock=clock, allow_private=allow_private)


async def in_parts(content: bytes | Iterable[bytes]) -> AsyncIterator[bytes]:
    """Content that is in memory, as originals are written."""
    if isinstance(content, bytes):
        for start in range(0, len(content), PART_BYTES):
            yield content[start : start + PART_BYTES]
    else:
        for part in content:
            yield part
