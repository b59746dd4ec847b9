"""Shapes of daily loads, and what a day's plan becomes in the queue."""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core_api.inputs import Input
from core_api.modules.executions.public import NewExecution, ReasonCode, Series, Withdrawn
from core_api.modules.planning.public import DayPlan, Edges, RoutineDay
from core_api.modules.routines.public import RoutineSnapshot

Trigger = Literal["schedule", "startup", "catch_up", "manual", "routine_change", "seed"]
MAX_DAYS_BACK: Final = 31
"""How far back days that nobody loaded are loaded when the scheduler comes back."""

DayState = Literal["LOADED", "INCOMPLETE", "NOT_LOADED", "UPCOMING"]


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class DailyLoadRead(Output):
    """One load. `created` executions are new; `already_there` were in the queue before.

    `unplanned` routines had to be left out, since nobody can say whether they run that day; `GET /daily-loads/days`
    names them.
    """

    id: UUID
    business_date: date
    trigger: Trigger
    requested_by: str | None
    started_at: datetime
    finished_at: datetime
    created: int
    already_there: int
    routines: int
    unplanned: int


class UnplannedRead(Output):
    """A routine that is missing on a day, and why."""

    routine_id: UUID
    routine_name: str
    code: str
    message: str


class LoadDayRead(Output):
    """How a day stands: LOADED, INCOMPLETE (some routines had to be left out), NOT_LOADED although it has begun, or

    UPCOMING. `created` counts what all its loads wrote.
    """

    business_date: date
    state: DayState
    loaded_at: datetime | None
    trigger: Trigger | None
    created: int
    unplanned: list[UnplannedRead]


class DayRequest(Input):
    """Which day; without a date today in São Paulo."""

    business_date: date | None = None


class DayRun(Output):
    """What "run the day now" did."""

    business_date: date
    created: int
    already_there: int
    brought_forward: int


@dataclass(frozen=True, slots=True)
class DueDays:
    """Days to load, in order; and those that are too long ago to be loaded, from the first to the last."""

    days: list[date]
    too_old: tuple[date, date] | None


# --- from a plan to executions ---------------------------------------------------------------------------------------


def scheduled(plan: DayPlan) -> list[Series]:
    return [Series(_template(item, plan.business_date), item.slots) for item in plan.routines]


def asked_for(plan: DayPlan, *, by: str, before: datetime) -> list[Series]:
    """Slots that had passed when a person asked for them carry their name, later ones are the schedule's."""
    found = []
    for item in plan.routines:
        cut = bisect_left(item.slots, before)
        template = _template(item, plan.business_date)
        found.append(Series(replace(template, requested_by=by), item.slots[:cut]))
        found.append(Series(template, item.slots[cut:]))
    return found


def written_again(
    plan: DayPlan, *, now: datetime, withdrawn: Sequence[Withdrawn], missing: AbstractSet[UUID]
) -> list[Series]:
    """What is left of a day, what a load had to leave out, and what was withdrawn only to get new settings.

    A slot that has passed and waits keeps its place, also when its routine has other times now: as long as it runs that
    day at all, nothing that waits vanishes.
    """
    waited: dict[UUID, list[Withdrawn]] = {}
    for one in withdrawn:
        if one.business_date == plan.business_date and one.slot < now:
            waited.setdefault(one.routine_id, []).append(one)
    found = []
    for item in plan.routines:
        template = _template(item, plan.business_date)
        routine_id = item.routine.routine_id
        cut = 0 if routine_id in missing else bisect_left(item.slots, now)
        found += [
            Series(replace(template, created_at=one.created_at, requested_by=one.requested_by), (one.slot,))
            for one in waited.get(routine_id, ())
        ]
        found.append(Series(template, item.slots[cut:]))
    return found


def _template(item: RoutineDay, business_date: date) -> NewExecution:
    return NewExecution(
        **snapshot_fields(item.routine),
        slot=item.slots[0],
        business_date=business_date,
        upstream_dates=item.upstream_dates,
        skip_reason=ReasonCode.UPSTREAM_NOT_PLANNED if item.missing else None,
    )


_FROM_ROUTINE: Final = (
    *("routine_id", "routine_name", "title", "job", "params", "queue", "priority", "pool", "concurrency_key"),
    *("max_instances", "depends_on", "max_attempts", "max_recoveries", "retry", "timeout_seconds"),
    *("tags", "catch_up", "misfire_grace_seconds", "coalesce", "cancel_grace_seconds", "upstream_rules"),
)


def snapshot_fields(snapshot: RoutineSnapshot) -> dict[str, Any]:
    """What an execution takes over from its routine."""
    return {name: getattr(snapshot, name) for name in _FROM_ROUTINE}


def fields_when_asked(snapshot: RoutineSnapshot, edges: Edges) -> dict[str, Any]:
    """The same for a run beside the schedule: it waits for what `edges` say, and no other run stands for it."""
    return {
        **snapshot_fields(snapshot),
        "depends_on": edges.depends_on,
        "upstream_rules": edges.rules,
        "upstream_dates": edges.dates,
        "coalesce": False,
    }
