from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Worker(Base):
    """A process that runs jobs. It is alive while its lease, renewed by heartbeats, has not run out."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int] = mapped_column(Integer)
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    slots: Mapped[int] = mapped_column(Integer)
    version: Mapped[str] = mapped_column(Text)
    draining: Mapped[bool] = mapped_column(server_default=text("false"))
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_heartbeat_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Job(Base):
    """The catalog: every job that some worker has announced, the newest announcement winning."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    params_schema: Mapped[dict[str, Any]] = mapped_column(JSONB)
    light: Mapped[bool]
    default_timeout_seconds: Mapped[int | None] = mapped_column(Integer)
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WorkerJob(Base):
    """Which worker offers which job."""

    __tablename__ = "worker_jobs"

    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    job: Mapped[str] = mapped_column(ForeignKey("jobs.name"), primary_key=True, index=True)
