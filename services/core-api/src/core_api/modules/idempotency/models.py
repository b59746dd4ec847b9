from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class IdempotencyKey(Base):
    """A request that created something, kept so that repeating it gives the same answer and creates nothing."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    route: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    body_hash: Mapped[str] = mapped_column(Text)
    execution_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Of what the request created, the first one being what its answer tells."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
