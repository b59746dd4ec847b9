from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Double, Identity, Index, Integer, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from ai_svc.database import Base
from shared_utils.db.base import UTCDateTime


class HalfVec(UserDefinedType[str]):
    """pgvector's vector of half-precision numbers, of any size, as text: `[0.1,-0.2]`.

    pgvector's own Python package would bring numpy into the service.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "extensions.halfvec"


# So that comparing models with a migrated database knows the type.
ischema_names["halfvec"] = HalfVec


class EmbeddingSpace(Base):
    """A model and the preparation of texts for it. One space is live; one that is being filled is building.

    A retired one keeps its vectors, so that it can go live again at once, until it is removed.
    """

    __tablename__ = "embedding_spaces"
    __table_args__ = (
        CheckConstraint("state IN ('building', 'live', 'retired')", name="state"),
        CheckConstraint("dimensions BETWEEN 1 AND 4000", name="dimensions"),
        CheckConstraint("dense_weight BETWEEN 0 AND 1", name="dense_weight"),
        ExcludeConstraint(
            ("state", "="),
            name="only_one_is_live",
            where=text("state = 'live'"),
            using="btree",
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    dimensions: Mapped[int] = mapped_column(Integer)
    preparation: Mapped[str] = mapped_column(Text)
    dense_weight: Mapped[float] = mapped_column(Double)
    state: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    live_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error_code: Mapped[str | None] = mapped_column(Text)
    # Which process fills the space, and until when others leave it to that one.
    filler: Mapped[UUID | None]
    filler_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ChunkVector(Base):
    """A chunk's vector in one space: each space is a partition with an HNSW index of its own.

    `fresh` rows are not in that index yet: writing stays fast, searches read them one by one, and they are settled in
    the background. Rows go, and change their readers, with their chunks (triggers).
    """

    __tablename__ = "chunk_vectors"
    __table_args__ = (
        Index("ix_chunk_vectors_access_id", "access_id"),
        Index("ix_chunk_vectors_content_hash", "content_hash"),
        Index("ix_chunk_vectors_fresh", "access_id", postgresql_where=text("fresh")),
        {"postgresql_partition_by": "LIST (space_id)"},
    )

    chunk_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    space_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    access_id: Mapped[int] = mapped_column(Integer)
    fresh: Mapped[bool] = mapped_column(server_default=text("true"))
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    vector: Mapped[str] = mapped_column(HalfVec)
