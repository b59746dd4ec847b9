from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Pool(Base):
    """A limit on how many runs may be active at once across routines, for example two connections to B3."""

    __tablename__ = "pools"
    __table_args__ = (
        CheckConstraint("slots BETWEEN 0 AND 10000", name="slots"),
        CheckConstraint(
            "(rate_count IS NULL) = (rate_seconds IS NULL) "
            "AND rate_count BETWEEN 1 AND 100000 AND rate_seconds BETWEEN 1 AND 86400",
            name="rate",
        ),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    slots: Mapped[int] = mapped_column(Integer)
    description: Mapped[str] = mapped_column(Text)
    rate_count: Mapped[int | None] = mapped_column(Integer)
    rate_seconds: Mapped[int | None] = mapped_column(Integer)


class PoolStart(Base):
    """A start in a pool that has a rate: what the dispatcher counts. Older ones than any rate's seconds are deleted."""

    __tablename__ = "pool_starts"
    __table_args__ = (Index("ix_pool_starts_pool", "pool", "started_at"),)

    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    pool: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
