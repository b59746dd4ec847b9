"""Vectors of chunks, as the transaction that swaps a document's chunks writes them."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from sqlalchemy import BigInteger, Integer, LargeBinary, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, REAL

from ai_svc.database import SCHEMA
from ai_svc.embeddings.exceptions import EmbeddingFailed
from shared_utils.db.copying import copy_binary, field
from shared_utils.db.session import ReadSession, WriteSession

type NewVector = tuple[int, int, bytes, Sequence[float]]
"""Chunk id, access list id, hash of the embedded text, vector."""

_START: Final = struct.Struct(">hiiiqii").pack
"""The number of fields of a row for COPY, and the first three with their lengths: space, chunk, access list."""

_TYPES: Final = (
    bindparam("chunks", type_=ARRAY(BigInteger)),
    bindparam("lists", type_=ARRAY(Integer)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
    bindparam("numbers", type_=ARRAY(REAL)),
    bindparam("size", type_=BigInteger),
    bindparam("space", type_=Integer),
)
# The numbers of a few vectors travel in one flat array, binary, and are cut into vectors by the database.
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
        """Vectors of chunks that this transaction has written, and that have none in the space yet.

        Raises `EmbeddingFailed` when they are not all of one length; the database refuses another space's length.
        """
        if rows:
            columns = ("space_id", "chunk_id", "access_id", "content_hash", "vector")
            packed = _packed(space_id, rows, size=_check_lengths(rows))
            await copy_binary(self._writer, schema=SCHEMA, table="chunk_vectors", columns=columns, rows=packed)

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


def _check_lengths(rows: Sequence[NewVector]) -> int:
    size = len(rows[0][3])
    if any(len(row[3]) != size for row in rows):
        raise EmbeddingFailed("the vectors to be stored are not all of one length")
    return size


def _packed(space_id: int, rows: Iterable[NewVector], *, size: int) -> Iterator[bytes]:
    """Rows for COPY. A vector is its length, a number that is always 0, and its numbers at half precision."""
    halves = struct.Struct(f">iHH{size}e")
    for chunk_id, access_id, content_hash, vector in rows:
        start = _START(5, 4, space_id, 8, chunk_id, 4, access_id)
        yield start + field(content_hash) + halves.pack(halves.size - 4, size, 0, *vector)


def _flat(rows: Sequence[NewVector]) -> dict[str, object]:
    size = _check_lengths(rows)
    return {
        "chunks": [row[0] for row in rows],
        "lists": [row[1] for row in rows],
        "hashes": [row[2] for row in rows],
        "numbers": list(chain.from_iterable(row[3] for row in rows)),
        "size": size,
    }
