"""What the dispatcher remembers from turn to turn, whoever takes them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class DispatchState(Base):
    """When some scheduler took a turn last, to a second or so."""

    __tablename__ = "dispatch_state"
    __table_args__ = (CheckConstraint("single", name="one_row"),)

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    last_turn_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DispatchGap(Base):
    """A time in which no scheduler took turns: slots that fell due within it count as missed from its end."""

    __tablename__ = "dispatch_gaps"
    __table_args__ = (CheckConstraint("started_at < ended_at", name="forwards"),)

    started_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
