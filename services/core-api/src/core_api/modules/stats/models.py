"""What remains of the runs when they go: numbers per routine and business date."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class DailyStats(Base):
    """The executions of one routine on one business date that are over; `routine_id` zero is all routines together.

    Durations and delays are kept as a sum, a count, a 95th percentile and a histogram (`core.stats_bucket`), from which
    the percentile of many days is made.
    """

    __tablename__ = "daily_stats"
    __table_args__ = (Index("ix_daily_stats_routine_id_business_date", "routine_id", "business_date"),)

    business_date: Mapped[date] = mapped_column(primary_key=True)
    routine_id: Mapped[UUID] = mapped_column(primary_key=True)
    succeeded: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    skipped: Mapped[int] = mapped_column(Integer)
    cancelled: Mapped[int] = mapped_column(Integer)
    with_warnings: Mapped[int] = mapped_column(Integer)
    recoveries: Mapped[int] = mapped_column(Integer)
    durations: Mapped[int] = mapped_column(Integer)
    duration_sum: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    duration_p95: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    duration_buckets: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    duration_counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    delays: Mapped[int] = mapped_column(Integer)
    delay_sum: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    delay_p95: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    delay_buckets: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    delay_counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    sealed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Its executions have gone: the numbers stay as they are."""


class StatsProgress(Base):
    """Up to which change of the queue the numbers are made; one row."""

    __tablename__ = "stats_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
