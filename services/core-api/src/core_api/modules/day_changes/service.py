"""What an edit of a calendar or a day group would change, computed by the code that plans with the edit once saved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Protocol
from uuid import UUID

from core_api.modules.calendars.public import CalendarComparison, CalendarContent, CalendarDays, OverrideWrite
from core_api.modules.day_changes.schemas import (
    AffectedRoutine,
    CalendarChange,
    DayChanges,
    DayGroupChange,
    SpanRead,
)
from core_api.modules.day_groups.public import DayGroupWrite, GroupComparison
from core_api.modules.routines.public import RoutineInGroup
from shared_utils.clock import Clock, home_date

SPAN: Final = timedelta(days=400)

type Span = tuple[date, date]
type DatesIn = Callable[[date, date], Sequence[date]]


class Neighbours(Protocol):
    """What is asked of other modules."""

    async def with_override(self, code: str, day: date, write: OverrideWrite | None) -> CalendarComparison: ...
    async def with_version(self, code: str, content: CalendarContent) -> CalendarComparison: ...
    async def groups_on(self, change: CalendarComparison) -> list[GroupComparison]: ...
    async def with_edit(self, group_id: UUID, write: DayGroupWrite) -> GroupComparison: ...
    async def routines_in(self, group_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[RoutineInGroup]]: ...


class DayChangeService:
    def __init__(self, neighbours: Neighbours, *, clock: Clock) -> None:
        self._neighbours = neighbours
        self._clock = clock

    async def of_override(self, code: str, day: date, write: OverrideWrite | None) -> DayChanges:
        """What an override of a date, or (None) its end, would change."""
        change = await self._neighbours.with_override(code, day, write)
        spans = self._spans()
        if not spans[0][0] <= day <= spans[0][1]:
            spans.append((day - SPAN, day + SPAN))
        return await self._of_calendars(change, spans)

    async def of_version(self, code: str, content: CalendarContent) -> DayChanges:
        """What a new version of a calendar would change."""
        return await self._of_calendars(await self._neighbours.with_version(code, content), self._spans())

    async def of_group(self, group_id: UUID, write: DayGroupWrite) -> DayChanges:
        """What an edit of a day group would change."""
        spans = self._spans()
        groups = [await self._neighbours.with_edit(group_id, write)]
        return await self._answer(spans, [], groups)

    async def _of_calendars(self, change: CalendarComparison, spans: Sequence[Span]) -> DayChanges:
        calendars = [_calendar_change(change.before[code], change.after[code], spans) for code in sorted(change.before)]
        return await self._answer(spans, calendars, await self._neighbours.groups_on(change))

    async def _answer(
        self, spans: Sequence[Span], calendars: Sequence[CalendarChange], groups: Iterable[GroupComparison]
    ) -> DayChanges:
        changed = [
            (group.after, added, removed)
            for group in groups
            for added, removed in [_difference(group.before.days_between, group.after.days_between, spans)]
            if added or removed
        ]
        routines = await self._neighbours.routines_in([group.id for group, _, _ in changed])
        return DayChanges(
            looked_at=[SpanRead(start=start, end=end) for start, end in spans],
            calendars=[item for item in calendars if _says_something(item)],
            day_groups=[
                DayGroupChange(
                    id=group.id,
                    name=group.name,
                    added=added,
                    removed=removed,
                    routines=[AffectedRoutine.model_validate(routine) for routine in routines.get(group.id, ())],
                )
                for group, added, removed in changed
            ],
            routines_affected=sum(len(found) for found in routines.values()),
        )

    def _spans(self) -> list[Span]:
        today = home_date(self._clock.now())
        return [(today, today + SPAN)]


def _calendar_change(before: CalendarDays, after: CalendarDays, spans: Sequence[Span]) -> CalendarChange:
    added, removed = _difference(_covered(before), _covered(after), spans)
    return CalendarChange(
        code=after.code,
        added=added,
        removed=removed,
        coverage_end_before=before.end,
        coverage_end_after=after.end,
    )


def _says_something(change: CalendarChange) -> bool:
    return bool(change.added or change.removed) or change.coverage_end_before != change.coverage_end_after


def _covered(days: CalendarDays) -> DatesIn:
    def dates(start: date, end: date) -> Sequence[date]:
        first, last = max(start, days.start), min(end, days.end)
        return days.business_days(first, last) if first <= last else ()

    return dates


def _difference(before: DatesIn, after: DatesIn, spans: Sequence[Span]) -> tuple[list[date], list[date]]:
    old = {day for start, end in spans for day in before(start, end)}
    new = {day for start, end in spans for day in after(start, end)}
    return sorted(new - old), sorted(old - new)
