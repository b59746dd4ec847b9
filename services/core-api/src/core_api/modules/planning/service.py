"""Which slots a day has, and why. Pure: previews, daily loads and backfills ask the same `Plan` (DESIGN, E17)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.business_days.public import GroupDays, OutsideCoverage, every_day
from core_api.modules.planning.exceptions import PreviewTooLong
from core_api.modules.planning.schemas import BusinessDates, DayPlan, PreviewDay, RoutineDay, RoutinePreview, Unplanned
from core_api.modules.routines.public import PlannedRoutine, PlannedSlot, RoutineNotFound, RoutineSnapshot
from core_api.modules.triggers.public import TRIGGERS, slots_on

MAX_PREVIEW_DAYS: Final = 366


class Source(Protocol):
    """What planning needs to know of other modules."""

    async def routines(self, ids: Sequence[UUID] | None, *, with_paused: bool) -> list[PlannedRoutine]: ...
    async def day_groups(self, ids: Sequence[UUID]) -> dict[UUID, GroupDays]: ...


class PlanningService:
    def __init__(self, source: Source) -> None:
        self._source = source

    async def plan(self, routine_ids: Sequence[UUID] | None = None, *, with_paused: bool = False) -> "Plan":
        """All that is needed to say which slots any day has: one query for routines, a few for their day groups."""
        routines = await self._source.routines(routine_ids, with_paused=with_paused)
        group_ids = {routine.day_group_id for routine in routines if routine.day_group_id is not None}
        return Plan(routines, await self._source.day_groups(sorted(group_ids)))

    async def preview(self, routine_id: UUID, *, start: date, end: date) -> RoutinePreview:
        """What a load of each date from `start` to `end` would write: the load's own computation."""
        span = (end - start).days + 1
        if not 1 <= span <= MAX_PREVIEW_DAYS:
            raise PreviewTooLong(MAX_PREVIEW_DAYS)
        plan = await self.plan([routine_id], with_paused=True)
        if not plan.routines:
            raise RoutineNotFound(routine_id)
        routine = plan.routines[0]
        group = plan.group_of(routine.day_group_id)
        days = [start + timedelta(days=n) for n in range(span)]
        return RoutinePreview(
            routine_id=routine_id,
            paused=routine.paused,
            time_zone=routine.snapshot["time_zone"],
            days=[_preview_day(plan, group, day) for day in days],
        )


class Plan:
    """Routines with their day groups, ready to say which slots a day has. Pure: preview and daily load ask the same."""

    def __init__(self, routines: Sequence[PlannedRoutine], groups: Mapping[UUID, GroupDays]) -> None:
        self.routines = routines
        self._routines = [(RoutineSnapshot(**routine.snapshot), routine.day_group_id) for routine in routines]
        self._groups = groups
        self._every_day = every_day()

    def day(self, business_date: date) -> DayPlan:
        """A business date. A calendar that says nothing about it keeps only the routines on it from being planned."""
        instants = _Instants(business_date)
        planned, unplanned = list[RoutineDay](), list[Unplanned]()
        answers = {group_id: self._answer(group_id, business_date) for group_id in (None, *self._groups)}
        for routine, group_id in self._routines:
            runs = answers[group_id]
            if isinstance(runs, OutsideCoverage):
                unplanned.append(_unplanned(routine, runs))
            elif runs and (slots := instants.of(routine)):
                planned.append(RoutineDay(routine, slots))
        return DayPlan(business_date=business_date, routines=planned, unplanned=unplanned)

    def slots(self, business_date: date) -> list[PlannedSlot]:
        """All slots of a business date, by slot, priority and id. Raises `OutsideCoverage`."""
        for group_id in (None, *self._groups):
            self._runs_on(group_id, business_date)
        days = self.day(business_date).routines
        planned = [item.routine.at(slot, business_date=business_date) for item in days for slot in item.slots]
        return sorted(planned, key=lambda item: (item.slot, item.priority, item.routine_id))

    def business_dates(self, start: date, end: date) -> dict[UUID, BusinessDates]:
        """On which dates from `start` to `end` each routine runs, whatever its trigger."""
        known = {group_id: self._between(group_id, start, end) for group_id in (None, *self._groups)}
        found = {}
        for routine, group_id in self._routines:
            dates = known[group_id]
            problem = _unplanned(routine, dates) if isinstance(dates, OutsideCoverage) else None
            found[routine.routine_id] = BusinessDates(
                dates=() if isinstance(dates, OutsideCoverage) else dates, problem=problem
            )
        return found

    def group_of(self, group_id: UUID | None) -> GroupDays | None:
        """The day group of a planned routine; None when it runs every day."""
        return None if group_id is None else self._groups[group_id]

    def _between(self, group_id: UUID | None, start: date, end: date) -> tuple[date, ...] | OutsideCoverage:
        """All dates of a range, for whoever is known over the whole of it."""
        for edge in (start, end):
            answer = self._answer(group_id, edge)
            if isinstance(answer, OutsideCoverage):
                return answer
        if group_id is None:
            return self._every_day.business_days(start, end)
        return self._groups[group_id].days_between(start, end)

    def _answer(self, group_id: UUID | None, day: date) -> bool | OutsideCoverage:
        try:
            return self._runs_on(group_id, day)
        except OutsideCoverage as error:
            return error

    def _runs_on(self, group_id: UUID | None, day: date) -> bool:
        return self._every_day.is_business_day(day) if group_id is None else self._groups[group_id].runs_on(day)


def _unplanned(routine: RoutineSnapshot, error: OutsideCoverage) -> Unplanned:
    return Unplanned(
        routine_id=routine.routine_id, routine_name=routine.routine_name, code=error.code, message=error.message
    )


class _Instants:
    """The slots of one date. Many routines share a trigger and a zone, so each pair is worked out once."""

    def __init__(self, business_date: date) -> None:
        self._date = business_date
        self._known: dict[tuple[int, str], list[datetime]] = {}

    def of(self, routine: RoutineSnapshot) -> list[datetime]:
        key = (id(routine.trigger), routine.time_zone)  # the repository parses equal triggers once
        if key not in self._known:
            trigger = TRIGGERS.validate_python(routine.trigger)
            self._known[key] = slots_on(trigger, ZoneInfo(routine.time_zone), self._date)
        return self._known[key]


def _preview_day(plan: Plan, group: GroupDays | None, day: date) -> PreviewDay:
    slots: list[datetime] = [item.slot for item in plan.slots(day)]
    note = group.calendar.note(day) if group else None
    return PreviewDay(business_date=day, runs=bool(slots), note=note, slots=slots)
