from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Delivery(Base):
    """One message to one channel. Until `send_at` further incidents of its rule may join it, then it is sent.

    Its id travels with it, so that a receiver can tell a repetition.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("what IN ('opened', 'resolved', 'digest')", name="what"),
        CheckConstraint("status IN ('PENDING', 'SENT', 'DEAD')", name="status"),
        Index("ix_deliveries_pending", "send_at", postgresql_where=text("status = 'PENDING'")),
        Index("ix_deliveries_channel", "channel_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    rule_id: Mapped[UUID]
    what: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'PENDING'"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    send_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


class DeliveryItem(Base):
    """An incident in a message, and how often it had happened again when it was put there."""

    __tablename__ = "delivery_items"
    __table_args__ = (PrimaryKeyConstraint("delivery_id", "incident_id"),)

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    times: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class Thread(Base):
    """What a channel knows of one kind of trouble with one subject, so that what flaps does not flood it.

    `told` are the incidents that it was told of and not yet of their end; `held` counts what happened since the last
    message and is told in the next digest, by `held_incident_id`.
    """

    __tablename__ = "notification_threads"
    __table_args__ = (
        PrimaryKeyConstraint("channel_id", "thread"),
        Index("ix_notification_threads_held", "told_at", postgresql_where=text("held > 0")),
    )

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    thread: Mapped[str] = mapped_column(Text)
    rule_id: Mapped[UUID]
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivery_id: Mapped[UUID]
    told: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    held: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    held_incident_id: Mapped[UUID | None]
