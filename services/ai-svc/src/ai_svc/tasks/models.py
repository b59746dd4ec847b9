from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base


class Task(Base):
    """Work that outlives its request. Its texts lie here until `expires_at`, or until its owner's data are erased."""

    __tablename__ = "tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    kind: Mapped[str]
    owner: Mapped[str]
    """The subject of whoever asked for it; `service:<name>` for another service."""
    status: Mapped[str]
    input: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    progress: Mapped[float] = mapped_column(REAL)
    items_total: Mapped[int] = mapped_column(Integer)
    items_done: Mapped[int] = mapped_column(Integer)
    """Items that are over, those that failed among them."""
    items_failed: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime]
    runner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    cancel_requested_by: Mapped[str | None]
    idempotency_key: Mapped[str | None]
    request_hash: Mapped[str | None]
    correlation_id: Mapped[str | None]
    traceparent: Mapped[str | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')", name="status"),
        Index("ix_tasks_waiting", "due_at", "id", postgresql_where=text("status = 'PENDING'")),
        Index("ix_tasks_lease", "lease_until", postgresql_where=text("status = 'RUNNING'")),
        Index("ix_tasks_owner", "owner", text("id DESC")),
        Index("ix_tasks_expires_at", "expires_at"),
        Index(
            "uq_tasks_idempotency_key",
            "owner",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
    )


class TaskItem(Base):
    """One of a batch's inputs and what became of it. An item that is over is never done again."""

    __tablename__ = "task_items"
    __table_args__ = (CheckConstraint("status IN ('PENDING', 'SUCCEEDED', 'FAILED', 'CANCELLED')", name="status"),)

    task_id: Mapped[UUID] = mapped_column(ForeignKey("ai.tasks.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    status: Mapped[str]
    input: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    input_tokens: Mapped[int] = mapped_column(Integer)
    output_tokens: Mapped[int] = mapped_column(Integer)
    finished_at: Mapped[datetime | None]
