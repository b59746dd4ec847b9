"""Tables of calendars (immutable versions plus overrides by people) and of day groups."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Calendar(Base):
    __tablename__ = "calendars"
    __table_args__ = (CheckConstraint("kind IN ('generated', 'custom', 'every_day')", name="kind"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)


class CalendarVersion(Base):
    """One published set of days. Never changed: a correction is a new version, so a past decision stays explainable."""

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("calendar_code", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"))
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    coverage_start: Mapped[date]
    coverage_end: Mapped[date]
    names: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Names of closed days by ISO date, for people."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())


class CalendarSession(Base):
    """A business day of a version; `opens_at` only when it opens at an unusual time."""

    __tablename__ = "calendar_sessions"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("calendar_versions.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opens_at: Mapped[time | None]


class CalendarOverride(Base):
    """A person's correction of one day; it stands above every version."""

    __tablename__ = "calendar_overrides"

    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_business_day: Mapped[bool]
    opens_at: Mapped[time | None]
    note: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())


class DayGroup(Base):
    """Which dates a routine runs on.

    `version` counts edits (for ETags); `revision` counts everything that may change its dates, its calendar included.
    """

    __tablename__ = "day_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str] = mapped_column(Text)
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"), index=True)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
