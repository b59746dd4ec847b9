"""Which slots a day has, and why. Pure: previews, daily loads and backfills ask the same `Plan` (DESIGN, E17)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.business_days.public import OutsideCoverage, every_day
from core_api.modules.day_rules.public import GroupDays
from core_api.modules.planning.schemas import BusinessDates, DayPlan, Edges, ReasonAgainst, RoutineDay, Unplanned
from core_api.modules.routines.public import PlannedRoutine, PlannedSlot, RoutineSnapshot
from core_api.modules.triggers.public import TRIGGERS, Trigger, slots_on

_EVENT_DRIVEN: Final = frozenset({"event", "webhook"})
_NOT_BY_TIME: Final = _EVENT_DRIVEN | {"manual"}


class Plan:
    """Routines with their day groups, ready to say which slots a day has.

    What many routines or dates share is worked out once: the dates of a group by the year, the slots of a trigger by
    its zone and date. Five hundred routines over four hundred days take well below a second. `upstreams` are routines
    that are not planned themselves; they are asked whether they run.
    """

    def __init__(
        self,
        routines: Sequence[PlannedRoutine],
        groups: Mapping[UUID, GroupDays],
        *,
        upstreams: Sequence[PlannedRoutine] = (),
    ) -> None:
        self.routines = routines
        self._days = {group_id: _Dates(groups[group_id] if group_id else None) for group_id in (None, *groups)}
        self._clocks = _Clocks()
        self._members = [self._member(routine) for routine in routines]
        self._known = {member.snapshot.routine_id: member for member in self._members}
        self._known |= {member.snapshot.routine_id: member for member in map(self._member, upstreams)}
        self._without: dict[tuple[UUID, tuple[UUID, ...]], RoutineSnapshot] = {}

    def day(self, business_date: date) -> DayPlan:
        """A business date. A calendar that says nothing about it keeps only the routines on it from being planned."""
        planned, unplanned = list[RoutineDay](), list[Unplanned]()
        answers = {id(dates): dates.answer(business_date) for dates in self._days.values()}
        for member in self._members:
            runs = answers[id(member.dates)]
            try:
                if runs is None:
                    raise member.dates.problem(business_date)
                if runs and (slots := member.clock.slots(business_date)):
                    planned.append(self._routine_day(member, business_date, slots))
            except OutsideCoverage as error:
                unplanned.append(_unplanned(member.snapshot, error))
        return DayPlan(business_date=business_date, routines=planned, unplanned=unplanned)

    def slots(self, business_date: date) -> list[PlannedSlot]:
        """All slots of a business date, by slot, priority and id. Raises `OutsideCoverage`."""
        for member in self._members:
            if member.dates.answer(business_date) is None:
                raise member.dates.problem(business_date)
        return in_order(self.day(business_date))

    def business_dates(self, start: date, end: date) -> dict[UUID, BusinessDates]:
        """On which dates from `start` to `end` each routine runs, whatever its trigger."""
        known = {id(dates): dates.between(start, end) for dates in self._days.values()}
        return {
            member.snapshot.routine_id: _business_dates(member.snapshot, known[id(member.dates)])
            for member in self._members
        }

    def edges(self, routine_id: UUID, business_date: date) -> Edges:
        """What a routine waits for on a date, with each upstream's own date. Raises `OutsideCoverage`."""
        member = self._known[routine_id]
        snapshot = member.snapshot
        kept, missing = list[tuple[UUID, date, str]](), list[tuple[UUID, date]]()
        for upstream_id, offset, rule in zip(
            snapshot.depends_on, snapshot.upstream_offsets, snapshot.upstream_rules, strict=True
        ):
            on = member.dates.earlier(business_date, offset)
            if not self._runs(upstream_id, on):
                if rule.endswith(" run"):
                    continue
                if rule.endswith(" skip"):
                    missing.append((upstream_id, on))
            kept.append((upstream_id, on, rule))
        return Edges(
            tuple(upstream_id for upstream_id, _, _ in kept),
            tuple(on for _, on, _ in kept),
            tuple(rule for _, _, rule in kept),
            tuple(missing),
        )

    def edges_when_asked(self, routine_id: UUID, business_date: date) -> Edges:
        """What a run waits for that somebody asks for: nothing that does not run that day, unless it is to wait for it.

        Whoever asks means to run it. Raises `OutsideCoverage`.
        """
        edges = self.edges(routine_id, business_date)
        asked = [
            edge
            for edge in zip(edges.depends_on, edges.dates, edges.rules, strict=True)
            if (edge[0], edge[1]) not in edges.missing
        ]
        return Edges(
            tuple(upstream_id for upstream_id, _, _ in asked),
            tuple(on for _, on, _ in asked),
            tuple(rule for _, _, rule in asked),
        )

    def downstream(self, routine_id: UUID, business_date: date) -> list[RoutineSnapshot]:
        """The routines of the plan that run on a date and wait for a routine on that date, directly or through others.

        Each one after those that it waits for, as far as they are among them.
        """
        below: dict[UUID, list[_Member]] = {}
        for member in self._members:
            snapshot = member.snapshot
            for upstream_id, offset in zip(snapshot.depends_on, snapshot.upstream_offsets, strict=True):
                if offset == 0 and member.dates.answer(business_date):
                    below.setdefault(upstream_id, []).append(member)
        found: dict[UUID, RoutineSnapshot] = {}
        level = [routine_id]
        while level:
            members = [member for upstream_id in level for member in below.get(upstream_id, ())]
            level = list(dict.fromkeys(member.snapshot.routine_id for member in members))
            for member in members:
                found.pop(member.snapshot.routine_id, None)  # it moves behind what was found since
                found[member.snapshot.routine_id] = member.snapshot
        return list(found.values())

    def has_date(self, routine_id: UUID, day: date) -> bool:
        """Whether a routine's day group has a date. Raises `OutsideCoverage`."""
        dates = self._known[routine_id].dates
        answer = dates.answer(day)
        if answer is None:
            raise dates.problem(day)
        return answer

    def group_of(self, routine: PlannedRoutine) -> GroupDays | None:
        """The day group of a planned routine; None when it runs every day."""
        return self._days[routine.day_group_id].group

    def name_of(self, routine_id: UUID) -> str:
        """The name of a routine or of an upstream of one."""
        return self._known[routine_id].snapshot.routine_name

    def absences(self, plan: DayPlan) -> Iterator[tuple[PlannedRoutine, ReasonAgainst]]:
        """The routines that a load of the planned day leaves out, and why."""
        unplanned = {one.routine_id for one in plan.unplanned}
        for routine in self.routines:
            reason = self.reason_against(routine, plan.business_date)
            if reason is None and routine.snapshot["routine_id"] in unplanned:
                reason = ReasonAgainst.NOT_COVERED  # of an upstream's date
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
        member = self._known[routine.snapshot["routine_id"]]
        if member.dates.group is not None and (against := member.dates.group.reason_against(day)) is not None:
            return ReasonAgainst(against)
        if member.dates.answer(day) is None:
            return ReasonAgainst.NOT_COVERED
        return None if member.clock.slots(day) else ReasonAgainst.TRIGGER

    def _member(self, routine: PlannedRoutine) -> "_Member":
        snapshot = RoutineSnapshot(**routine.snapshot)
        return _Member(snapshot, self._days[routine.day_group_id], self._clocks.of(snapshot))

    def _routine_day(self, member: "_Member", business_date: date, slots: Sequence[datetime]) -> RoutineDay:
        snapshot = member.snapshot
        if not snapshot.depends_on:
            return RoutineDay(snapshot, slots)
        edges = self.edges(snapshot.routine_id, business_date)
        if edges.depends_on != snapshot.depends_on:
            snapshot = self._depending_on(snapshot, edges)
        return RoutineDay(snapshot, slots, edges.dates, edges.missing)

    def _depending_on(self, snapshot: RoutineSnapshot, edges: Edges) -> RoutineSnapshot:
        key = (snapshot.routine_id, edges.depends_on)
        if key not in self._without:
            offsets = dict(zip(snapshot.depends_on, snapshot.upstream_offsets, strict=True))
            self._without[key] = replace(
                snapshot,
                depends_on=edges.depends_on,
                upstream_offsets=tuple(offsets[upstream_id] for upstream_id in edges.depends_on),
                upstream_rules=edges.rules,
            )
        return self._without[key]

    def _runs(self, routine_id: UUID, day: date) -> bool:
        """Whether an upstream runs on a date, as far as time and calendars can say: only a clear no is one.

        A paused upstream counts as running, so that what depends on it waits and says so.
        """
        member = self._known.get(routine_id)
        if member is None or member.snapshot.trigger["type"] in _NOT_BY_TIME:
            return True
        runs = member.dates.answer(day)
        return runs is None or (runs and bool(member.clock.slots(day)))


