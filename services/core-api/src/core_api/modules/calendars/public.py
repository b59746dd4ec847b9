"""What other modules may ask of calendars."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from core_api.modules.access.public import audit_trail
from core_api.modules.business_days.public import EVERY_DAY, CalendarDays, OutsideCoverage, every_day
from core_api.modules.calendars.exceptions import (
    CalendarCycle,
    CalendarIsFixed,
    CalendarIsShipped,
    CalendarKindFixed,
    CalendarNotFound,
    CalendarsDoNotOverlap,
    OverrideNotFound,
)
from core_api.modules.calendars.repository import CalendarRepository
from core_api.modules.calendars.schemas import (
    CalendarCode,
    CalendarComparison,
    CalendarContent,
    CalendarCreate,
    CalendarFile,
    CalendarRead,
    CalendarRename,
    EndingCoverage,
    OverrideWrite,
)
from core_api.modules.calendars.service import CalendarReader, CalendarService
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession
from shared_utils.http.etag import etag_for

__all__ = [
    "EVERY_DAY",
    "CalendarCode",
    "CalendarComparison",
    "CalendarContent",
    "CalendarCreate",
    "CalendarCycle",
    "CalendarDays",
    "CalendarFile",
    "CalendarIsFixed",
    "CalendarIsShipped",
    "CalendarKindFixed",
    "CalendarNotFound",
    "CalendarRead",
    "CalendarsDoNotOverlap",
    "EndingCoverage",
    "OutsideCoverage",
    "OverrideNotFound",
    "OverrideWrite",
    "add_calendar_version",
    "all_calendars",
    "calendar_days",
    "calendar_definitions",
    "calendar_reads",
    "create_calendar",
    "days_of",
    "delete_calendar",
    "ending_coverage",
    "every_day",
    "lock_changes",
    "publish_calendars",
    "replace_calendar",
    "revisions",
    "with_override",
    "with_version",
]


def _reader(session: ReadSession) -> CalendarReader:
    return CalendarReader(CalendarRepository(session))


def _service(session: WriteSession, *, clock: Clock) -> CalendarService:
    return CalendarService(CalendarRepository(session), audit=audit_trail(session, clock=clock), clock=clock)


async def calendar_days(session: ReadSession, code: str) -> CalendarDays:
    """The business days of a calendar, overrides applied. Raises `CalendarNotFound`."""
    return await _reader(session).days(code)


async def days_of(
    session: ReadSession, codes: Iterable[str], *, as_of: datetime | None = None
) -> dict[str, CalendarDays]:
    """The business days of several calendars, by code, as they are or as they were believed to be at `as_of`.

    Raises `CalendarNotFound`, and `CalendarNotYetKnown` for one that came after `as_of`.
    """
    return await _reader(session).days_of(codes, as_of=as_of)


async def all_calendars(session: ReadSession) -> dict[str, CalendarDays]:
    """The business days of every calendar, by code."""
    return await _reader(session).days_of()


async def calendar_reads(session: ReadSession) -> list[CalendarRead]:
    """All calendars as people see them, by code."""
    return await _reader(session).listing()


async def ending_coverage(
    session: ReadSession, today: date, *, within_days: int, used: Collection[str]
) -> list[EndingCoverage]:
    """Calendars whose coverage ends within so many days from `today`, or has ended: those shipped, and those `used`.

    A union or an intersection ends with the first of its members. Ask `day_groups`, which knows what is used.
    """
    return await _reader(session).ending_coverage(today, within_days=within_days, used=used)


async def revisions(session: ReadSession) -> dict[str, int]:
    """A number per calendar that grows whenever its days may have changed, also by a calendar that it is made of."""
    return await CalendarRepository(session).revisions()


async def lock_changes(session: WriteSession) -> None:
    """Keep calendars as they are until the transaction ends."""
    await CalendarRepository(session).lock_changes()


async def with_override(session: ReadSession, code: str, day: date, write: OverrideWrite | None) -> CalendarComparison:
    """What an override of a date (None: taking it back) would change, nothing being written.

    Raises `CalendarNotFound`, `CalendarIsFixed`, `OutsideCoverage` and, for None, `OverrideNotFound`.
    """
    return await _reader(session).with_override(code, day, write)


async def with_version(session: ReadSession, code: str, content: CalendarContent) -> CalendarComparison:
    """What a new version would change, nothing being written.

    Raises `CalendarNotFound`, `CalendarIsShipped`, `CalendarKindFixed`, `CalendarCycle` and `CalendarsDoNotOverlap`.
    """
    return await _reader(session).with_version(code, content)


async def create_calendar(
    session: WriteSession, write: CalendarCreate, *, by: AuthContext, clock: Clock
) -> CalendarRead:
    """Add a custom or a combined calendar, as `POST /calendars` does."""
    return await _service(session, clock=clock).create(write, by=by)


async def add_calendar_version(
    session: WriteSession, code: str, content: CalendarContent, *, if_match: str | None, by: AuthContext, clock: Clock
) -> CalendarRead:
    """Add a version, as `POST /calendars/{code}/versions` does; the newest version's content again adds nothing."""
    return await _service(session, clock=clock).add_version(code, content, if_match=if_match, by=by)


async def calendar_definitions(session: ReadSession) -> list[CalendarCreate]:
    """The calendars that people wrote, by code, as they would write them today."""
    contents = await CalendarRepository(session).contents()
    return [
        CalendarCreate.model_validate({"code": code, "name": name, "content": content})
        for code, (name, content) in contents.items()
    ]


async def replace_calendar(
    session: WriteSession, write: CalendarCreate, *, by: AuthContext, clock: Clock
) -> CalendarRead:
    """Name and content of a calendar; nothing becomes a new version that equals the newest one."""
    service = _service(session, clock=clock)
    await lock_changes(session)
    read = await service.get(write.code)
    if read.name != write.name:
        name = CalendarRename(name=write.name)
        read = await service.rename(write.code, name, if_match=etag_for(read.revision), by=by)
    return await service.add_version(write.code, write.content, if_match=etag_for(read.revision), by=by)


async def delete_calendar(session: WriteSession, code: str, *, by: AuthContext, clock: Clock) -> None:
    """Remove a calendar that people wrote. Raises `CalendarNotFound`, `CalendarIsShipped` and `CalendarInUse`."""
    service = _service(session, clock=clock)
    await lock_changes(session)
    read = await service.get(code)
    await service.delete(code, if_match=etag_for(read.revision), by=by)


async def publish_calendars(
    session: WriteSession, files: Sequence[tuple[CalendarFile, str]], *, clock: Clock
) -> list[str]:
    """Store shipped calendars (each with its sha256) that are new or changed; returns the codes of those."""
    calendars = _service(session, clock=clock)
    await calendars.ensure_every_day()
    return [file.code for file, digest in files if await calendars.publish(file, digest=digest)]
