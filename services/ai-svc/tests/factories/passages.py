"""Documents with passages, written as the store writes them: the rows, then the word index."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from ai_svc.rag.documents.models import AccessList, Chunk, Document
from ai_svc.rag.search.public import IndexedChunk, index_for
from shared_utils.db.session import WriteSession


async def access_list(session: WriteSession, *readers: str) -> int:
    names = sorted(readers or ("*",))
    digest = hashlib.sha256("\n".join(names).encode()).digest()
    known = await session.scalar(select(AccessList.id).where(AccessList.digest == digest))
    if known is not None:
        return known
    row = AccessList(readers=names, digest=digest)
    session.add(row)
    await session.flush()
    return row.id


async def document(
    session: WriteSession,
    *texts: str,
    title: str = "Manual",
    readers: Sequence[str] = ("*",),
    collection: str = "",
    tags: Sequence[str] = (),
    source_kind: str = "text",
    heading: str = "",
) -> UUID:
    """A document that is READY with one passage per text, and its words in the index."""
    access_id = await access_list(session, *readers)
    found = Document(
        title=title, source_kind=source_kind, source_key=str(await session.scalar(select(func.uuidv7()))), owner="ana",
        access_id=access_id, collection=collection, tags=list(tags), status="READY", version=1, chunk_count=len(texts),
    )  # fmt: skip
    session.add(found)
    await session.flush()
    await passages(session, found.id, *texts, access_id=access_id, heading=heading)
    return found.id


async def passages(
    session: WriteSession, document_id: UUID, *texts: str, access_id: int, heading: str = "", first: int = 0
) -> list[int]:
    """Passages at the end of a document; their ids."""
    rows = [
        Chunk(
            document_id=document_id, version=1, ordinal=first + place, access_id=access_id, heading=heading, text=text,
            start_offset=place * 10_000, end_offset=place * 10_000 + len(text), content_hash=hashlib.sha256(text.encode()).digest(),
        )
        for place, text in enumerate(texts)
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    added = [IndexedChunk(row.id, access_id, row.text, row.heading) for row in rows]
    await index_for(session).replace(document_id, removed=[], added=added)
    return [row.id for row in rows]
