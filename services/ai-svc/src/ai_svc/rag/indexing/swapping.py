"""The one transaction that puts new versions in place of old ones. Readers see the one before or the one after."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Row, text

from ai_svc.embeddings.vectors import NewVector
from ai_svc.rag.indexing.building import indexed_heading
from ai_svc.rag.indexing.chunk_rows import NewChunk, write_chunks
from ai_svc.rag.indexing.work import Built, Swapped, Work
from ai_svc.rag.search.public import IndexedChunk
from shared_schemas.events.documents import DocumentIndexed
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import WriteSession


class WordIndex(Protocol):
    async def replace_all(self, *, removed: Sequence[int], added: Sequence[tuple[UUID, IndexedChunk]]) -> None: ...


class VectorStore(Protocol):
    async def add(self, space_id: int, rows: Sequence[NewVector]) -> None: ...


@dataclass(slots=True)
class _Change:
    """What has to happen to one document's passages."""

    work: Work
    built: Built
    access_id: int
    revision: int
    removed: list[int] = field(default_factory=list)
    kept: list[tuple[int, int]] = field(default_factory=list)
    """(chunk id, place among the pieces)"""
    added: list[int] = field(default_factory=list)
    """Places among the pieces."""
    ids: Sequence[int] = ()
    """The added ones' ids, in their order."""

    @property
    def version(self) -> int:
        return self.work.version + 1


class Swap:
    """Swaps versions in, any number of documents by the same few statements."""

    def __init__(
        self, session: WriteSession, clock: Clock, outbox: Outbox, *, words: WordIndex, vectors: VectorStore
    ) -> None:
        self._session = session
        self._clock = clock
        self._outbox = outbox
        self._words = words
        self._vectors = vectors

    async def run(self, ready: Sequence[tuple[Work, Built]]) -> list[Swapped | None]:
        """Puts versions in place. The results are in the order of `ready`; None: the document is gone or another's."""
        changes = await self._plan(ready)
        if changes:
            # Places are handed on within a document: who has which is looked at when all are handed out.
            await self._session.execute(_PLACES_LATER)
            await self._write_chunks(changes)
            await self._index(changes)
            await self._session.execute(_DELETE_CHUNKS, {"ids": [one for each in changes for one in each.removed]})
            await self._write_documents(changes)
        done = {change.work.lease: _swapped(change) for change in changes}
        return [done.get(work.lease) for work, _ in ready]

    async def _plan(self, ready: Sequence[tuple[Work, Built]]) -> list[_Change]:
        """Locks the documents, in the order of their ids, and compares what is there with what should be."""
        built = {work.lease: (work, result) for work, result in ready}
        ids = [work.document_id for work, _ in ready]
        rows = (await self._session.execute(_LOCK, {"ids": ids, "leases": list(built)})).all()
        changes = [
            _Change(*built[row.lease], access_id=row.access_id, revision=row.revision)
            for row in rows
            if row.version == built[row.lease][0].version
        ]
        existing: dict[UUID, list[Row[Any]]] = defaultdict(list)
        old = [change.work.document_id for change in changes if change.work.version > 0]
        if old:
            for row in await self._session.execute(_CHUNKS, {"ids": old}):
                existing[row.document_id].append(row)
        for change in changes:
            _compare(change, existing[change.work.document_id])
        return changes

    async def _write_chunks(self, changes: Sequence[_Change]) -> None:
        """Moves the kept passages to their places, and copies the new ones in under new ids."""
        kept = [(change, identity, place) for change in changes for identity, place in change.kept]
        if kept:
            pieces = [change.built.pieces[place] for change, _, place in kept]
            moved = {
                "ids": [identity for _, identity, _ in kept],
                "versions": [change.version for change, _, _ in kept],
                "ordinals": [place for _, _, place in kept],
                "starts": [piece.start for piece in pieces],
                "ends": [piece.end for piece in pieces],
                "pages": [piece.page for piece in pieces],
            }
            await self._session.execute(_MOVE_CHUNKS, moved)
        many = sum(len(change.added) for change in changes)
        if not many:
            return
        ids = iter(await self._session.scalar(_NEW_IDS, {"many": many}) or ())
        for change in changes:
            change.ids = list(islice(ids, len(change.added)))
        await write_chunks(self._session, _new_chunks(changes), now=self._clock.now())

    async def _index(self, changes: Sequence[_Change]) -> None:
        removed = [one for change in changes for one in change.removed]
        added = [indexed for change in changes for indexed in _indexed(change)]
        if removed or added:
            await self._words.replace_all(removed=removed, added=added)
        rows: dict[int, list[NewVector]] = defaultdict(list)
        for change in changes:
            vectors = change.built.vectors
            if vectors is not None:
                rows[vectors.space_id] += [
                    (identity, change.access_id, change.built.hashes[place], vectors.in_order[place])
                    for identity, place in zip(change.ids, change.added, strict=True)
                ]
        for space_id, some in rows.items():
            await self._vectors.add(space_id, some)

    async def _write_documents(self, changes: Sequence[_Change]) -> None:
        now = self._clock.now()
        texts = {
            "ids": [change.work.document_id for change in changes],
            "texts": [change.built.parsed.text for change in changes],
        }
        await self._session.execute(_WRITE_TEXTS, texts)
        rows = await self._session.execute(_WRITE_DOCUMENTS, _described(changes, now))
        collections = {row.id: row.collection for row in rows}
        await self._outbox.add_all([_event(change, collections[change.work.document_id]) for change in changes])


