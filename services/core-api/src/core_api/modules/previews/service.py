"""What people see of plans: a routine over a range of dates, and a whole day, in words of their language."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from core_api.modules.business_days.public import every_day
from core_api.modules.day_rules.public import GroupDays
from core_api.modules.planning.public import Plan, PlanningService, ReasonAgainst, RoutineDay, in_order
from core_api.modules.previews.exceptions import PreviewTooLong
from core_api.modules.previews.schemas import (
    CalendarNote,
    DayPreview,
    DayPreviewAbsence,
    DayPreviewRun,
    PreviewDay,
    RoutinePreview,
    UpstreamRun,
    WhyNot,
)
from core_api.modules.routines.public import PlannedRoutine, PlannedSlot, RoutineNotFound
from core_api.texts import say

MAX_PREVIEW_DAYS: Final = 366


class PreviewService:
    def __init__(self, planning: PlanningService) -> None:
        self._planning = planning

    async def preview(self, routine_id: UUID, *, start: date, end: date, language: str) -> RoutinePreview:
        """What a load of each date from `start` to `end` would write: the load's own computation."""
        span = (end - start).days + 1
        if not 1 <= span <= MAX_PREVIEW_DAYS:
            raise PreviewTooLong(MAX_PREVIEW_DAYS)
        plan = await self._planning.plan([routine_id], with_paused=True)
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
        plan = await self._planning.plan(with_paused=True)
        day = plan.day(business_date)
        absences = [
            _absence(plan, routine, why, business_date, language=language) for routine, why in plan.absences(day)
        ]
        paused = {routine.snapshot["routine_id"] for routine in plan.routines if routine.paused}
        active = [item for item in day.routines if item.routine.routine_id not in paused]
        of_each = {item.routine.routine_id: item for item in active}
        runs = in_order(replace(day, routines=active))
        return DayPreview(
            business_date=business_date,
            calendars=_calendar_notes(plan, business_date),
            runs=[_run(plan, slot, of_each[slot.routine_id], language=language) for slot in runs[:limit]],
            runs_total=len(runs),
            not_running=sorted(absences, key=lambda item: item.routine_name),
        )


def _preview_day(plan: Plan, day: date, *, language: str) -> PreviewDay:
    (routine,) = plan.routines
    group = plan.group_of(routine)
    planned = plan.day(day)
    slots, missing = (planned.routines[0].slots, planned.routines[0].missing) if planned.routines else ((), ())
    if missing:
        why = _why_skipped(plan, missing, language=language)
    elif slots:
        why = None
    else:
        reason = plan.reason_against(routine, day, as_if_resumed=True) or ReasonAgainst.NOT_COVERED
        why = _why(reason, group, day, language=language)
    return PreviewDay(
        business_date=day,
        runs=why is None,
        note=group.calendar.note(day) if group else None,
        slots=list(slots),
        reason=why,
    )


def _run(plan: Plan, slot: PlannedSlot, day: RoutineDay, *, language: str) -> DayPreviewRun:
    upstreams = zip(slot.depends_on, slot.upstream_dates, strict=True)
    return DayPreviewRun(
        **{name: getattr(slot, name) for name in DayPreviewRun.model_fields if hasattr(slot, name)},
        waits_for=[UpstreamRun(routine_id=upstream_id, business_date=on) for upstream_id, on in upstreams],
        skipped=_why_skipped(plan, day.missing, language=language) if day.missing else None,
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


def _why_skipped(plan: Plan, missing: Sequence[tuple[UUID, date]], *, language: str) -> WhyNot:
    (upstream_id, on), reason = missing[0], ReasonAgainst.UPSTREAM_NOT_PLANNED
    context = {"upstream": plan.name_of(upstream_id), "upstream_date": on.isoformat()}
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
