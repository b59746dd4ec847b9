from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Channel(Base):
    """A way to reach people or programs. `sealed` holds its secrets, encrypted with a key that is not in here."""

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint("kind IN ('webhook', 'email', 'slack')", name="kind"),
        CheckConstraint("language IN ('pt-BR', 'en')", name="language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    config: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    send_resolved: Mapped[bool] = mapped_column(server_default=text("true"))
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)


class Rule(Base):
    """Which incidents go to which channels. Empty arrays of kinds, routines and tags mean all."""

    __tablename__ = "notification_rules"
    __table_args__ = (
        Index("uq_notification_rules_default", "is_default", unique=True, postgresql_where=text("is_default")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    routine_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    channel_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)
