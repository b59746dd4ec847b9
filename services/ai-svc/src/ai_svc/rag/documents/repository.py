import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Select,
    Text,
    case,
    cast,
    delete,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ai_svc.rag.documents.models import AccessList, Chunk, Document, DocumentOriginal
from ai_svc.rag.documents.schemas import Found, Listed
from shared_utils.db.copying import driver_connection
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession, WriteSession

PART_BYTES: Final = 1024 * 1024
CHANNEL: Final = "ai_documents"
"""Notified when there is something to index."""
_KEY: Final = "uq_documents_owner_source_kind_source_key"


@dataclass(frozen=True, slots=True)
class Seer:
    """Who looks: their principals, and whether they see every document's description."""

    subject: str
    principals: tuple[str, ...]
    manages: bool


class AccessRepository:
    """Lists of readers; they never change."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def id_of(self, readers: Sequence[str]) -> int:
        """The id of the list with exactly these readers, made if need be."""
        ordered = sorted(set(readers))
        values = {"readers": ordered, "digest": _digest(ordered)}
        # The update changes nothing; without it a list that is there would not be returned, nor one just being made.
        statement = insert(AccessList).values(values)
        statement = statement.on_conflict_do_update(
            index_elements=["digest"], set_={"digest": statement.excluded.digest}
        )
        return int((await self._session.execute(statement.returning(AccessList.id))).scalar_one())

    async def ids_of(self, lists: Sequence[Sequence[str]]) -> list[int]:
        """The ids of some lists, in their order; made if need be."""
        ordered = [sorted(set(readers)) for readers in lists]
        by_digest = {_digest(readers): readers for readers in ordered}
        rows = [{"readers": readers, "digest": digest} for digest, readers in sorted(by_digest.items())]
        statement = insert(AccessList).values(rows)
        statement = statement.on_conflict_do_update(
            index_elements=["digest"], set_={"digest": statement.excluded.digest}
        )
        made = await self._session.execute(statement.returning(AccessList.digest, AccessList.id))
        ids = {row.digest: row.id for row in made}
        return [ids[_digest(readers)] for readers in ordered]

    async def naming(self, reader: str) -> list[AccessList]:
        """The lists that name a reader."""
        query = select(AccessList).where(AccessList.readers.contains([reader])).order_by(AccessList.id)
        return list(await self._session.scalars(query))

    async def forget(self, ids: Sequence[int]) -> None:
        """Removes lists that no document uses."""
        await self._session.execute(delete(AccessList).where(AccessList.id.in_(ids)))


class DocumentRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def get(self, document_id: UUID, *, lock: bool = False) -> Document | None:
        query = select(Document).where(Document.id == document_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def seen(self, document_id: UUID, *, by: Seer) -> tuple[Document, list[str]] | None:
        """A document with its readers, if `by` may see it."""
        row = (await self._session.execute(_visible(by).where(Document.id == document_id))).one_or_none()
        return None if row is None else (row[0], row[1])

    async def page(
        self, *, by: Seer, found: Found, limit: int, before: UUID | None
    ) -> list[tuple[Document, list[str]]]:
        """Documents that `by` may see, the latest added first; `before` is the id of the last one already seen."""
        query = _visible(by).order_by(Document.id.desc()).limit(limit)
        if found.collection is not None:
            query = query.where(Document.collection == found.collection)
        if found.tags:
            query = query.where(Document.tags.contains(list(found.tags)))
        if found.status is not None:
            query = query.where(Document.status == found.status)
        if found.source_kind is not None:
            query = query.where(Document.source_kind == found.source_kind)
        if before is not None:
            query = query.where(Document.id < before)
        return [(row[0], row[1]) for row in await self._session.execute(query)]

    async def take_key(self, values: Mapping[str, Any]) -> tuple[Document, bool]:
        """The locked row of a source key, made from `values` if it is not there; and whether it was made.

        Two who bring the same key at once meet here: the second one waits and gets the first one's row.
        """
        new = insert(Document).values(values)
        # The update changes nothing, but locks the row and has it returned.
        locked = new.on_conflict_do_update(
            index_elements=["owner", "source_kind", "source_key"], set_={"source_key": new.excluded.source_key}
        )
        statement = locked.returning(Document, literal_column("(xmax = 0)", Boolean))
        row = (await self._session.execute(statement, execution_options={"populate_existing": True})).one()
        return row[0], bool(row[1])

    async def change(self, document_id: UUID, values: Mapping[str, Any]) -> Document:
        statement = update(Document).where(Document.id == document_id).values(**values).returning(Document)
        return (await self._session.scalars(statement, execution_options={"populate_existing": True})).one()

    async def delete(self, ids: Sequence[UUID]) -> None:
        """Removes documents with all that was made of them."""
        await self._session.execute(delete(Document).where(Document.id.in_(ids)))

    async def owned_by(self, owner: str) -> list[UUID]:
        """The ids of a person's documents, locked."""
        query = select(Document.id).where(Document.owner == owner).order_by(Document.id).with_for_update()
        return list(await self._session.scalars(query))

    async def below(self, *, owner: str, kind: str, prefix: str) -> list[Document]:
        """The documents that a source gave earlier, locked."""
        query = select(Document).where(
            Document.owner == owner,
            Document.source_kind == kind,
            Document.source_key.startswith(prefix, autoescape=True),
        )
        return list(await self._session.scalars(query.order_by(Document.id).with_for_update()))

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, UUID]:
        """Adds documents; returns the ids of those that were not there, by their keys."""
        statement = insert(Document).values(list(rows)).on_conflict_do_nothing(constraint=_KEY)
        added = await self._session.execute(statement.returning(Document.source_key, Document.id))
        return {row.source_key: row.id for row in added}

    async def from_kinds(self, kinds: Sequence[str], *, checked_before: datetime, limit: int) -> list[UUID]:
        """Documents at rest whose source was not asked since, the longest unasked first."""
        query = (
            select(Document.id)
            .where(Document.source_kind.in_(kinds), Document.status != "INDEXING")
            .where(or_(Document.checked_at.is_(None), Document.checked_at < checked_before))
            .order_by(Document.checked_at.nulls_first(), Document.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(await self._session.scalars(query))

    async def ask_again(self, ids: Sequence[UUID], *, now: datetime) -> dict[UUID, int]:
        """Has documents looked at again; what did not change is not indexed again. Returns their new revisions.

        Whoever is at the revision before keeps the lease, and `due_at` with it.
        """
        values = {
            "status": "INDEXING",
            "due_at": case((Document.lease.is_(None), now), else_=Document.due_at),
            "attempts": 0,
            "revision": Document.revision + 1,
        }
        statement = update(Document).where(Document.id.in_(ids)).values(values)
        asked = await self._session.execute(statement.returning(Document.id, Document.revision))
        return {row.id: row.revision for row in asked}

    async def ask_listed(
        self, listed: Sequence[tuple[UUID, Listed]], *, chunking: str, now: datetime
    ) -> dict[UUID, int]:
        """`ask_again` for documents whose source lists something new about them."""
        values = {
            "ids": [identity for identity, _ in listed],
            "fingerprints": [one.fingerprint for _, one in listed],
            "titles": [one.title if one.titled else None for _, one in listed],
            "chunking": chunking,
            "now": now,
        }
        return {row.id: row.revision for row in await self._session.execute(_ASK_LISTED, values)}

    async def place(self, ids: Sequence[UUID], *, access_id: int, collection: str, tags: Sequence[str]) -> None:
        """Puts documents where they belong; their passages' readers are another's."""
        values = {"access_id": access_id, "collection": collection, "tags": list(tags)}
        await self._session.execute(update(Document).where(Document.id.in_(ids)).values(values))

    async def wake(self) -> None:
        """Tells the indexers that there is something to do, once this is committed."""
        await notify(self._session, CHANNEL)

    async def relist(self, moves: Mapping[int, int]) -> None:
        """Gives the documents and passages of some lists to others: old id -> new id."""
        arrays = {"old": list(moves), "new": list(moves.values())}
        await self._session.execute(_RELIST_DOCUMENTS, arrays)
        await self._session.execute(_RELIST_CHUNKS, arrays)


class ChunkRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def page(self, document_id: UUID, *, limit: int, after: int | None) -> list[Chunk]:
        """Passages in their order; `after` is the place of the last one already seen."""
        query = select(Chunk).where(Chunk.document_id == document_id).order_by(Chunk.ordinal).limit(limit)
        if after is not None:
            query = query.where(Chunk.ordinal > after)
        return list(await self._session.scalars(query))

    async def ids(self, documents: Sequence[UUID]) -> list[int]:
        """The ids of the passages of some documents."""
        return list(await self._session.scalars(select(Chunk.id).where(Chunk.document_id.in_(documents))))

    async def move(self, documents: Sequence[UUID], *, access_id: int) -> list[int]:
        """Gives the passages of documents to other readers; returns their ids."""
        statement = update(Chunk).where(Chunk.document_id.in_(documents)).values(access_id=access_id)
        return list(await self._session.scalars(statement.returning(Chunk.id)))


class OriginalRepository:
    """The bytes of what was uploaded, in parts: one COPY in, one cursor out, never the whole in memory."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def keep_small(self, contents: Sequence[tuple[UUID, int, bytes]]) -> None:
        """Writes contents of at most one part each: (document id, revision, content). Earlier ones go."""
        ids = [document_id for document_id, _, _ in contents]
        await self._session.execute(delete(DocumentOriginal).where(DocumentOriginal.document_id.in_(ids)))
        rows = [
            {"document_id": document_id, "revision": revision, "part": 0, "data": data}
            for document_id, revision, data in contents
        ]
        await self._session.execute(insert(DocumentOriginal), rows)

    async def keep(self, document_id: UUID, *, revision: int, parts: AsyncIterator[bytes]) -> None:
        """Writes the content of a revision; that of earlier ones goes."""
        await self._session.execute(delete(DocumentOriginal).where(DocumentOriginal.document_id == document_id))

        async def rows() -> AsyncIterator[tuple[UUID, int, int, bytes]]:
            number = 0
            async for part in parts:
                yield document_id, revision, number, part
                number += 1

        connection = await driver_connection(self._session)
        columns = ("document_id", "revision", "part", "data")
        await connection.copy_records_to_table("document_originals", schema_name="ai", columns=columns, records=rows())


def _digest(readers: Sequence[str]) -> bytes:
    return hashlib.sha256("\n".join(readers).encode()).digest()


def _visible(by: Seer) -> Select[Document, list[str]]:
    query = select(Document, AccessList.readers).join(AccessList, AccessList.id == Document.access_id)
    if by.manages:
        return query
    readable = AccessList.readers.overlap(cast(list(by.principals), ARRAY(Text)))
    return query.where(or_(readable, Document.owner == by.subject))


_ASK_LISTED: Final = text("""
    UPDATE ai.documents AS d SET status = 'INDEXING', attempts = 0, revision = d.revision + 1, updated_at = :now,
        due_at = CASE WHEN d.lease IS NULL THEN :now ELSE d.due_at END, chunking = :chunking,
        wanted_sha256 = listed.fingerprint, title = coalesce(listed.title, d.title)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:fingerprints AS bytea[]), CAST(:titles AS text[]))
        AS listed (id, fingerprint, title)
    WHERE d.id = listed.id RETURNING d.id, d.revision
""")
_RELIST_DOCUMENTS: Final = text("""
    UPDATE ai.documents AS d SET access_id = moved.new
    FROM unnest(CAST(:old AS integer[]), CAST(:new AS integer[])) AS moved (old, new) WHERE d.access_id = moved.old
""")
_RELIST_CHUNKS: Final = text("""
    UPDATE ai.chunks AS c SET access_id = moved.new
    FROM unnest(CAST(:old AS integer[]), CAST(:new AS integer[])) AS moved (old, new) WHERE c.access_id = moved.old
""")
