from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base


class Postings(Base):
    """The words of one passage: which terms, how often each, and how many in all. Terms are in ascending order, and
    `counts` has
    one byte for each of them.

    One row per passage: an index over the arrays finds the passages that have any of some terms, and their scores
    come from the
    arrays themselves. A row per passage and term is read as fast but written twenty times slower.
    """

    __tablename__ = "postings"
    __table_args__ = (
        Index(
            "ix_postings_terms",
            "terms",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "1024"},
        ),
        Index("ix_postings_access_id", "access_id"),
        Index("ix_postings_document_id", "document_id"),
    )

    chunk_id: Mapped[int] = mapped_column(
        ForeignKey("ai.chunks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    document_id: Mapped[UUID]
    access_id: Mapped[int] = mapped_column(Integer)
    length: Mapped[int] = mapped_column(Integer)
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    counts: Mapped[bytes] = mapped_column(LargeBinary)


class Term(Base):
    """In how many passages a term is; together with the changes not folded in yet it is exact. The id is the stem's
    hash.
    """

    __tablename__ = "terms"
    __table_args__ = (
        Index("ix_terms_stem", "stem", postgresql_ops={"stem": "text_pattern_ops"}),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stem: Mapped[str]
    df: Mapped[int] = mapped_column(Integer)


class TermChange(Base):
    """What one edit changes in the counts of terms and passages: appended, so that two edits never wait for each
    other.
    """

    __tablename__ = "term_changes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    stems: Mapped[list[str]] = mapped_column(ARRAY(Text))
    deltas: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    chunks: Mapped[int]
    tokens: Mapped[int]


class IndexTotals(Base):
    """How many passages and words the index holds, but for the changes not folded in yet: one row."""

    __tablename__ = "index_totals"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"), autoincrement=False)
    chunks: Mapped[int]
    tokens: Mapped[int]
