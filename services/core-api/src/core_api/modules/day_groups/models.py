"""The table of day groups."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base


class DayGroup(Base):
    """Which dates a routine runs on.

    `version` counts edits (for ETags). `revision` counts them too, in step with the calendar: the sum of both revisions
    grows whenever the group's dates may have changed.
    """

    __tablename__ = "day_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str] = mapped_column(Text)
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"), index=True)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
