from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base
from shared_utils.db.base import UTCDateTime

NO_TAGS = text("'{}'")
NOW = func.now()


class AccessList(Base):
    """Who may read: `user:<subject>`, `role:<role>` or `*`, sorted. Lists never change; a document moves to another.

    Chunks, postings and vectors carry the list's id, so that access is a comparison of integers.
    """

    __tablename__ = "access_lists"
    __table_args__ = (
        CheckConstraint("cardinality(readers) > 0", name="readers"),
        Index("ix_access_lists_readers", "readers", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    readers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # The SHA-256 of the readers: an index over the array itself refuses long lists.
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class Document(Base):
    """One source of text. `version` counts what readers see, `revision` counts what was asked to be indexed.

    INDEXING means that there is work to do, whatever readers see meanwhile: version 0 is nothing yet. An error beside
    READY is that of a later attempt; the version before it goes on answering.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("owner", "source_kind", "source_key"),
        CheckConstraint("status IN ('INDEXING', 'READY', 'FAILED')", name="status"),
        CheckConstraint("source_kind IN ('upload', 'text', 'folder', 'url', 'api', 'product')", name="source_kind"),
        Index("ix_documents_due_at", "due_at", postgresql_where=text("status = 'INDEXING'")),
        Index("ix_documents_access_id", "access_id"),
        Index("ix_documents_collection_id", "collection", "id"),
        Index("ix_documents_tags", "tags", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    title: Mapped[str] = mapped_column(Text)
    source_kind: Mapped[str] = mapped_column(Text)
    source_uri: Mapped[str | None] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text)
    source_config: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    owner: Mapped[str] = mapped_column(Text)
    access_id: Mapped[int] = mapped_column(Integer, ForeignKey("ai.access_lists.id"))
    collection: Mapped[str] = mapped_column(Text, server_default="")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_TAGS)
    language: Mapped[str | None] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[int | None]
    chunking: Mapped[str] = mapped_column(Text, server_default="heading")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=NOW)

    # What readers see.
    version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    content_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    recipe: Mapped[str | None] = mapped_column(Text)
    chunk_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    indexed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    # What is asked for, and who is at it.
    status: Mapped[str] = mapped_column(Text, server_default="INDEXING")
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    wanted_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    forced: Mapped[bool] = mapped_column(server_default=text("false"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=NOW)
    lease: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    error_code: Mapped[str | None] = mapped_column(Text)
    error_message: Mapped[str | None] = mapped_column(Text)


class DocumentOriginal(Base):
    """The bytes of an upload in pieces of at most 1 MiB: whichever process indexes them, now or again, finds them."""

    __tablename__ = "document_originals"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("ai.documents.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentText(Base):
    """The normalised text of the version that readers see: `text[start:end]` of a chunk is the chunk's text."""

    __tablename__ = "document_texts"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("ai.documents.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Chunk(Base):
    """A passage. Offsets count characters of the document's text; `version` is the document's, for all its chunks.

    A passage that an edit leaves as it is keeps its id, and with it its postings and its vector.
    """

    __tablename__ = "chunks"
    __table_args__ = (
        # Checked at the end of a statement: an edit moves many passages one place on at once.
        UniqueConstraint("document_id", "ordinal", deferrable=True, initially="IMMEDIATE"),
        CheckConstraint("0 <= start_offset AND start_offset < end_offset", name="offsets"),
        {"postgresql_with": {"fillfactor": "90"}},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("ai.documents.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(Integer)
    ordinal: Mapped[int] = mapped_column(Integer)
    # No foreign key: it is the document's, and a check for each passage would be paid at each edit.
    access_id: Mapped[int] = mapped_column(Integer)
    heading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    start_offset: Mapped[int] = mapped_column(Integer)
    end_offset: Mapped[int] = mapped_column(Integer)
    page: Mapped[int | None] = mapped_column(Integer)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=NOW)
