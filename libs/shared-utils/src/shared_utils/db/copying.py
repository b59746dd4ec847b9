"""Rows into a table by COPY, in PostgreSQL's binary format: the caller packs them, nothing looks at them again.

An array that is a parameter is looked at element by element by asyncpg and by SQLAlchemy: a row with a vector or a list
of terms costs more there than in the database. The format is the one of PostgreSQL's page on COPY, "Binary Format".
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from shared_utils.db.session import WriteSession

if TYPE_CHECKING:
    import asyncpg

ROWS_AT_ONCE: Final = 64
"""So many rows are packed before the loop serves others."""

_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = struct.Struct(">i").pack
_ARRAY: Final = struct.Struct(">iiiiii").pack
_EMPTY_ARRAY: Final = struct.pack(">iiii", 12, 0, 0, 20)
_INT8_OID: Final = 20
_INT8_BYTES: Final = 8
_ELEMENT: Final = struct.Struct(">iq").pack
_ELEMENT_BYTES: Final = 4 + _INT8_BYTES
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


async def driver_connection(session: WriteSession) -> "asyncpg.Connection[asyncpg.Record]":
    """The asyncpg connection under a session: it is in the session's transaction, and it can COPY."""
    fairy = await (await session.connection()).get_raw_connection()
    connection: asyncpg.Connection[asyncpg.Record] | None = fairy.driver_connection
    if connection is None:
        raise ConnectionError("the session has no connection")
    return connection


async def copy_binary(
    session: WriteSession, *, schema: str, table: str, columns: Sequence[str], rows: Iterable[bytes]
) -> None:
    """Copies packed rows in: each a 16-bit number of fields, and for each field its length (32 bits) and its bytes.

    The rows are made while earlier ones are on their way. Raises asyncpg's errors, which SQLAlchemy does not wrap.
    """

    async def packed() -> AsyncIterator[bytes]:
        yield _SIGNATURE
        for some in batched(rows, ROWS_AT_ONCE):
            yield b"".join(some)
            await asyncio.sleep(0)
        yield _END

    connection = await driver_connection(session)
    await connection.copy_to_table(table, schema_name=schema, columns=columns, source=packed(), format="binary")


def field(data: bytes | None) -> bytes:
    """A field of bytes or UTF-8, with its length; None is NULL."""
    return _NULL if data is None else _LENGTH(len(data)) + data


def bigint_element(number: int) -> bytes:
    """An element of `bigint_array`: kept by who writes the same numbers again and again."""
    return _ELEMENT(_INT8_BYTES, number)


def bigint_array(elements: bytes) -> bytes:
    """A field that is an array of bigints, of `bigint_element`s: dimensions, no NULLs, type, length, first index."""
    if not elements:
        return _EMPTY_ARRAY
    return _ARRAY(20 + len(elements), 1, 0, _INT8_OID, len(elements) // _ELEMENT_BYTES, 1) + elements


def instant(at: datetime) -> bytes:
    """A field that is a `timestamptz`: microseconds since the year 2000."""
    return _ELEMENT(_INT8_BYTES, (at - _EPOCH) // _MICROSECOND)
