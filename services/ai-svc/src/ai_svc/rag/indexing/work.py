"""What the steps of indexing hand to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from ai_svc.rag.chunking import Mode, Piece
from ai_svc.rag.parsing import ParsedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A document to index, as it was when it was claimed. Only who holds `lease` may write what comes of it."""

    document_id: UUID
    lease: UUID
    revision: int
    version: int
    attempts: int
    kind: str
    uri: str | None
    key: str
    owner: str
    config: Mapping[str, Any]
    title: str
    chunking: Mode
    forced: bool
    content_sha256: bytes | None
    recipe: str | None
    etag: str | None
    last_modified: str | None

    @property
    def name(self) -> str:
        """A file name, from which the format may be told."""
        return str(self.config.get("name") or self.title)

    @property
    def media_type(self) -> str | None:
        """What the source called its format."""
        said = self.config.get("media_type")
        return said if isinstance(said, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document's content in a file that goes when the work ends."""

    path: Path
    name: str
    media_type: str | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The source has what readers see already."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """What one embedding space makes of a version's pieces, in their order."""

    space_id: int
    in_order: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A version that is ready to be swapped in. `hashes` are those of the pieces, in their order."""

    parsed: ParsedText
    pieces: Sequence[Piece]
    hashes: Sequence[bytes]
    title: str
    recipe: str
    sha256: bytes
    size_bytes: int
    vectors: Vectors | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """What a swap did; None in its place means that the document is gone or another's by now."""

    version: int
    added: int
    removed: int
    kept: int
