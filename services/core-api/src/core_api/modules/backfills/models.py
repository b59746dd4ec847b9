"""A range of dates run again as one object (DESIGN, E13)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Integer, SmallInteger, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Backfill(Base):
    """Its executions name it in `backfill_id`; the dispatcher hands out at most `max_active` of them at once."""

    __tablename__ = "backfills"
    __table_args__ = (
        CheckConstraint("status IN ('ACTIVE', 'PAUSED', 'CANCELLED', 'DONE')", name="status"),
        CheckConstraint("mode IN ('all', 'missing', 'failed')", name="mode"),
        CheckConstraint("max_active BETWEEN 1 AND 1000", name="max_active"),
        CheckConstraint("priority BETWEEN 1 AND 1000", name="priority"),
        CheckConstraint("start_date <= end_date", name="dates"),
        Index("ix_backfills_open", "id", postgresql_where=text("status IN ('ACTIVE', 'PAUSED')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    request_hash: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    max_active: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(SmallInteger)
    start_date: Mapped[date]
    end_date: Mapped[date]
    mode: Mapped[str] = mapped_column(Text)
    routine_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    executions: Mapped[int] = mapped_column(Integer)
    requested_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
