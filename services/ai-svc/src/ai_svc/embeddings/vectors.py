"""Vectors of chunks, as the transaction that swaps a document's chunks writes them."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from sqlalchemy import BigInteger, Integer, LargeBinary, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, REAL

from ai_svc.embeddings.exceptions import EmbeddingFailed
from shared_utils.db.session import ReadSession, WriteSession

type NewVector = tuple[int, int, bytes, Sequence[float]]
"""Chunk id, access list id, hash of the embedded text, vector."""

_TYPES: Final = (
    bindparam("chunks", type_=ARRAY(BigInteger)),
    bindparam("lists", type_=ARRAY(Integer)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
    bindparam("numbers", type_=ARRAY(REAL)),
    bindparam("size", type_=BigInteger),
    bindparam("space", type_=Integer),
)
# All numbers travel in one flat array, binary, and are cut into vectors by the database: arrays of vectors would travel
# as text and take five times as long.
_ADD: Final = text("""
    INSERT INTO ai.chunk_vectors (space_id, chunk_id, access_id, content_hash, vector)
    SELECT :space, given.chunk_id, given.access_id, given.content_hash,
           ((:numbers)[(given.place - 1) * :size + 1 : given.place * :size])::halfvec
    FROM unnest(:chunks, :lists, :hashes) WITH ORDINALITY AS given (chunk_id, access_id, content_hash, place)
    ON CONFLICT (chunk_id, space_id) DO UPDATE
    SET access_id = EXCLUDED.access_id, content_hash = EXCLUDED.content_hash, vector = EXCLUDED.vector, fresh = true
""").bindparams(*_TYPES)
# The chunk is locked until its vector is committed: whoever deletes it or moves it to other readers comes before or
# after, and takes the vector along.
_FILL: Final = text("""
    INSERT INTO ai.chunk_vectors (space_id, chunk_id, access_id, content_hash, vector)
    SELECT :space, there.id, there.access_id, given.content_hash,
           ((:numbers)[(given.place - 1) * :size + 1 : given.place * :size])::halfvec
    FROM unnest(:chunks, :hashes) WITH ORDINALITY AS given (chunk_id, content_hash, place)
    JOIN (SELECT id, access_id FROM ai.chunks WHERE id = ANY(:chunks) ORDER BY id FOR SHARE) AS there
      ON there.id = given.chunk_id
    ON CONFLICT (chunk_id, space_id) DO NOTHING
""").bindparams(*(bind for bind in _TYPES if bind.key != "lists"))
_KNOWN: Final = text("""
    SELECT DISTINCT ON (content_hash) content_hash, vector::real[] FROM ai.chunk_vectors
    WHERE space_id = :space AND content_hash = ANY(:hashes) ORDER BY content_hash
""").bindparams(bindparam("space", type_=Integer), bindparam("hashes", type_=ARRAY(LargeBinary)))


class KnownVectors:
    """Vectors that are there already, so that a text is embedded once per space."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def known(self, space_id: int, hashes: Iterable[bytes]) -> dict[bytes, list[float]]:
        """The vectors of those hashes that any chunk of the space has."""
        rows = await self._session.execute(_KNOWN, {"space": space_id, "hashes": list(set(hashes))})
        return {row[0]: row[1] for row in rows}


class Vectors(KnownVectors):
    """Writes vectors; nothing is committed here."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self._writer = session

    async def add(self, space_id: int, rows: Sequence[NewVector]) -> None:
        """Vectors of chunks that this transaction has written. A chunk's earlier vector in the space is replaced.

        Raises `EmbeddingFailed` when they are not all of one length; the database refuses another space's length.
        """
        if rows:
            await self._writer.execute(_ADD, {"space": space_id, **_flat(rows)})

    async def fill(self, space_id: int, rows: Sequence[NewVector]) -> None:
        """Vectors of chunks that others have written, and may have deleted or moved to other readers meanwhile."""
        if rows:
            values = {"space": space_id, **_flat(rows)}
            await self._writer.execute(_FILL, {name: values[name] for name in values.keys() - {"lists"}})


def known_vectors(session: ReadSession) -> KnownVectors:
    """For reading only."""
    return KnownVectors(session)


def vectors_for(session: WriteSession) -> Vectors:
    """For a transaction that writes."""
    return Vectors(session)


def as_text(vector: Sequence[float]) -> str:
    """A vector as PostgreSQL reads it."""
    return f"[{','.join(map(repr, vector))}]"


def _flat(rows: Sequence[NewVector]) -> dict[str, object]:
    size = len(rows[0][3])
    if any(len(row[3]) != size for row in rows):
        raise EmbeddingFailed("the vectors to be stored are not all of one length")
    return {
        "chunks": [row[0] for row in rows],
        "lists": [row[1] for row in rows],
        "hashes": [row[2] for row in rows],
        "numbers": list(chain.from_iterable(row[3] for row in rows)),
        "size": size,
    }