def in_order(plan: DayPlan) -> list[PlannedSlot]:
    """All slots of a planned day, by slot, priority and id."""
    planned = [
        item.routine.at(slot, business_date=plan.business_date, upstream_dates=item.upstream_dates)
        for item in plan.routines
        for slot in item.slots
    ]
    return sorted(planned, key=lambda item: (item.slot, item.priority, item.routine_id))


@dataclass(frozen=True, slots=True)
class _Member:
    """A routine of a plan with what says when it runs."""

    snapshot: RoutineSnapshot
    dates: "_Dates"
    clock: "_Clock"


class _Dates:
    """The dates of a day group (None: every day), asked of it a year at a time."""

    def __init__(self, group: GroupDays | None) -> None:
        self.group = group
        self._every_day = every_day()
        self._years: dict[int, frozenset[date]] = {}
        self._earlier: dict[tuple[date, int], date] = {}

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

    def earlier(self, day: date, offset: int) -> date:
        """The date `offset` (0 or negative) business days of the calendar from `day`. Raises `OutsideCoverage`."""
        if offset == 0:
            return day
        known = self._earlier.get((day, offset))
        if known is None:
            calendar = self._every_day if self.group is None else self.group.calendar
            known = self._earlier[day, offset] = calendar.add(day, offset)
        return known

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

    def of(self, routine: RoutineSnapshot) -> _Clock:
        key = (id(routine.trigger), routine.time_zone)  # the repository parses equal triggers once
        if key not in self._known:
            self._known[key] = _Clock(TRIGGERS.validate_python(routine.trigger), ZoneInfo(routine.time_zone))
        return self._known[key]


def _business_dates(routine: RoutineSnapshot, dates: Sequence[date] | OutsideCoverage) -> BusinessDates:
    if isinstance(dates, OutsideCoverage):
        return BusinessDates(dates=(), problem=_unplanned(routine, dates))
    return BusinessDates(dates=dates, problem=None)


def _unplanned(routine: RoutineSnapshot, error: OutsideCoverage) -> Unplanned:
    return Unplanned(
        routine_id=routine.routine_id, routine_name=routine.routine_name, code=error.code, message=error.message
    )


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
        there = {routine.snapshot["routine_id"] for routine in routines}
        above = {upstream_id for routine in routines for upstream_id in routine.snapshot["depends_on"]} - there
        upstreams = await self._source.routines(sorted(above), with_paused=True) if above else []
        group_ids = {one.day_group_id for one in (*routines, *upstreams) if one.day_group_id is not None}
        return Plan(routines, await self._source.day_groups(sorted(group_ids)), upstreams=upstreams)
