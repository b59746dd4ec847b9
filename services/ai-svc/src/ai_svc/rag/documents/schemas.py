"""What is said about documents, and what a person sends to add or change one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ai_svc.rag.search.public import EVERYONE

MAX_READERS: Final = 100
MAX_TAGS: Final = 20
MAX_TEXT_CHARS: Final = 500_000
SERVICE_OWNER: Final = "service:rotina"
"""The owner of documents that nobody in particular added: the product's own, and what routines index."""


class SourceKind(StrEnum):
    """Where a document comes from. `product` is Rotina itself: runbooks, routines, errors of executions."""

    UPLOAD = "upload"
    TEXT = "text"
    FOLDER = "folder"
    URL = "url"
    API = "api"
    PRODUCT = "product"


class Status(StrEnum):
    """INDEXING: there is work to do, the version before it goes on answering. FAILED: nothing to answer from."""

    INDEXING = "INDEXING"
    READY = "READY"
    FAILED = "FAILED"


class Outcome(StrEnum):
    """What adding a document did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


type Chunking = Literal["heading", "fixed", "semantic"]

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Key = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(description="What names the document among yours: the same key again is a new version of it."),
]
Collection = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=100),
    Field(description="A group of documents, to search in; empty for none."),
]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS)]
Reader = Annotated[
    str,
    StringConstraints(pattern=r"^(\*|role:(viewer|operator|admin)|user:\S.{0,254})$", max_length=260),
    Field(description="`*`, `role:<role>` or `user:<subject>`.", examples=["role:operator"]),
]
Readers = Annotated[
    list[Reader],
    Field(max_length=MAX_READERS, description="Who may read it beside its owner; empty: only its owner."),
]


class _Placing(BaseModel):
    """Where a new document belongs."""

    model_config = ConfigDict(extra="forbid")

    collection: Collection = ""
    tags: Tags = []
    readers: Readers | None = Field(default=None, description="Left out: its owner, or as they are.")
    chunking: Chunking = "heading"


class TextWrite(_Placing):
    """A document that is written here, as Markdown."""

    title: Title
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS)]
    key: Key | None = Field(default=None, description="Left out: the title.")

    def wanted(self, owner: str) -> "Wanted":
        """The document that it is."""
        data = self.text.encode()
        return Wanted(
            kind=SourceKind.TEXT,
            key=self.key or self.title,
            owner=owner,
            title=self.title,
            titled=True,
            name="texto.md",
            media_type="text/markdown",
            collection=self.collection,
            tags=tuple(self.tags),
            readers=None if self.readers is None else tuple(self.readers),
            chunking=self.chunking,
            sha256=hashlib.sha256(data).digest(),
            size_bytes=len(data),
        )


class UploadWrite(_Placing):
    """What may be said beside an uploaded file."""

    title: Title | None = Field(default=None, description="Left out: what the document calls itself.")
    key: Key | None = Field(default=None, description="Left out: the collection and the file's name.")


class UrlWrite(_Placing):
    """A document that is fetched from an address, and again when its source changed."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^https?://")]
    title: Title | None = Field(default=None, description="Left out: what the document calls itself.")

    def wanted(self, owner: str) -> "Wanted":
        """The document that it is, to be fetched when it is indexed."""
        return Wanted(
            kind=SourceKind.URL,
            key=self.url,
            uri=self.url,
            owner=owner,
            title=self.title or self.url[:300],
            titled=self.title is not None,
            name=PurePosixPath(urlsplit(self.url).path).name,
            collection=self.collection,
            tags=tuple(self.tags),
            readers=None if self.readers is None else tuple(self.readers),
            chunking=self.chunking,
        )


class FolderWrite(_Placing):
    """Every readable file below a folder; files that are gone from it are removed. Readers left out: everyone."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class AccessWrite(BaseModel):
    """Who may read a document."""

    model_config = ConfigDict(extra="forbid")

    readers: Readers


class DocumentRead(BaseModel):
    """A document. `version` is what readers see (0: nothing yet); `error_code` is that of the last attempt."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    title: str
    source_kind: SourceKind
    source_uri: str | None
    source_key: str
    owner: str
    readers: list[str]
    collection: str
    tags: list[str]
    language: str | None
    media_type: str | None
    size_bytes: int | None
    chunking: Chunking
    version: int
    chunk_count: int
    status: Status
    error_code: str | None
    error_message: str | None
    created_at: datetime
    updated_at: datetime
    indexed_at: datetime | None
    checked_at: datetime | None


