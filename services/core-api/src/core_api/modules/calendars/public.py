"""What other modules may ask of calendars and day groups."""

from collections.abc import Sequence
from uuid import UUID

from core_api.modules.access.public import audit_trail
from core_api.modules.business_days.public import (
    EVERY_DAY,
    CalendarDays,
    DayRule,
    GroupDays,
    OutsideCoverage,
    every_day,
    runs_on,
)
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.schemas import CalendarFile, DayGroupRead, DayGroupWrite
from core_api.modules.calendars.service import CalendarService, DayGroupService
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "EVERY_DAY",
    "CalendarDays",
    "CalendarFile",
    "DayGroupRead",
    "DayGroupWrite",
    "DayRule",
    "GroupDays",
    "OutsideCoverage",
    "all_calendars",
    "calendar_days",
    "create_day_group",
    "day_group_named",
    "day_group_reads",
    "day_groups",
    "every_day",
    "publish_calendars",
    "revisions",
    "runs_on",
]


def _calendars(session: ReadSession, *, clock: Clock | None = None) -> CalendarService:
    clock = clock or SystemClock()
    audit = audit_trail(WriteSession(session), clock=clock)
    return CalendarService(CalendarRepository(session), audit=audit, clock=clock)


def _groups(session: ReadSession, *, clock: Clock | None = None) -> DayGroupService:
    clock = clock or SystemClock()
    audit = audit_trail(WriteSession(session), clock=clock)
    calendars = _calendars(session, clock=clock)
    return DayGroupService(CalendarRepository(session), calendars=calendars, audit=audit)


async def calendar_days(session: ReadSession, code: str) -> CalendarDays:
    """The business days of a calendar, overrides applied. Raises `CalendarNotFound`."""
    return await _calendars(session).days(code)


async def all_calendars(session: ReadSession) -> dict[str, CalendarDays]:
    """The business days of every calendar, by code."""
    return await _calendars(session).days_of()


async def day_groups(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, GroupDays]:
    """Day groups that can say `runs_on(day)`, by id; unknown ids are absent."""
    return await _groups(session).with_days(ids)


async def revisions(session: ReadSession) -> dict[UUID, int]:
    """A number per day group that grows whenever its dates may have changed, by an edit or by its calendar."""
    return await CalendarRepository(session).revisions()


async def day_group_named(session: ReadSession, name: str) -> DayGroupRead | None:
    """The day group of this name, if there is one."""
    return await _groups(session).named(name)


async def day_group_reads(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, DayGroupRead]:
    """Day groups as people see them, by id; unknown ids are absent."""
    return {group.id: group for group in await _groups(session).listing(ids)}


async def create_day_group(
    session: WriteSession, write: DayGroupWrite, *, by: AuthContext, clock: Clock
) -> DayGroupRead:
    """Add a day group. Raises `DayGroupNameTaken` and `CalendarNotFound`."""
    return await _groups(session, clock=clock).create(write, by=by)


async def publish_calendars(
    session: WriteSession, files: Sequence[tuple[CalendarFile, str]], *, clock: Clock
) -> list[str]:
    """Store shipped calendars (each with its sha256) that are new or changed; returns the codes of those."""
    calendars = _calendars(session, clock=clock)
    await calendars.ensure_every_day()
    return [file.code for file, sha256 in files if await calendars.publish(file, sha256=sha256)]
