"""Decisions about day groups: which dates a routine runs on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from core_api.modules.access.public import AuditTrail
from core_api.modules.calendars.public import CalendarDays
from core_api.modules.day_groups.exceptions import DayGroupInUse, DayGroupNameTaken, DayGroupNotFound
from core_api.modules.day_groups.models import DayGroup
from core_api.modules.day_groups.repository import DayGroupRepository
from core_api.modules.day_groups.schemas import DayGroupRead, DayGroupWrite, DayRuleRead
from core_api.modules.day_rules.public import DayRule, GroupDays
from shared_schemas.auth import AuthContext
from shared_utils.http.etag import require_if_match


class Calendars(Protocol):
    """What day groups need to know of calendars."""

    async def days_of(self, codes: Iterable[str]) -> dict[str, CalendarDays]: ...
    async def revisions(self) -> dict[str, int]: ...
    async def lock_changes(self) -> None: ...


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """A change that is not made yet: a group's dates as they are and as they would be."""

    before: GroupDays
    after: GroupDays


class DayGroupService:
    def __init__(self, groups: DayGroupRepository, *, calendars: Calendars, audit: AuditTrail) -> None:
        self._groups = groups
        self._calendars = calendars
        self._audit = audit

    async def listing(self, ids: Sequence[UUID] | None = None) -> list[DayGroupRead]:
        """The groups asked for, or all, by name."""
        return [_read(group) for group in await self._groups.groups(ids)]

    async def get(self, group_id: UUID) -> DayGroupRead:
        """One group."""
        return _read(await self._existing(group_id))

    async def named(self, name: str) -> DayGroupRead | None:
        """The group of this name, if there is one."""
        group = await self._groups.group_named(name)
        return _read(group) if group else None

    async def with_days(self, ids: Sequence[UUID] | None) -> dict[UUID, GroupDays]:
        """Groups (all for None) ready to say which dates they have: a handful of queries, whatever their number."""
        groups = await self._groups.groups(ids)
        calendars = await self._calendars.days_of(sorted({group.calendar_code for group in groups}))
        return {group.id: _days(group, calendars[group.calendar_code]) for group in groups}

    async def revisions(self) -> dict[UUID, int]:
        """A number per group that grows whenever its dates may have changed, by an edit or by its calendar."""
        calendars = await self._calendars.revisions()
        own = await self._groups.own_revisions()
        return {group_id: part.revision + calendars[part.calendar_code] for group_id, part in own.items()}

    async def compared(
        self, before: Mapping[str, CalendarDays], after: Mapping[str, CalendarDays]
    ) -> list[GroupComparison]:
        """The groups on these calendars, before and after a change of the calendars."""
        groups = await self._groups.groups_on(sorted(before))
        return [
            GroupComparison(_days(group, before[group.calendar_code]), _days(group, after[group.calendar_code]))
            for group in groups
        ]

    async def with_edit(self, group_id: UUID, write: DayGroupWrite) -> GroupComparison:
        """A group before and after an edit that is not made yet."""
        group = await self._existing(group_id)
        calendars = await self._calendars.days_of({group.calendar_code, write.calendar_code})
        after = GroupDays(group.id, write.name, group.revision, write.rule, calendars[write.calendar_code])
        return GroupComparison(_days(group, calendars[group.calendar_code]), after)

    async def create(self, write: DayGroupWrite, *, by: AuthContext) -> DayGroupRead:
        """Add a group."""
        await self._calendars.lock_changes()
        await self._calendars.days_of([write.calendar_code])
        group = await self._groups.add(**_columns(write))
        if group is None:
            raise DayGroupNameTaken(write.name)
        read = _read(group)
        await self._record("create", read.id, by=by, before=None, after=read)
        return read

    async def update(
        self, group_id: UUID, write: DayGroupWrite, *, if_match: str | None, by: AuthContext
    ) -> DayGroupRead:
        """Replace a group; its routines are loaded again."""
        await self._calendars.lock_changes()
        group = await self._existing(group_id, lock=True)
        require_if_match(if_match, group.version)
        await self._calendars.days_of([write.calendar_code])
        before = _read(group)
        changed = await self._groups.change(
            group_id, **_columns(write), revision=group.revision + await self._step(before.calendar_code, write)
        )
        if changed is None:
            raise DayGroupNameTaken(write.name)
        await self._groups.wake_scheduler()
        read = _read(changed)
        await self._record("update", group_id, by=by, before=before, after=read)
        return read

    async def delete(self, group_id: UUID, *, if_match: str | None, by: AuthContext) -> None:
        """Remove a group that no routine uses."""
        group = await self._existing(group_id, lock=True)
        require_if_match(if_match, group.version)
        if not await self._groups.delete(group_id):
            raise DayGroupInUse(group.name)
        await self._record("delete", group_id, by=by, before=_read(group), after=None)

    async def _step(self, calendar_code: str, write: DayGroupWrite) -> int:
        """By how much the own revision grows, so that its sum with the new calendar's is larger than the old sum."""
        if write.calendar_code == calendar_code:
            return 1
        return 1 + (await self._calendars.revisions())[calendar_code]

    async def _existing(self, group_id: UUID, *, lock: bool = False) -> DayGroup:
        group = await self._groups.group(group_id, lock=lock)
        if group is None:
            raise DayGroupNotFound(group_id)
        return group

    async def _record(
        self, verb: str, group_id: UUID, *, by: AuthContext, before: DayGroupRead | None, after: DayGroupRead | None
    ) -> None:
        await self._audit.record(
            by=by,
            action=f"day_group.{verb}",
            entity="day_group",
            entity_id=str(group_id),
            before=before.model_dump(mode="json") if before else None,
            after=after.model_dump(mode="json") if after else None,
        )


def _days(group: DayGroup, calendar: CalendarDays) -> GroupDays:
    return GroupDays(
        id=group.id,
        name=group.name,
        revision=group.revision,
        rule=DayRule.model_validate(group.rule),
        calendar=calendar,
    )


def _columns(write: DayGroupWrite) -> dict[str, Any]:
    return {
        "name": write.name,
        "description": write.description,
        "calendar_code": write.calendar_code,
        "rule": DayRuleRead.of(write.rule).model_dump(mode="json"),
    }


def _read(group: DayGroup) -> DayGroupRead:
    return DayGroupRead(
        id=group.id,
        name=group.name,
        description=group.description,
        calendar_code=group.calendar_code,
        rule=DayRuleRead.of(DayRule.model_validate(group.rule)),
        version=group.version,
    )
