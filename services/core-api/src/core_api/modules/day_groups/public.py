"""What other modules may ask of day groups."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from core_api.modules.calendars import public as calendars
from core_api.modules.calendars.public import CalendarDays, EndingCoverage
from core_api.modules.day_groups.dependencies import day_group_service
from core_api.modules.day_groups.exceptions import DayGroupNotFound
from core_api.modules.day_groups.repository import DayGroupRepository
from core_api.modules.day_groups.schemas import DayGroupRead, DayGroupWrite
from core_api.modules.day_groups.service import GroupComparison
from core_api.modules.day_rules.public import DayRule, GroupDays, runs_on
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "DayGroupNotFound",
    "DayGroupRead",
    "DayGroupWrite",
    "DayRule",
    "EndingCoverage",
    "GroupComparison",
    "GroupDays",
    "compared",
    "create_day_group",
    "day_group_named",
    "day_group_reads",
    "day_groups",
    "delete_day_group",
    "ending_coverage",
    "revisions",
    "runs_on",
    "update_day_group",
    "with_edit",
]


async def day_groups(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, GroupDays]:
    """Day groups that can say `days_between`, `runs_on` and `covers`, by id; unknown ids are absent."""
    return await day_group_service(WriteSession(session), clock=SystemClock()).with_days(ids)


async def revisions(session: ReadSession) -> dict[UUID, int]:
    """A number per day group that grows whenever its dates may have changed, by an edit or by its calendar."""
    return await day_group_service(WriteSession(session), clock=SystemClock()).revisions()


async def day_group_named(session: ReadSession, name: str) -> DayGroupRead | None:
    """The day group of this name, if there is one."""
    return await day_group_service(WriteSession(session), clock=SystemClock()).named(name)


async def day_group_reads(session: ReadSession, ids: Sequence[UUID] | None = None) -> dict[UUID, DayGroupRead]:
    """Day groups as people see them, by id; all without `ids`, unknown ids are absent."""
    groups = await day_group_service(WriteSession(session), clock=SystemClock()).listing(ids)
    return {group.id: group for group in groups}


async def ending_coverage(session: ReadSession, today: date, *, within_days: int = 90) -> list[EndingCoverage]:
    """Calendars whose coverage ends within so many days from `today`, or has ended, the soonest first.

    Those that the product ships and those that day groups use: an old one that nobody uses is nobody's worry. What a
    calendar does not cover cannot be planned.
    """
    used = await DayGroupRepository(session).calendars_used()
    return await calendars.ending_coverage(session, today, within_days=within_days, used=used)


async def compared(
    session: ReadSession, before: Mapping[str, CalendarDays], after: Mapping[str, CalendarDays]
) -> list[GroupComparison]:
    """The groups on some calendars, by name, before and after a change of the calendars that is not made yet."""
    return await day_group_service(WriteSession(session), clock=SystemClock()).compared(before, after)


async def with_edit(session: ReadSession, group_id: UUID, write: DayGroupWrite) -> GroupComparison:
    """A group before and after an edit that is not made yet. Raises `DayGroupNotFound` and `CalendarNotFound`."""
    return await day_group_service(WriteSession(session), clock=SystemClock()).with_edit(group_id, write)


async def create_day_group(
    session: WriteSession, write: DayGroupWrite, *, by: AuthContext, clock: Clock
) -> DayGroupRead:
    """Add a day group. Raises `DayGroupNameTaken` and `CalendarNotFound`."""
    return await day_group_service(session, clock=clock).create(write, by=by)


async def update_day_group(
    session: WriteSession, group_id: UUID, write: DayGroupWrite, *, if_match: str | None, by: AuthContext, clock: Clock
) -> DayGroupRead:
    """Replace a day group, as `PUT /day-groups/{id}` does."""
    return await day_group_service(session, clock=clock).update(group_id, write, if_match=if_match, by=by)


async def delete_day_group(
    session: WriteSession, group_id: UUID, *, if_match: str | None, by: AuthContext, clock: Clock
) -> None:
    """Remove a day group, as `DELETE /day-groups/{id}` does."""
    await day_group_service(session, clock=clock).delete(group_id, if_match=if_match, by=by)
