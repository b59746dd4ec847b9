"""The queue: one row per routine and slot, partitioned by month of slot through the time in the first bits of `id`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, Index, Integer, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime

_WAITING = text("status IN ('PENDING', 'RECOVERY')")
_LOOKED_AT = text("status IN ('PENDING', 'RECOVERY') AND parked_on IS NULL AND backfill_id IS NULL")
_REFILL = text("status IN ('PENDING', 'RECOVERY') AND backfill_id IS NOT NULL")
_PARKED = text("status IN ('PENDING', 'RECOVERY') AND parked_on IS NOT NULL")
_ACTIVE = text("status IN ('QUEUED', 'RUNNING')")
_OVER = text("status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')")
_UNWELL = text("status IN ('FAILED', 'CANCELLED', 'SKIPPED')")


class Execution(Base):
    """One routine on one slot, with a snapshot of everything that running it takes.

    No foreign keys point from or to partitioned tables, so that an old partition drops at once.
    """

    __tablename__ = "executions"
    __table_args__ = (
        CheckConstraint(
            "status IN ('PENDING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'RECOVERY', 'CANCELLED', 'SKIPPED')",
            name="status",
        ),
        CheckConstraint("catch_up IN ('none', 'latest', 'all')", name="catch_up"),
        CheckConstraint("origin IN ('schedule', 'manual', 'backfill', 'event', 'webhook')", name="origin"),
        # The order of E4. `due_at` stands last so that rows which are not due are passed over inside the index. What
        # waits in backfills, thousands of rows, has an index of its own: live work does not pass over it.
        Index("ix_executions_ready", "priority", "slot", "id", "due_at", postgresql_where=_LOOKED_AT),
        Index("ix_executions_refill", "backfill_id", "priority", "slot", "id", "due_at", postgresql_where=_REFILL),
        Index("ix_executions_parked", "parked_on", postgresql_where=_PARKED),
        Index("ix_executions_due", "due_at", postgresql_where=_WAITING),
        # Not on the lease: a heartbeat then changes no indexed column and stays a heap-only update.
        Index("ix_executions_queued", "priority", "slot", "id", postgresql_where=text("status = 'QUEUED'")),
        Index("ix_executions_active", "queue", "status", postgresql_where=_ACTIVE),
        Index("ix_executions_day", "business_date", "slot", "priority", "id"),
        Index("ix_executions_routine_day", "routine_id", "business_date", "slot"),
        Index("ix_executions_failed", "finished_at", postgresql_where=text("status = 'FAILED'")),
        Index("ix_executions_recovered", "business_date", postgresql_where=text("recoveries >= 2")),
        Index("ix_executions_backfill", "backfill_id", "status", postgresql_where=text("backfill_id IS NOT NULL")),
        # Lists of history, the newest first: ids begin with the slot's time. Written once in a row's life, at its end.
        Index("ix_executions_over", "routine_id", "id", "status", postgresql_where=_OVER),
        Index("ix_executions_unwell", "id", "status", postgresql_where=_UNWELL),
        Index("ix_executions_reason", "reason", "id", postgresql_where=_UNWELL),
        # What ended since the statistics were last made, and whether anything of an old month is recent.
        Index("ix_executions_ended", "updated_at", postgresql_where=_OVER),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    routine_id: Mapped[UUID]
    routine_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    slot: Mapped[datetime] = mapped_column(UTCDateTime)
    business_date: Mapped[date]
    origin: Mapped[str] = mapped_column(Text)
    run_key: Mapped[str] = mapped_column(Text, server_default=text("''"))
    job: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    queue: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    pool: Mapped[str | None] = mapped_column(Text)
    concurrency_key: Mapped[str | None] = mapped_column(Text)
    max_instances: Mapped[int] = mapped_column(Integer)
    depends_on: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'::uuid[]"))
    status: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempt: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    recoveries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    max_attempts: Mapped[int] = mapped_column(Integer)
    max_recoveries: Mapped[int] = mapped_column(Integer)
    retry: Mapped[dict[str, Any]] = mapped_column(JSONB)
    timeout_seconds: Mapped[int | None] = mapped_column(Integer)
    worker_id: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_requested_by: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(Text)
    progress: Mapped[float | None] = mapped_column(REAL)
    progress_message: Mapped[str | None] = mapped_column(Text)
    eta_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    correlation_id: Mapped[str] = mapped_column(Text)
    traceparent: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    catch_up: Mapped[str] = mapped_column(Text, server_default=text("'latest'"))
    misfire_grace_seconds: Mapped[int | None] = mapped_column(Integer)
    cancel_grace_seconds: Mapped[int] = mapped_column(Integer, server_default=text("10"))
    coalesce: Mapped[bool] = mapped_column(server_default=text("false"))
    upstream_dates: Mapped[list[date]] = mapped_column(ARRAY(Date), server_default=text("'{}'::date[]"))
    """Parallel to `depends_on`: the business date on which each upstream counts."""
    upstream_rules: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    """Parallel to `depends_on`: what happens when the upstream failed and when it was skipped, as "wait skip"."""
    backfill_id: Mapped[UUID | None]
    cause: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What started an event's or a webhook's run."""
    reason_context: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the reason names, for example the slot that runs instead."""
    parked_on: Mapped[str | None] = mapped_column(Text)
    """Of one among thousands that are blocked: the edge that it waits for, as "routine|date|rule".

    Until that changes the dispatcher does not look at it."""
