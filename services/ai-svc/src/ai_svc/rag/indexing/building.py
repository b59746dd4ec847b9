"""A document's next version, made outside of any transaction: fetch, parse, cut, embed."""

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from ai_svc.embeddings.texts import passage_hash
from ai_svc.rag.chunking import Piece, chunk
from ai_svc.rag.indexing.work import Built, Fetched, Unchanged, Vectors, Work
from ai_svc.rag.parsing import ParsedText
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

RECIPE: Final = "1"
"""Part of every version's recipe: a new number has everything indexed again when its source is next asked."""

EMBED_SECONDS: Final = 15.0
"""A document does not wait longer for its vectors: a slow model makes them in the background."""


class Fetcher(Protocol):
    """Brings a document's content."""

    async def fetch(self, work: Work, folder: Path) -> Fetched | Unchanged:
        """Writes the content into `folder`. Raises the source's error."""
        ...


class Reader(Protocol):
    """Reads a file; `ai_svc.rag.parsing.parsers.Parsers` is one."""

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText: ...


class PassageVectors(Protocol):
    """Vectors of passages in one space, in the order of the passages."""

    @property
    def space_id(self) -> int: ...

    @property
    def vectors(self) -> Sequence[Sequence[float]]: ...


class Embedding(Protocol):
    """Makes the vectors of passages; `ai_svc.embeddings.dense.Dense` does."""

    async def passages(self, passages: Sequence[tuple[str, str]], /) -> PassageVectors | None:
        """Vectors of (headings, text) in the live space; None when there is none."""
        ...


class Builder:
    """Builds versions. Without `embedding` there are words only."""

    def __init__(self, fetcher: Fetcher, reader: Reader, *, embedding: Embedding | None = None, max_chars: int) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._embedding = embedding
        self._max_chars = max_chars

    async def build(self, work: Work) -> Built | Unchanged:
        """The next version of a document. Raises an `AppError` that says why there is none."""
        recipe = self._recipe(work)
        if work.forced or work.recipe != recipe:
            # The source would say that it has nothing new.
            work = replace(work, etag=None, last_modified=None)
        with tempfile.TemporaryDirectory(prefix="rotina-document-", ignore_cleanup_errors=True) as folder:
            fetched = await self._fetcher.fetch(work, Path(folder))
            if isinstance(fetched, Unchanged):
                return fetched
            sha256, size = await asyncio.to_thread(_digest, fetched.path)
            if sha256 == work.content_sha256 and recipe == work.recipe and not work.forced:
                return Unchanged(etag=fetched.etag, last_modified=fetched.last_modified)
            parsed = await self._reader.parse(fetched.path, media_type=fetched.media_type, name=fetched.name)
        pieces = await asyncio.to_thread(chunk, parsed, mode=work.chunking, max_chars=self._max_chars)
        title = work.title if work.config.get("titled") else parsed.title or work.title
        return Built(
            parsed=parsed,
            pieces=pieces,
            hashes=[passage_hash(piece.heading, piece.text) for piece in pieces],
            title=title,
            recipe=recipe,
            sha256=sha256,
            size_bytes=size,
            vectors=await self._embed(pieces),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )

    def _recipe(self, work: Work) -> str:
        """All that decides what the same content becomes; the title that a person gave is over every passage."""
        given = hashlib.sha256(work.title.encode()).hexdigest()[:16] if work.config.get("titled") else "-"
        return f"{RECIPE}/{work.chunking}/{self._max_chars}/{given}"

    async def _embed(self, pieces: Sequence[Piece]) -> Vectors | None:
        """None when there is no model, or it fails or is slow: words are found at once, vectors are made up for."""
        if self._embedding is None or not pieces:
            return None
        try:
            async with asyncio.timeout(EMBED_SECONDS):
                made = await self._embedding.passages([(piece.heading, piece.text) for piece in pieces])
        except (AppError, TimeoutError) as error:
            logger.warning("a document is indexed without vectors", extra={"fields": {"error": type(error).__name__}})
            return None
        return None if made is None else Vectors(space_id=made.space_id, in_order=made.vectors)


def indexed_heading(title: str, heading: str) -> str:
    """The words over a passage: its document's title, unless the headings begin with it, and its headings."""
    if not heading or heading == title or heading.startswith(f"{title} > "):
        return heading or title
    return f"{title} > {heading}"


def _digest(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return digest, file.tell()