class DocumentAdded(BaseModel):
    """What became of it. The document is searchable once it is READY."""

    document: DocumentRead
    outcome: Outcome


class ChunkRead(BaseModel):
    """A passage: `[start_offset:end_offset]` of the document's text, in characters."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: int
    ordinal: int
    version: int
    heading: str
    text: str
    start_offset: int
    end_offset: int
    page: int | None


class Synced(BaseModel):
    """What a source had: documents by what became of them. `skipped` files are of kinds that cannot be read."""

    created: int
    updated: int
    unchanged: int
    removed: int
    skipped: int


class Erased(BaseModel):
    """What of a person is gone."""

    subject: str
    documents: int
    chunks: int
    access_lists: int
    """Lists of readers that named the person and now do not."""
    tasks: int
    """Text jobs, with their texts and results."""
    runs: int
    """Answers of the last two minutes that could still be taken up again."""


class DocumentKey(BaseModel):
    """The sort key of a document, as it travels in a cursor."""

    id: UUID


class ChunkKey(BaseModel):
    """The sort key of a passage, as it travels in a cursor."""

    ordinal: int


@dataclass(frozen=True, slots=True)
class Found:
    """Which documents to list."""

    collection: str | None = None
    tags: tuple[str, ...] = ()
    status: Status | None = None
    source_kind: SourceKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A document as its source has it. `sha256` is None when the content is fetched only when it is indexed."""

    kind: SourceKind
    key: str
    owner: str
    title: str
    name: str
    """A file name, from which the format may be told."""
    titled: bool
    """Whether a person gave the title; otherwise the document's own title replaces it."""
    uri: str | None = None
    media_type: str | None = None
    collection: str = ""
    tags: tuple[str, ...] = ()
    readers: tuple[str, ...] | None = None
    """Beside the owner; None for the owner alone, or, of a document that is there, as they are."""
    chunking: Chunking = "heading"
    sha256: bytes | None = None
    size_bytes: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """As the document's row says it."""
        return {
            "owner": self.owner,
            "source_kind": self.kind,
            "source_key": self.key,
            "source_uri": self.uri,
            "source_config": {**self.config, "name": self.name, "titled": self.titled, "media_type": self.media_type},
            "title": self.title,
            "collection": self.collection,
            "tags": sorted(set(self.tags)),
            "chunking": self.chunking,
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "wanted_sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document as a source's listing has it. `etag` changes when its content does."""

    key: str
    title: str
    name: str
    etag: str
    uri: str | None = None
    media_type: str | None = None
    titled: bool = False
    content: bytes | None = None
    """None: fetched when it is indexed."""

    @property
    def fingerprint(self) -> bytes:
        """What is compared with what the listing before had."""
        return hashlib.sha256(self.etag.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All that a source has below a prefix of keys: what is not in it any more goes."""

    kind: SourceKind
    prefix: str
    documents: tuple[Listed, ...]
    skipped: int = 0
    owner: str = SERVICE_OWNER
    collection: str = ""
    tags: tuple[str, ...] = ()
    readers: tuple[str, ...] = (EVERYONE,)
    chunking: Chunking = "heading"
    config: Mapping[str, Any] = field(default_factory=dict)

    def columns(self, one: Listed) -> dict[str, Any]:
        """A listed document as its row says it."""
        wanted = Wanted(
            kind=self.kind,
            key=one.key,
            owner=self.owner,
            title=one.title,
            name=one.name,
            titled=one.titled,
            uri=one.uri,
            media_type=one.media_type,
            collection=self.collection,
            tags=self.tags,
            chunking=self.chunking,
            sha256=one.fingerprint,
            config=self.config,
        )
        return wanted.columns()
