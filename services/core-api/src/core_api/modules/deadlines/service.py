"""Which deadlines there are, when they are, and which have passed while something was not ready."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.calendars.public import CalendarDays
from core_api.modules.deadlines.exceptions import DeadlineCalendarUnknown, DeadlineNameTaken, DeadlineNotFound
from core_api.modules.deadlines.repository import CalendarGone, DeadlineRepository, NameTaken
from core_api.modules.deadlines.schemas import (
    MAX_OFFSET,
    DeadlineDayRead,
    Due,
    GroupDeadlineRead,
    GroupDeadlineWrite,
    Late,
    Target,
)
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock

LOOK_BACK: Final = timedelta(days=4)
"""Deadlines that nobody looked at for so long are not reported any more."""
_CALENDAR_DAYS_PER_OFFSET: Final = 4
"""More than any run of closed days makes of one business day on average."""
_ONE_DAY: Final = timedelta(days=1)


class Calendars(Protocol):
    """The business days of every calendar, by code."""

    async def __call__(self) -> Mapping[str, CalendarDays]: ...


class InstantOf(Protocol):
    """The instant of a local time under the one clock policy."""

    def __call__(self, local: datetime, zone: ZoneInfo) -> datetime: ...


class Deadlines:
    """What has a deadline, and how it stands."""

    def __init__(self, deadlines: DeadlineRepository, calendars: Calendars, *, instant_of: InstantOf) -> None:
        self._deadlines = deadlines
        self._calendars = calendars
        self._instant_of = instant_of

    async def targets(self) -> list[Target]:
        """Everything that has a deadline: routines, and groups of routines by tag."""
        routines = await self._deadlines.routines()
        groups = [group for group in await self._deadlines.all() if group.enabled]
        if not routines:
            return []
        calendars = await self._calendars()
        found = [_own(row, calendars) for row in routines if row.deadline is not None]
        return found + [_group(group, routines, calendars) for group in groups]

    def passed(self, targets: Iterable[Target], also: Iterable[tuple[str, date]] = (), *, now: datetime) -> list[Due]:
        """The deadlines of all targets that passed lately, and those of `also` (subject, business date) that passed."""
        by_subject = {target.subject: target for target in targets}
        wanted = {
            (target.subject, business_date): now - LOOK_BACK
            for target in by_subject.values()
            for business_date in _dates_before(target, now)
        }
        wanted |= {key: datetime.min.replace(tzinfo=UTC) for key in also if key[0] in by_subject}
        return [
            due
            for (subject, business_date), after in sorted(wanted.items())
            if (due := by_subject[subject].on(business_date, instant_of=self._instant_of)) is not None
            and after < due.deadline <= now
        ]

    async def late(self, dues: Sequence[Due]) -> list[Late]:
        """Those of the deadlines for which something is not ready yet."""
        missing = await self._deadlines.missing(dues) if dues else {}
        return [Late(dues[n], tuple(found)) for n, found in sorted(missing.items())]

    async def day(self, business_date: date, *, now: datetime) -> list[DeadlineDayRead]:
        """Every deadline of a business date, by time."""
        found = [target.on(business_date, instant_of=self._instant_of) for target in await self.targets()]
        dues = [due for due in found if due is not None]
        missing = await self._deadlines.missing(dues) if dues else {}
        reads = [_day_read(due, [item.title for item in missing.get(n, [])], now=now) for n, due in enumerate(dues)]
        return sorted(reads, key=lambda read: (read.deadline, read.title))


def _own(row: Any, calendars: Mapping[str, CalendarDays]) -> Target:
    return Target(
        subject=f"routine:{row.id}",
        title=row.title,
        routine_id=row.id,
        tag=None,
        tags=tuple(row.tags),
        routine_ids=(row.id,),
        time=row.deadline["time"],
        day_offset=row.deadline["day_offset"],
        zone=row.time_zone,
        calendar=calendars[row.calendar_code or "EVERY_DAY"],
    )


def _group(group: Any, routines: Sequence[Any], calendars: Mapping[str, CalendarDays]) -> Target:
    return Target(
        subject=f"group:{group.id}",
        title=group.name,
        routine_id=None,
        tag=group.tag,
        tags=(group.tag,),
        routine_ids=tuple(row.id for row in routines if group.tag in row.tags),
        time=group.time,
        day_offset=group.day_offset,
        zone=group.time_zone,
        calendar=calendars[group.calendar_code],
    )


def _dates_before(target: Target, now: datetime) -> Iterable[date]:
    """Business dates whose deadline may lie within the time that is looked back on."""
    today = now.astimezone(ZoneInfo(target.zone)).date()
    back = LOOK_BACK.days + 1 + (target.day_offset * _CALENDAR_DAYS_PER_OFFSET + MAX_OFFSET if target.day_offset else 0)
    return (today - n * _ONE_DAY for n in range(back, -1, -1))


def _day_read(due: Due, missing: list[str], *, now: datetime) -> DeadlineDayRead:
    target = due.target
    return DeadlineDayRead(
        subject=target.subject,
        title=target.title,
        routine_id=target.routine_id,
        tag=target.tag,
        business_date=due.business_date,
        deadline=due.deadline,
        state="READY" if not missing else "LATE" if due.deadline <= now else "WAITING",
        missing=missing,
    )


class GroupDeadlineService:
    """What people decide about deadlines of groups."""

    def __init__(self, deadlines: DeadlineRepository, audit: AuditTrail, clock: Clock) -> None:
        self._deadlines = deadlines
        self._audit = audit
        self._clock = clock

    async def listing(self) -> list[GroupDeadlineRead]:
        """All of them by name."""
        return [GroupDeadlineRead.model_validate(deadline) for deadline in await self._deadlines.all()]

    async def create(self, write: GroupDeadlineWrite, *, by: AuthContext) -> GroupDeadlineRead:
        """Adds one."""
        try:
            added = await self._deadlines.add(write.model_dump(), by=display_name(by), now=self._clock.now())
        except NameTaken as error:
            raise DeadlineNameTaken(write.name) from error
        except CalendarGone as error:
            raise DeadlineCalendarUnknown(write.calendar_code) from error
        read = GroupDeadlineRead.model_validate(added)
        await self._record("create", read.id, by=by, before=None, after=read)
        return read

    async def change(self, deadline_id: UUID, write: GroupDeadlineWrite, *, by: AuthContext) -> GroupDeadlineRead:
        """Replaces one."""
        before = await self._existing(deadline_id)
        try:
            changed = await self._deadlines.change(
                deadline_id, write.model_dump(), by=display_name(by), now=self._clock.now()
            )
        except NameTaken as error:
            raise DeadlineNameTaken(write.name) from error
        except CalendarGone as error:
            raise DeadlineCalendarUnknown(write.calendar_code) from error
        read = GroupDeadlineRead.model_validate(changed)
        await self._record("update", deadline_id, by=by, before=before, after=read)
        return read

    async def delete(self, deadline_id: UUID, *, by: AuthContext) -> None:
        """Removes one. Its open incidents end when their routines are ready, or expire."""
        before = await self._existing(deadline_id)
        await self._deadlines.delete(deadline_id)
        await self._record("delete", deadline_id, by=by, before=before, after=None)

    async def _existing(self, deadline_id: UUID) -> GroupDeadlineRead:
        deadline = await self._deadlines.get(deadline_id)
        if deadline is None:
            raise DeadlineNotFound(deadline_id)
        return GroupDeadlineRead.model_validate(deadline)

    async def _record(
        self,
        verb: str,
        deadline_id: UUID,
        *,
        by: AuthContext,
        before: GroupDeadlineRead | None,
        after: GroupDeadlineRead | None,
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"deadline.{verb}",
            entity="deadline",
            entity_id=str(deadline_id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )
