"""Which slots a day has, and why. Pure: previews, daily loads and backfills ask the same `Plan` (DESIGN, E17)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.business_days.public import OutsideCoverage, every_day
from core_api.modules.day_rules.public import GroupDays
from core_api.modules.planning.exceptions import PreviewTooLong
from core_api.modules.planning.schemas import (
    BusinessDates,
    CalendarNote,
    DayPlan,
    DayPreview,
    DayPreviewAbsence,
    DayPreviewRun,
    PreviewDay,
    ReasonAgainst,
    RoutineDay,
    RoutinePreview,
    Unplanned,
    WhyNot,
)
from core_api.modules.routines.public import PlannedRoutine, PlannedSlot, RoutineNotFound, RoutineSnapshot
from core_api.modules.triggers.public import TRIGGERS, Trigger, slots_on
from core_api.texts import say

MAX_PREVIEW_DAYS: Final = 366
_EVENT_DRIVEN: Final = frozenset({"event", "webhook"})


class Plan:
    """Routines with their day groups, ready to say which slots a day has.

    What many routines or dates share is worked out once: the dates of a group by the year, the slots of a trigger by
    its zone and date. Five hundred routines over four hundred days take well below a second.
    """

    def __init__(self, routines: Sequence[PlannedRoutine], groups: Mapping[UUID, GroupDays]) -> None:
        self.routines = routines
        self._snapshots = [RoutineSnapshot(**routine.snapshot) for routine in routines]
        self._days = {group_id: _Dates(groups[group_id] if group_id else None) for group_id in (None, *groups)}
        self._clocks = _Clocks()
        self._members = [
            (snapshot, self._days[routine.day_group_id], self._clocks.of(snapshot.trigger, snapshot.time_zone))
            for routine, snapshot in zip(routines, self._snapshots, strict=True)
        ]

    def day(self, business_date: date) -> DayPlan:
        """A business date. A calendar that says nothing about it keeps only the routines on it from being planned."""
        planned, unplanned = list[RoutineDay](), list[Unplanned]()
        answers = {id(dates): dates.answer(business_date) for dates in self._days.values()}
        for snapshot, dates, clock in self._members:
            runs = answers[id(dates)]
            if runs is None:
                unplanned.append(_unplanned(snapshot, dates.problem(business_date)))
            elif runs and (slots := clock.slots(business_date)):
                planned.append(RoutineDay(snapshot, slots))
        return DayPlan(business_date=business_date, routines=planned, unplanned=unplanned)

    def slots(self, business_date: date) -> list[PlannedSlot]:
        """All slots of a business date, by slot, priority and id. Raises `OutsideCoverage`."""
        for dates in self._days.values():
            if dates.answer(business_date) is None:
                raise dates.problem(business_date)
        return in_order(self.day(business_date))

    def business_dates(self, start: date, end: date) -> dict[UUID, BusinessDates]:
        """On which dates from `start` to `end` each routine runs, whatever its trigger."""
        known = {id(dates): dates.between(start, end) for dates in self._days.values()}
        return {
            snapshot.routine_id: _business_dates(snapshot, known[id(dates)]) for snapshot, dates, _ in self._members
        }

    def group_of(self, routine: PlannedRoutine) -> GroupDays | None:
        """The day group of a planned routine; None when it runs every day."""
        return self._days[routine.day_group_id].group

    def absences(self, business_date: date) -> Iterator[tuple[PlannedRoutine, ReasonAgainst]]:
        """The routines that a load of the date leaves out, and why."""
        for routine in self.routines:
            reason = self.reason_against(routine, business_date)
            if reason is not None:
                yield routine, reason

    def reason_against(
        self, routine: PlannedRoutine, day: date, *, as_if_resumed: bool = False
    ) -> ReasonAgainst | None:
        """Why a planned routine has no slot on a date; None when it has."""
        kind = routine.snapshot["trigger"]["type"]
        if kind == "manual":
            return ReasonAgainst.MANUAL_ONLY
        if routine.paused and not as_if_resumed:
            return ReasonAgainst.PAUSED
        if kind in _EVENT_DRIVEN:
            return ReasonAgainst.EVENT_DRIVEN
        dates = self._days[routine.day_group_id]
        if dates.group is not None and (against := dates.group.reason_against(day)) is not None:
            return ReasonAgainst(against)
        if dates.answer(day) is None:
            return ReasonAgainst.NOT_COVERED
        has_slot = self._clocks.of(routine.snapshot["trigger"], routine.snapshot["time_zone"]).slots(day)
        return None if has_slot else ReasonAgainst.TRIGGER


def in_order(plan: DayPlan) -> list[PlannedSlot]:
    """All slots of a planned day, by slot, priority and id."""
    planned = [item.routine.at(slot, business_date=plan.business_date) for item in plan.routines for slot in item.slots]
    return sorted(planned, key=lambda item: (item.slot, item.priority, item.routine_id))


class _Dates:
    """The dates of a day group (None: every day), asked of it a year at a time."""

    def __init__(self, group: GroupDays | None) -> None:
        self.group = group
        self._every_day = every_day()
        self._years: dict[int, frozenset[date]] = {}

    def answer(self, day: date) -> bool | None:
        """Whether the group has `day`; None when its calendar does not say."""
        if self.group is None:
            return True if self._every_day.covers(day) else None
        if not self.group.covers(day):
            return None
        year = self._years.get(day.year)
        if year is None:
            days = self.group.days_between(date(day.year, 1, 1), date(day.year, 12, 31))
            year = self._years[day.year] = frozenset(days)
        return day in year

    def between(self, start: date, end: date) -> Sequence[date] | OutsideCoverage:
        """All dates of a range, for whoever is known over the whole of it."""
        for edge in (start, end):
            if self.answer(edge) is None:
                return self.problem(edge)
        if self.group is None:
            return self._every_day.business_days(start, end)
        return self.group.days_between(start, end)

    def problem(self, day: date) -> OutsideCoverage:
        """Why `answer` is None."""
        try:
            if self.group is None:
                self._every_day.is_business_day(day)
            else:
                self.group.runs_on(day)
        except OutsideCoverage as error:
            return error
        raise AssertionError(f"{day} is covered")


class _Clock:
    """A trigger in a zone; its slots by date."""

    def __init__(self, trigger: Trigger, zone: ZoneInfo) -> None:
        self._trigger = trigger
        self._zone = zone
        self._known: dict[date, Sequence[datetime]] = {}

    def slots(self, day: date) -> Sequence[datetime]:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = slots_on(self._trigger, self._zone, day)
        return known


class _Clocks:
    """One clock for all routines that share a trigger and a zone."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], _Clock] = {}

    def of(self, trigger: Mapping[str, Any], time_zone: str) -> _Clock:
        key = (id(trigger), time_zone)  # the repository parses equal triggers once, and the plan keeps them alive
        if key not in self._known:
            self._known[key] = _Clock(TRIGGERS.validate_python(trigger), ZoneInfo(time_zone))
        return self._known[key]


