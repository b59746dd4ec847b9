from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class DailyLoad(Base):
    """One act of writing a business date's executions into the queue."""

    __tablename__ = "daily_loads"
    __table_args__ = (
        CheckConstraint("trigger IN ('schedule', 'startup', 'manual', 'routine_change', 'seed')", name="trigger"),
        Index("ix_daily_loads_business_date", "business_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date]
    trigger: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created: Mapped[int] = mapped_column(Integer)
    already_there: Mapped[int] = mapped_column(Integer)
    routines: Mapped[int] = mapped_column(Integer)
