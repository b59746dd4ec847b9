from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Routine(Base):
    """What runs, when and under which limits.

    The scheduler loads a routine again while `version` differs from `loaded_version`, or its day group's revision from
    `loaded_revision`: a change costs one row update here, and the queue follows.
    """

    __tablename__ = "routines"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 1000", name="priority"),
        CheckConstraint("max_instances BETWEEN 1 AND 1000", name="max_instances"),
        CheckConstraint("catch_up IN ('none', 'latest', 'all')", name="catch_up"),
        # Asked in each turn of the dispatcher.
        Index("ix_routines_paused", "id", postgresql_where=text("paused")),
        Index("ix_routines_tags", "tags", postgresql_using="gin"),
        Index("ix_routines_event", "id", postgresql_where=text("trigger ->> 'type' = 'event' AND deleted_at IS NULL")),
        # A deleted routine keeps its row, since executions name it, but gives its name back.
        Index("uq_routines_name", "name", unique=True, postgresql_where=text("deleted_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    job: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    trigger: Mapped[dict[str, Any]] = mapped_column(JSONB)
    time_zone: Mapped[str] = mapped_column(Text)
    day_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("day_groups.id"), index=True)
    priority: Mapped[int] = mapped_column(SmallInteger)
    queue: Mapped[str] = mapped_column(Text)
    pool: Mapped[str | None] = mapped_column(ForeignKey("pools.name"), index=True)
    concurrency_key: Mapped[str | None] = mapped_column(Text)
    max_instances: Mapped[int] = mapped_column(Integer)
    retry: Mapped[dict[str, Any]] = mapped_column(JSONB)
    max_recoveries: Mapped[int] = mapped_column(Integer)
    timeout_seconds: Mapped[int | None] = mapped_column(Integer)
    paused: Mapped[bool] = mapped_column(server_default=text("false"))
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    loaded_version: Mapped[int | None] = mapped_column(Integer)
    loaded_revision: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)
    updated_by: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'::text[]"))
    catch_up: Mapped[str] = mapped_column(Text, server_default=text("'latest'"))
    misfire_grace_seconds: Mapped[int | None] = mapped_column(Integer)
    cancel_grace_seconds: Mapped[int] = mapped_column(Integer, server_default=text("10"))
    coalesce: Mapped[bool | None]
    deadline: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    trigger_since: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    """Since when the trigger is the one it is: events from before do not start the routine."""


class RoutineDependency(Base):
    """`routine_id` runs after `upstream_id` succeeded for its business date, or `day_offset` business days earlier."""

    __tablename__ = "routine_dependencies"
    __table_args__ = (
        CheckConstraint("routine_id <> upstream_id", name="not_itself"),
        CheckConstraint("on_failure IN ('wait', 'skip', 'run')", name="on_failure"),
        CheckConstraint("on_skip IN ('wait', 'skip', 'run')", name="on_skip"),
        CheckConstraint("day_offset BETWEEN -30 AND 0", name="day_offset"),
    )

    routine_id: Mapped[UUID] = mapped_column(ForeignKey("routines.id", ondelete="CASCADE"), primary_key=True)
    upstream_id: Mapped[UUID] = mapped_column(ForeignKey("routines.id"), primary_key=True, index=True)
    day_offset: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    on_failure: Mapped[str] = mapped_column(Text, server_default=text("'wait'"))
    on_skip: Mapped[str] = mapped_column(Text, server_default=text("'skip'"))
