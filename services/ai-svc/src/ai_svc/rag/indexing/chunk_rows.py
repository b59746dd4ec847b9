"""New passages, copied in."""

import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from ai_svc.database import SCHEMA
from ai_svc.rag.chunking import Piece
from shared_utils.db.copying import copy_binary, field, instant
from shared_utils.db.session import WriteSession

type NewChunk = tuple[int, UUID, int, int, int, Piece, bytes]
"""Chunk, document, version, place in it, access list, the piece, hash of the embedded text."""

_COLUMNS: Final = (
    *("id", "document_id", "version", "ordinal", "access_id", "heading", "text", "start_offset", "end_offset", "page"),
    *("content_hash", "created_at"),
)
_START: Final = struct.Struct(">hiqi16siiiiii").pack
"""The number of fields, and the first five of them with their lengths."""

_OFFSETS: Final = struct.Struct(">iiii").pack
_INTEGER: Final = struct.Struct(">i").pack


async def write_chunks(session: WriteSession, rows: Iterable[NewChunk], *, now: datetime) -> None:
    """Passages whose ids were taken from the table's sequence."""
    await copy_binary(session, schema=SCHEMA, table="chunks", columns=_COLUMNS, rows=_packed(rows, instant(now)))


def _packed(rows: Iterable[NewChunk], created_at: bytes) -> Iterator[bytes]:
    for chunk_id, document_id, version, ordinal, access_id, piece, content_hash in rows:
        start = _START(len(_COLUMNS), 8, chunk_id, 16, document_id.bytes, 4, version, 4, ordinal, 4, access_id)
        words = field(piece.heading.encode()) + field(piece.text.encode())
        page = field(None if piece.page is None else _INTEGER(piece.page))
        yield start + words + _OFFSETS(4, piece.start, 4, piece.end) + page + field(content_hash) + created_at
