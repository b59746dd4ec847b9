"""The content of uploads, out of the database and into a file."""

import asyncio
from pathlib import Path
from typing import Final

from sqlalchemy import text

from ai_svc.rag.indexing.work import Fetched, Work
from shared_utils.db.session import SessionFactory, read_transaction
from shared_utils.errors import NotFound

_PARTS: Final = text("""
    SELECT data FROM ai.document_originals
    WHERE document_id = :id AND revision = (SELECT max(revision) FROM ai.document_originals WHERE document_id = :id)
    ORDER BY part
""")
_PARTS_AT_ONCE: Final = 4


class OriginalMissing(NotFound):
    """The document's content is not there any more: add it again."""

    code = "DOCUMENT_ORIGINAL_MISSING"


class Originals:
    """Reads what was uploaded, a few parts at a time."""

    def __init__(self, sessionmaker: SessionFactory) -> None:
        self._sessionmaker = sessionmaker

    async def fetch(self, work: Work, folder: Path) -> Fetched:
        """Writes the document's content into `folder`. Raises `OriginalMissing`."""
        path = folder / "content"
        parts = 0
        async with read_transaction(self._sessionmaker) as session:
            rows = await session.stream(
                _PARTS, {"id": work.document_id}, execution_options={"yield_per": _PARTS_AT_ONCE}
            )
            async for some in rows.scalars().partitions(_PARTS_AT_ONCE):
                await asyncio.to_thread(_append, path, b"".join(some))
                parts += len(some)
        if not parts:
            raise OriginalMissing
        return Fetched(path=path, name=work.name, media_type=work.media_type)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
