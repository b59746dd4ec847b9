"""Tries of an execution and the lines that they logged; partitioned like the executions that they belong to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Attempt(Base):
    """One try on one worker. `outcome` is null while it runs."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'LOST', 'HANDED_BACK')", name="outcome"
        ),
        {"postgresql_partition_by": "RANGE (execution_id)"},
    )

    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    worker_id: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ExecutionLog(Base):
    """One log line. The worker numbers the lines of an attempt, so a repeated batch writes nothing twice."""

    __tablename__ = "execution_logs"
    __table_args__ = ({"postgresql_partition_by": "RANGE (execution_id)"},)

    execution_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    level: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