def _business_dates(routine: RoutineSnapshot, dates: Sequence[date] | OutsideCoverage) -> BusinessDates:
    if isinstance(dates, OutsideCoverage):
        return BusinessDates(dates=(), problem=_unplanned(routine, dates))
    return BusinessDates(dates=dates, problem=None)


def _unplanned(routine: RoutineSnapshot, error: OutsideCoverage) -> Unplanned:
    return Unplanned(
        routine_id=routine.routine_id, routine_name=routine.routine_name, code=error.code, message=error.message
    )


# --- previews --------------------------------------------------------------------------------------------------------


class Source(Protocol):
    """What planning needs to know of other modules."""

    async def routines(self, ids: Sequence[UUID] | None, *, with_paused: bool) -> list[PlannedRoutine]: ...
    async def day_groups(self, ids: Sequence[UUID]) -> dict[UUID, GroupDays]: ...


class PlanningService:
    def __init__(self, source: Source) -> None:
        self._source = source

    async def plan(self, routine_ids: Sequence[UUID] | None = None, *, with_paused: bool = False) -> Plan:
        """All that is needed to say which slots any day has: one query for routines, a few for their day groups."""
        routines = await self._source.routines(routine_ids, with_paused=with_paused)
        group_ids = {routine.day_group_id for routine in routines if routine.day_group_id is not None}
        return Plan(routines, await self._source.day_groups(sorted(group_ids)))

    async def preview(self, routine_id: UUID, *, start: date, end: date, language: str) -> RoutinePreview:
        """What a load of each date from `start` to `end` would write: the load's own computation."""
        span = (end - start).days + 1
        if not 1 <= span <= MAX_PREVIEW_DAYS:
            raise PreviewTooLong(MAX_PREVIEW_DAYS)
        plan = await self.plan([routine_id], with_paused=True)
        if not plan.routines:
            raise RoutineNotFound(routine_id)
        routine = plan.routines[0]
        days = [_preview_day(plan, start + timedelta(days=n), language=language) for n in range(span)]
        if all(day.reason is not None and day.reason.code == ReasonAgainst.NOT_COVERED for day in days):
            plan.slots(start)  # raises: there is nothing to show
        return RoutinePreview(
            routine_id=routine_id, paused=routine.paused, time_zone=routine.snapshot["time_zone"], days=days
        )

    async def preview_day(self, business_date: date, *, limit: int, language: str) -> DayPreview:
        """What a load of a date writes, and why the other routines are not among it."""
        plan = await self.plan(with_paused=True)
        paused = {routine.snapshot["routine_id"] for routine in plan.routines if routine.paused}
        runs = [slot for slot in in_order(plan.day(business_date)) if slot.routine_id not in paused]
        absences = [
            _absence(plan, *absent, business_date, language=language) for absent in plan.absences(business_date)
        ]
        return DayPreview(
            business_date=business_date,
            calendars=_calendar_notes(plan, business_date),
            runs=[DayPreviewRun.model_validate(slot) for slot in runs[:limit]],
            runs_total=len(runs),
            not_running=sorted(absences, key=lambda item: item.routine_name),
        )


