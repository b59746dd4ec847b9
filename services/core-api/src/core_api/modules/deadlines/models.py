from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class GroupDeadline(Base):
    """All routines with a tag are to be ready by a local time, some business days after their business date."""

    __tablename__ = "group_deadlines"
    __table_args__ = (CheckConstraint("day_offset BETWEEN 0 AND 10", name="day_offset"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    tag: Mapped[str] = mapped_column(Text)
    time: Mapped[str] = mapped_column(Text)
    day_offset: Mapped[int] = mapped_column(Integer)
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"), index=True)
    time_zone: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)
