"""Shapes of backfills: a range of business dates, run again as one object (DESIGN, E13)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from core_api.inputs import Input, JsonObject, StorableText
from core_api.modules.daily_loads.public import snapshot_fields
from core_api.modules.executions.public import FINAL, NewExecution, Series, Status
from core_api.modules.idempotency.public import body_hash
from core_api.modules.planning.public import BusinessDates, Plan
from core_api.modules.routines.public import PlannedRoutine, RoutineSnapshot
from shared_utils.security.secret_params import Schema, masked

Mode = Literal["all", "missing", "failed"]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
BackfillName = Annotated[StorableText, StringConstraints(max_length=200)]

MAX_ROUTINES = 500
MAX_EXECUTIONS = 100_000


class BackfillStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"


OPEN = frozenset({BackfillStatus.ACTIVE, BackfillStatus.PAUSED})


# --- what people ask for ---------------------------------------------------------------------------------------------


class BackfillRange(Input):
    """Routines, by id or by any of the tags, on every business date from `start` to `end`, both included.

    `all` runs every date again. `missing` runs what never ran: dates without an execution, or whose latest one was
    skipped or cancelled. `failed` runs the dates whose latest execution failed. `params` replace the routines' own by
    name, for these runs only; `***` in place of a secret keeps each routine's own.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"tags": ["b3"], "start": "2026-11-03", "end": "2026-11-19", "mode": "missing", "params": {}}]
        }
    )

    routine_ids: tuple[UUID, ...] = Field(default=(), max_length=MAX_ROUTINES)
    tags: tuple[Tag, ...] = Field(default=(), max_length=20)
    start: date
    end: date
    mode: Mode = "all"
    params: JsonObject = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.routine_ids and not self.tags:
            raise ValueError("give routine_ids, tags or both")
        if self.start > self.end:
            raise ValueError("start is after end")
        return self


class BackfillCreate(BackfillRange):
    """`max_active` of its runs at once, behind everything of a smaller `priority` number.

    The same request again gives the existing backfill and creates nothing; another `name` makes it another one. The cap
    and the priority are not part of what makes a request the same.
    """

    name: BackfillName = ""
    max_active: int = Field(default=4, ge=1, le=1000, strict=True)
    priority: int = Field(default=900, ge=1, le=1000, strict=True)


class CancelRequest(Input):
    """Whether what runs already may end by itself instead of being asked to stop."""

    keep_running: StrictBool = False


# --- what people read ------------------------------------------------------------------------------------------------


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ProblemRead(Output):
    """Why a routine's business dates are not known."""

    code: str
    message: str


class BackfillRoutineRead(Output):
    id: UUID
    name: str


class RoutineDatesRead(BackfillRoutineRead):
    """One routine of a preview. `dates` would run; `existing` counts the range's business dates by how they stand:

    NONE (no execution), SUCCEEDED, FAILED, SKIPPED, CANCELLED or ACTIVE (waiting or running). `waits_for` names the
    routines that it depends on beside those of the backfill: they count by their latest execution of the date.
    """

    paused: bool
    business_dates: int
    dates: list[date]
    existing: dict[str, int]
    waits_for: list[str]
    problem: ProblemRead | None


class BackfillPreview(Output):
    """What a backfill would write; nothing is written. `same_request` is the backfill that this request made before."""

    start: date
    end: date
    mode: Mode
    executions: int
    dates: int
    same_request: UUID | None
    routines: list[RoutineDatesRead]


class BackfillActionsRead(Output):
    """What the present state allows; whether the caller may is a matter of their role."""

    pause: bool
    resume: bool
    cancel: bool


class BackfillRead(Output):
    """`counts` are its executions by status, `ended` of `total` are over. DONE when all are.

    In `params`, what is secret to the job of any of its routines reads `***`.
    """

    id: UUID
    name: str
    status: BackfillStatus
    mode: Mode
    start: date
    end: date
    routines: list[BackfillRoutineRead]
    params: dict[str, Any]
    max_active: int
    priority: int
    total: int
    ended: int
    counts: dict[str, int]
    requested_by: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    actions: BackfillActionsRead


class BackfillDateRead(Output):
    """One business date of a backfill: its executions by status."""

    business_date: date
    counts: dict[str, int]


