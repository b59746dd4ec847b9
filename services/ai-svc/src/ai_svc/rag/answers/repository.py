"""What answers ask of the tables themselves."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import BigInteger, column, text

from shared_utils.db.session import ReadSession

_READABLE: Final = text("""
    SELECT c.id FROM ai.chunks AS c JOIN ai.access_lists AS a ON a.id = c.access_id
    WHERE c.id = ANY (CAST(:ids AS bigint[])) AND a.readers && CAST(:principals AS text[])
""").columns(column("id", BigInteger))


async def readable(session: ReadSession, chunk_ids: Iterable[int], *, principals: Collection[str]) -> set[int]:
    """Those chunks that are there and that one of `principals` may read."""
    found = await session.scalars(_READABLE, {"ids": list(chunk_ids), "principals": list(principals)})
    return set(found)
