from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base
from shared_utils.db.base import UTCDateTime


class Episode(Base):
    """A notable event, kept so that a later answer can say what happened and when. The event's id makes it unique."""

    __tablename__ = "episodes"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_type: Mapped[str] = mapped_column()
    occurred_at: Mapped[datetime] = mapped_column()
    source_service: Mapped[str]
    correlation_id: Mapped[str]
    summary: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime(), server_default=func.now())

    __table_args__ = (
        # Newest first, of all types or of one: the two orders in which episodes are read.
        Index("ix_episodes_occurred_at_event_id", occurred_at.desc(), event_id.desc()),
        Index("ix_episodes_event_type_occurred_at_event_id", event_type, occurred_at.desc(), event_id.desc()),
    )
