"""A document's next version, made outside of any transaction: fetch, parse, cut, embed."""

import asyncio
import hashlib
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from ai_svc.embeddings.space import Embedder
from ai_svc.embeddings.texts import passage_hash, passage_text
from ai_svc.rag.chunking import Piece, chunk
from ai_svc.rag.indexing.work import Built, Fetched, Unchanged, Vectors, Work
from ai_svc.rag.parsing import ParsedText

RECIPE: Final = "1"
"""Part of every version's recipe: a new number has everything indexed again when its source is next asked."""

EMBED_AT_ONCE: Final = 64


class Fetcher(Protocol):
    """Brings a document's content."""

    async def fetch(self, work: Work, folder: Path) -> Fetched | Unchanged:
        """Writes the content into `folder`. Raises the source's error."""
        ...


class Reader(Protocol):
    """Reads a file; `ai_svc.rag.parsing.parsers.Parsers` is one."""

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText: ...


type Known = Callable[[int, Sequence[bytes]], Awaitable[Mapping[bytes, Sequence[float]]]]
"""The vectors of a space that passages with these hashes have already."""


class Builder:
    """Builds versions. `embedders` are those of the spaces that are searched, or about to be; there may be none."""

    def __init__(
        self,
        fetcher: Fetcher,
        reader: Reader,
        *,
        embedders: Sequence[Embedder] = (),
        known: Known | None = None,
        max_chars: int,
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._embedders = embedders
        self._known = known
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
        hashes = [passage_hash(piece.heading, piece.text) for piece in pieces]
        return Built(
            parsed=parsed,
            pieces=pieces,
            hashes=hashes,
            title=title,
            recipe=recipe,
            sha256=sha256,
            size_bytes=size,
            vectors=await self._embed(pieces, hashes),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )

    def _recipe(self, work: Work) -> str:
        """All that decides what the same content becomes; the title that a person gave is over every passage."""
        given = hashlib.sha256(work.title.encode()).hexdigest()[:16] if work.config.get("titled") else "-"
        return f"{RECIPE}/{work.chunking}/{self._max_chars}/{given}"

    async def _embed(self, pieces: Sequence[Piece], hashes: Sequence[bytes]) -> list[Vectors]:
        texts = {one: passage_text(piece.heading, piece.text) for one, piece in zip(hashes, pieces, strict=True)}
        return [await self._vectors(embedder, texts) for embedder in self._embedders]

    async def _vectors(self, embedder: Embedder, texts: Mapping[bytes, str]) -> Vectors:
        """A vector for each passage; the same words are embedded once in a space."""
        vectors = dict(await self._known(embedder.space.id, list(texts))) if self._known is not None else {}
        missing = [one for one in texts if one not in vectors]
        for start in range(0, len(missing), EMBED_AT_ONCE):
            batch = missing[start : start + EMBED_AT_ONCE]
            made = await embedder.passages([texts[one] for one in batch])
            vectors |= dict(zip(batch, made, strict=True))
        return Vectors(space_id=embedder.space.id, by_hash=vectors)


def indexed_heading(title: str, heading: str) -> str:
    """The words over a passage: its document's title, unless the headings begin with it, and its headings."""
    if not heading or heading == title or heading.startswith(f"{title} > "):
        return heading or title
    return f"{title} > {heading}"


def _digest(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return digest, file.tell()
