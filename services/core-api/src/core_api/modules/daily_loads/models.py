from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class DailyLoad(Base):
    """One act of writing a business date's executions into the queue."""

    __tablename__ = "daily_loads"
    __table_args__ = (
        CheckConstraint(
            "trigger IN ('schedule', 'startup', 'catch_up', 'manual', 'routine_change', 'seed')", name="trigger"
        ),
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
    unplanned: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class UnplannedRoutine(Base):
    """A routine that a load had to leave out, since nobody can say whether it runs that day. Gone once it is loaded."""

    __tablename__ = "unplanned_routines"

    business_date: Mapped[date] = mapped_column(primary_key=True)
    routine_id: Mapped[UUID] = mapped_column(primary_key=True)
    routine_name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