def _preview_day(plan: Plan, day: date, *, language: str) -> PreviewDay:
    (routine,) = plan.routines
    group = plan.group_of(routine)
    slots = [slot for item in plan.day(day).routines for slot in item.slots]
    reason = None if slots else plan.reason_against(routine, day, as_if_resumed=True)
    return PreviewDay(
        business_date=day,
        runs=bool(slots),
        note=group.calendar.note(day) if group else None,
        slots=slots,
        reason=reason and _why(reason, group, day, language=language),
    )


def _absence(
    plan: Plan, routine: PlannedRoutine, reason: ReasonAgainst, business_date: date, *, language: str
) -> DayPreviewAbsence:
    group = plan.group_of(routine)
    return DayPreviewAbsence(
        routine_id=routine.snapshot["routine_id"],
        routine_name=routine.snapshot["routine_name"],
        title=routine.snapshot["title"],
        day_group=group.name if group else None,
        note=group.calendar.note(business_date) if group else None,
        reason=_why(reason, group, business_date, language=language),
    )


def _why(reason: ReasonAgainst, group: GroupDays | None, day: date, *, language: str) -> WhyNot:
    context = {
        "date": day.isoformat(),
        "calendar": group.calendar.code if group else every_day().code,
        "day_group": group.name if group else None,
    }
    return WhyNot(code=reason, context=context, text=say(f"preview.reason.{reason}", language, **context))


def _calendar_notes(plan: Plan, business_date: date) -> list[CalendarNote]:
    calendars = {group.calendar.code: group.calendar for group in map(plan.group_of, plan.routines) if group}
    return [
        CalendarNote(
            calendar_code=code,
            is_business_day=calendar.is_business_day(business_date) if calendar.covers(business_date) else None,
            note=calendar.note(business_date),
        )
        for code, calendar in sorted(calendars.items())
    ]
