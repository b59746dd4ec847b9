"""Tables of calendars: immutable versions, the calendars that a combined one is made of, and corrections by people.

Nothing that once held is overwritten, so what was believed at any instant can be told.
"""

from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class Calendar(Base):
    """`revision` grows whenever the calendar's days may have changed, by its own change or by one of its members'."""

    __tablename__ = "calendars"
    __table_args__ = (
        CheckConstraint("kind IN ('generated', 'custom', 'every_day', 'union', 'intersection')", name="kind"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[Literal["generated", "custom", "every_day", "union", "intersection"]] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class CalendarVersion(Base):
    """One published set of days. Never changed: a correction is a new version, so a past decision stays explainable.

    A combined calendar's version has members in place of a coverage and days of its own.
    """

    __tablename__ = "calendar_versions"
    __table_args__ = (UniqueConstraint("calendar_code", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"))
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    coverage_start: Mapped[date | None]
    coverage_end: Mapped[date | None]
    names: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Names of closed days by ISO date, for people."""
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What a person wrote; null for what a release ships."""
    created_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())


class CalendarMember(Base):
    """A calendar that a version of a combined calendar is made of; as long as that version exists, it stays."""

    __tablename__ = "calendar_members"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("calendar_versions.id", ondelete="CASCADE"), primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"), primary_key=True, index=True)


class CalendarSession(Base):
    """A business day of a version; `opens_at` only when it opens at an unusual time."""

    __tablename__ = "calendar_sessions"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("calendar_versions.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opens_at: Mapped[time | None]


class CalendarOverride(Base):
    """A person's correction of one day; it stands above every version from `created_at` until `ended_at`."""

    __tablename__ = "calendar_overrides"
    __table_args__ = (
        Index(
            "ux_calendar_overrides_current",
            "calendar_code",
            "day",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_calendar_overrides_calendar_code_day", "calendar_code", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendars.code"))
    day: Mapped[date]
    is_business_day: Mapped[bool]
    opens_at: Mapped[time | None]
    note: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, server_default=func.now())
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
