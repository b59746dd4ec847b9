from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class SchedulerInstance(Base):
    """A running process of the engine, scheduler or API; one that was not seen for some seconds is silent."""

    __tablename__ = "scheduler_instances"
    __table_args__ = (CheckConstraint("kind IN ('scheduler', 'api')", name="kind"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(Text, server_default=text("'scheduler'"))
    loops: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """How its loops stand, as it tells with each sign of life."""


class SchedulerLog(Base):
    """What the system itself did: loads, recoveries, lost workers, errors of its loops."""

    __tablename__ = "scheduler_logs"
    __table_args__ = (
        CheckConstraint("level IN ('INFO', 'WARNING', 'ERROR')", name="level"),
        Index("ix_scheduler_logs_event_id", "event", "id"),
        Index("ix_scheduler_logs_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    level: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))


class LoopRestart(Base):
    """A person asked schedulers to begin loops anew; each of them reports when it has. No loops means all."""

    __tablename__ = "loop_restarts"
    __table_args__ = (Index("ix_loop_restarts_requested_at", "requested_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    requested_by: Mapped[str] = mapped_column(Text)
    scheduler_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    loops: Mapped[list[str]] = mapped_column(ARRAY(Text))


class LoopRestartReport(Base):
    """A scheduler did what it was asked for."""

    __tablename__ = "loop_restart_reports"

    restart_id: Mapped[UUID] = mapped_column(ForeignKey("loop_restarts.id", ondelete="CASCADE"), primary_key=True)
    scheduler_id: Mapped[str] = mapped_column(Text, primary_key=True)
    loops: Mapped[list[str]] = mapped_column(ARRAY(Text))
    restarted_at: Mapped[datetime] = mapped_column(UTCDateTime)