def _compare(change: _Change, existing: Sequence[Row[Any]]) -> None:
    """Passages with the same words under the same headings stay, in their order; the others go.

    None stays when the title over all of them, or the way they are made, is another one.
    """
    work, built = change.work, change.built
    if work.recipe != built.recipe or work.title != built.title:
        change.added = list(range(len(built.pieces)))
        change.removed = [row.id for row in existing]
        return
    at_hand: dict[bytes, deque[int]] = defaultdict(deque)
    for row in existing:
        at_hand[bytes(row.content_hash)].append(row.id)
    for place, one in enumerate(change.built.hashes):
        waiting = at_hand.get(one)
        if waiting:
            change.kept.append((waiting.popleft(), place))
        else:
            change.added.append(place)
    change.removed = [identity for waiting in at_hand.values() for identity in waiting]


def _new_chunks(changes: Sequence[_Change]) -> Iterator[NewChunk]:
    for change in changes:
        document, pieces, hashes = change.work.document_id, change.built.pieces, change.built.hashes
        for identity, place in zip(change.ids, change.added, strict=True):
            yield identity, document, change.version, place, change.access_id, pieces[place], hashes[place]


def _indexed(change: _Change) -> Iterator[tuple[UUID, IndexedChunk]]:
    for identity, place in zip(change.ids, change.added, strict=True):
        piece = change.built.pieces[place]
        heading = indexed_heading(change.built.title, piece.heading)
        yield change.work.document_id, IndexedChunk(identity, change.access_id, piece.text, heading)


def _described(changes: Sequence[_Change], now: datetime) -> dict[str, Any]:
    built = [change.built for change in changes]
    return {
        "ids": [change.work.document_id for change in changes],
        "versions": [change.version for change in changes],
        "revisions": [change.work.revision for change in changes],
        "titles": [one.title for one in built],
        "counts": [len(one.pieces) for one in built],
        "languages": [one.parsed.language for one in built],
        "media_types": [one.parsed.media_type for one in built],
        "sizes": [one.size_bytes for one in built],
        "digests": [one.sha256 for one in built],
        "recipes": [one.recipe for one in built],
        "etags": [one.etag for one in built],
        "modified": [one.last_modified for one in built],
        "now": now,
    }


def _swapped(change: _Change) -> Swapped:
    return Swapped(version=change.version, added=len(change.added), removed=len(change.removed), kept=len(change.kept))


def _event(change: _Change, collection: str) -> DocumentIndexed:
    return DocumentIndexed(
        document_id=change.work.document_id,
        document_version=change.version,
        source_kind=change.work.kind,
        collection=collection,
        language=change.built.parsed.language,
        chunks=len(change.built.pieces),
        added=len(change.added),
        removed=len(change.removed),
    )


_PLACES_LATER: Final = text("SET CONSTRAINTS ai.uq_chunks_document_id_ordinal DEFERRED")

_LOCK: Final = text("""
    SELECT id, lease, version, revision, access_id FROM ai.documents
    WHERE id = ANY(CAST(:ids AS uuid[])) AND lease = ANY(CAST(:leases AS uuid[])) ORDER BY id FOR UPDATE
""")

_CHUNKS: Final = text("""
    SELECT document_id, id, content_hash FROM ai.chunks WHERE document_id = ANY(CAST(:ids AS uuid[]))
    ORDER BY document_id, ordinal
""")

_MOVE_CHUNKS: Final = text("""
    UPDATE ai.chunks AS c SET version = moved.version, ordinal = moved.ordinal,
        start_offset = moved.start_offset, end_offset = moved.end_offset, page = moved.page
    FROM unnest(CAST(:ids AS bigint[]), CAST(:versions AS integer[]), CAST(:ordinals AS integer[]),
        CAST(:starts AS integer[]), CAST(:ends AS integer[]), CAST(:pages AS integer[]))
        AS moved (id, version, ordinal, start_offset, end_offset, page)
    WHERE c.id = moved.id
""")

# Before the rows, so that they are copied in at once and nothing has to be read back.
_NEW_IDS: Final = text("""
    SELECT array_agg(nextval((SELECT pg_get_serial_sequence('ai.chunks', 'id')::regclass)))
    FROM generate_series(1, :many)
""")

_DELETE_CHUNKS: Final = text("DELETE FROM ai.chunks WHERE id = ANY(CAST(:ids AS bigint[]))")

_WRITE_TEXTS: Final = text("""
    INSERT INTO ai.document_texts (document_id, text)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:texts AS text[]))
    ON CONFLICT (document_id) DO UPDATE SET text = excluded.text
""")

# What was asked for meanwhile stays asked for: the row is INDEXING still, and due.
_WRITE_DOCUMENTS: Final = text("""
    UPDATE ai.documents AS d SET
        version = built.version,
        title = CASE WHEN d.revision = built.revision THEN built.title ELSE d.title END,
        chunk_count = built.chunks, language = built.language,
        media_type = built.media_type, size_bytes = built.size, content_sha256 = built.digest, recipe = built.recipe,
        etag = built.etag, last_modified = built.modified, indexed_at = :now, checked_at = :now, updated_at = :now,
        status = CASE WHEN d.revision = built.revision THEN 'READY' ELSE 'INDEXING' END,
        forced = d.forced AND d.revision <> built.revision,
        lease = NULL, attempts = 0, due_at = :now, error_code = NULL, error_message = NULL
    FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[]), CAST(:revisions AS integer[]),
        CAST(:titles AS text[]), CAST(:counts AS integer[]), CAST(:languages AS text[]), CAST(:media_types AS text[]),
        CAST(:sizes AS bigint[]), CAST(:digests AS bytea[]), CAST(:recipes AS text[]), CAST(:etags AS text[]),
        CAST(:modified AS text[])) AS built
        (id, version, revision, title, chunks, language, media_type, size, digest, recipe, etag, modified)
    WHERE d.id = built.id
    RETURNING d.id, d.collection
""")