class BackfillDetail(BackfillRead):
    """A backfill with its progress by business date, the earliest first."""

    dates: list[BackfillDateRead]


# --- inside ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a routine a backfill runs."""

    routine_id: UUID
    dates: Sequence[date]
    existing: dict[str, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a request stands for: its routines by name, each with its business dates and what of them is to run."""

    routines: list[PlannedRoutine]
    snapshots: list[RoutineSnapshot]
    plan: Plan
    found: dict[UUID, BusinessDates]
    selected: dict[UUID, Selection]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reads of backfills need to know of their routines."""

    routines: Mapping[UUID, BackfillRoutineRead]
    schemas: Mapping[UUID, Schema]


def masked_params(
    params: Mapping[str, Any], routine_ids: Sequence[UUID], schemas: Mapping[UUID, Schema]
) -> dict[str, Any]:
    """Params without what is secret to the job of any of the routines."""
    shown = masked(None, params)
    for schema in {id(schemas[one]): schemas[one] for one in routine_ids if one in schemas}.values():
        shown = masked(schema, shown)
    return dict(shown)


def routine_dates(routine: PlannedRoutine, chosen: Chosen, names: Mapping[UUID, str]) -> RoutineDatesRead:
    routine_id = routine.snapshot["routine_id"]
    dates, selection = chosen.found[routine_id], chosen.selected[routine_id]
    problem = dates.problem
    return RoutineDatesRead(
        id=routine_id,
        name=routine.snapshot["routine_name"],
        paused=routine.paused,
        business_dates=len(dates.dates),
        dates=list(selection.dates),
        existing=selection.existing,
        waits_for=sorted(names[one] for one in routine.snapshot["depends_on"] if one in names),
        problem=problem and ProblemRead(code=problem.code, message=problem.message),
    )


def request_hash_of(request: BackfillRange, *, name: str) -> str:
    """The same work under the same name is the same request, in whatever order its parts come."""
    return body_hash(
        {
            "name": name,
            "routine_ids": sorted(map(str, request.routine_ids)),
            "tags": sorted(request.tags),
            "start": request.start.isoformat(),
            "end": request.end.isoformat(),
            "mode": request.mode,
            "params": request.params,
        }
    )


def select_dates(
    routine_id: UUID, dates: Sequence[date], latest: Mapping[tuple[UUID, date], str], mode: Mode
) -> Selection:
    """Which of a routine's business dates run in a mode, given the status of the latest execution of each."""
    standing = [_standing(latest.get((routine_id, day))) for day in dates]
    wanted = _WANTED.get(mode)
    chosen = [day for day, state in zip(dates, standing, strict=True) if wanted is None or state in wanted]
    return Selection(routine_id, chosen, dict(Counter(standing)))


def _standing(status: str | None) -> str:
    if status is None:
        return "NONE"
    return status if status in FINAL else "ACTIVE"


_WANTED: Final[Mapping[Mode, frozenset[str]]] = {
    "missing": frozenset({"NONE", Status.SKIPPED, Status.CANCELLED}),
    "failed": frozenset({Status.FAILED}),
}


def series_of(
    snapshots: Sequence[RoutineSnapshot],
    dates: Mapping[UUID, Sequence[date]],
    *,
    plan: Plan,
    first_slot: datetime,
    template: Mapping[str, Any],
) -> list[Series]:
    """One execution per routine and business date. Slots follow each other in the order of dates, from now on:

    the earliest date runs first, an execution of today is the latest one of its date, and nothing is written into
    months of long ago, which retention takes away.
    """
    days = sorted({day for snapshot in snapshots for day in dates[snapshot.routine_id]})
    slots = {day: first_slot + timedelta(milliseconds=n) for n, day in enumerate(days)}
    found = []
    for snapshot in snapshots:
        fields = {**snapshot_fields(snapshot), **template}
        first = NewExecution(**fields, slot=first_slot, business_date=days[0])
        for day in dates[snapshot.routine_id]:
            edges = plan.edges_when_asked(snapshot.routine_id, day)
            execution = replace(
                first,
                business_date=day,
                depends_on=edges.depends_on,
                upstream_dates=edges.dates,
                upstream_rules=edges.rules,
            )
            found.append(Series(execution, (slots[day],)))
    return found
