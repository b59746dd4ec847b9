"""Shapes of routines, and their dependencies as a graph."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from core_api.inputs import Input, JsonObject, LongText, StorableText, Title
from core_api.modules.triggers.public import TimeOfDay, Trigger, TriggerRead
from shared_schemas.jobs import JobName, QueueName
from shared_utils.clock import HOME_ZONE

DEFAULT_ZONE = HOME_ZONE.key
MAX_PARAMS_BYTES = 64 * 1024
_ZONES = frozenset(available_timezones())


# --- snapshots handed to the queue ----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineSnapshot:
    """All that an execution needs of its routine, as it is now."""

    routine_id: UUID
    routine_name: str
    title: str
    time_zone: str
    job: str
    params: dict[str, Any]
    queue: str
    priority: int
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    depends_on: tuple[UUID, ...]
    max_attempts: int
    max_recoveries: int
    retry: dict[str, Any]
    timeout_seconds: int | None
    trigger: dict[str, Any]
    tags: tuple[str, ...]
    catch_up: str
    misfire_grace_seconds: int | None
    coalesce: bool
    cancel_grace_seconds: int
    upstream_offsets: tuple[int, ...]
    """Parallel to `depends_on`: how many business days before the run each upstream counts, 0 or negative."""
    upstream_rules: tuple[str, ...]
    """Parallel to `depends_on`: "on_failure on_skip", such as "wait skip"."""

    def at(
        self, slot: datetime, *, business_date: date, upstream_dates: tuple[date, ...] | None = None
    ) -> "PlannedSlot":
        """The routine on a slot. Without `upstream_dates` every upstream counts on the business date itself."""
        return PlannedSlot(
            slot=slot,
            business_date=business_date,
            upstream_dates=upstream_dates or (business_date,) * len(self.depends_on),
            **{name: getattr(self, name) for name in _SNAPSHOT},
        )


_SNAPSHOT = tuple(item.name for item in fields(RoutineSnapshot))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSlot(RoutineSnapshot):
    """One execution to be: a routine on one slot (aware, UTC)."""

    slot: datetime
    business_date: date
    upstream_dates: tuple[date, ...]
    """Parallel to `depends_on`: the business date on which each upstream counts."""


@dataclass(frozen=True, slots=True)
class PlannedRoutine:
    """A routine to plan: the fields of its snapshot by name, and its day group (None: every day)."""

    snapshot: dict[str, Any]
    day_group_id: UUID | None
    paused: bool


@dataclass(frozen=True, slots=True)
class RoutineInGroup:
    """A routine as those who change its day group need to know it."""

    id: UUID
    name: str
    title: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRoutine:
    """A routine whose executions in the queue no longer match it. Hand it back to `mark_loaded` when they do again."""

    id: UUID
    name: str
    time_zone: str
    version: int
    revision: int | None
    active: bool
    """False when it is paused or deleted: its untouched executions leave the queue and none are written."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """A routine that an event starts, and since when: earlier events are not meant for it."""

    routine_id: UUID
    trigger: dict[str, Any]
    since: datetime


# --- dependencies ----------------------------------------


@dataclass(frozen=True, slots=True)
class Upstream:
    """An edge of the dependency graph."""

    routine_id: UUID
    upstream_id: UUID


def path_to(routine_id: UUID, upstream_ids: Sequence[UUID], edges: Sequence[Upstream]) -> list[UUID]:
    """The cycle that `routine_id` would close by depending on `upstream_ids`, from itself to itself; else empty."""
    above: dict[UUID, list[UUID]] = {}
    for edge in edges:
        above.setdefault(edge.routine_id, []).append(edge.upstream_id)
    above[routine_id] = list(upstream_ids)
    came_from: dict[UUID, UUID] = {}
    waiting = [routine_id]
    while waiting:
        current = waiting.pop()
        for upstream in above.get(current, ()):
            if upstream == routine_id:
                return [routine_id, *_way_back(current, routine_id, came_from), routine_id]
            if upstream not in came_from:
                came_from[upstream] = current
                waiting.append(upstream)
    return []


def _way_back(last: UUID, start: UUID, came_from: Mapping[UUID, UUID]) -> list[UUID]:
    way: list[UUID] = []
    while last != start:
        way.append(last)
        last = came_from[last]
    return way[::-1]


# --- what people write ----------------------------------------


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError(f"{name!r} is not an IANA time zone, such as {DEFAULT_ZONE}")
    return name


def _small_enough(params: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(params)) > MAX_PARAMS_BYTES:
        raise ValueError(f"params are larger than {MAX_PARAMS_BYTES} bytes")
    return params


def _one_per_upstream(dependencies: "tuple[Dependency, ...]") -> "tuple[Dependency, ...]":
    once = tuple(dict.fromkeys(dependencies))
    if len({dependency.routine_id for dependency in once}) < len(once):
        raise ValueError("an upstream stands twice with different rules; name each upstream once")
    return once


def _sorted_and_unique(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(tags)))


RoutineName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
TimeZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Params = Annotated[JsonObject, AfterValidator(_small_enough)]
Priority = Annotated[int, Field(ge=1, le=1000, strict=True)]
PoolName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
ConcurrencyKey = Annotated[StorableText, StringConstraints(min_length=1, max_length=200)]
MaxInstances = Annotated[int, Field(ge=1, le=1000, strict=True)]
MaxRecoveries = Annotated[int, Field(ge=0, le=100, strict=True)]
TimeoutSeconds = Annotated[int, Field(ge=1, le=7 * 86_400, strict=True)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Tags = Annotated[tuple[Tag, ...], Field(max_length=20), AfterValidator(_sorted_and_unique)]
CatchUp = Literal["none", "latest", "all"]
MisfireGrace = Annotated[int, Field(ge=0, le=31 * 86_400, strict=True)]
CancelGrace = Annotated[int, Field(ge=0, le=3600, strict=True)]
EdgePolicy = Literal["wait", "skip", "run"]


class Dependency(Input):
    """Runs after another routine; its id alone stands for the defaults.

    `day_offset` counts business days of this routine's calendar: 0 is the same business date, -1 is D-1. `on_failure`
    and `on_skip` say what becomes of this routine when the upstream failed, or was skipped or does not run that day:
    `wait` for a person, `skip` this one too, or `run` all the same.
    """

    routine_id: UUID
    day_offset: int = Field(default=0, ge=-30, le=0, strict=True)
    on_failure: EdgePolicy = "wait"
    on_skip: EdgePolicy = "skip"

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, given: Any) -> Any:
        return {"routine_id": given} if isinstance(given, str | UUID) else given


DependsOn = Annotated[tuple[Dependency, ...], Field(max_length=50), AfterValidator(_one_per_upstream)]


class Deadline(Input):
    """To have succeeded by `time`, in the routine's zone, `day_offset` business days of its calendar after the date."""

    time: TimeOfDay = Field(examples=["07:30"])
    day_offset: int = Field(default=0, ge=0, le=10, strict=True)


class RetryPolicy(Input):
    """Waits `backoff_seconds * backoff_factor ** (failures - 1)`, at most `backoff_max_seconds`, give or take `jitter`.

    `jitter` is a fraction of the wait: 0.1 spreads it over 90 % to 110 %. Only what may pass by itself is retried.
    """

    max_attempts: int = Field(default=3, ge=1, le=50, strict=True)
    backoff_seconds: float = Field(default=30, ge=0, le=86_400, strict=True)
    backoff_factor: float = Field(default=2, ge=1, le=10, strict=True)
    backoff_max_seconds: float = Field(default=900, ge=0, le=86_400, strict=True)
    jitter: float = Field(default=0.1, ge=0, le=1, strict=True)


class RoutineWrite(Input):
    """A routine as a person describes it. Strict priority: 1-10 downloads, 11-20 loads, 21 and up processing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "b3-cotahist-download",
                    "title": "Baixar COTAHIST do dia",
                    "job": "b3.cotahist.download",
                    "params": {"reference": "business_date", "on_missing": "warn"},
                    "trigger": {"type": "times", "times": ["20:45"]},
                    "priority": 5,
                }
            ]
        }
    )

    name: RoutineName
    title: Title
    description: LongText = ""
    job: JobName
    params: Params = Field(default_factory=dict)
    trigger: Trigger
    time_zone: TimeZoneName = DEFAULT_ZONE
    day_group_id: UUID | None = None
    priority: Priority = 30
    queue: QueueName = "default"
    pool: PoolName | None = None
    concurrency_key: ConcurrencyKey | None = None
    max_instances: MaxInstances = 1
    retry: RetryPolicy = RetryPolicy()
    max_recoveries: MaxRecoveries = 3
    timeout_seconds: TimeoutSeconds | None = None
    paused: StrictBool = False
    depends_on: DependsOn = ()
    tags: Tags = ()
    catch_up: CatchUp = "latest"
    misfire_grace_seconds: MisfireGrace | None = 3600
    coalesce: StrictBool | None = None
    cancel_grace_seconds: CancelGrace = 10
    deadline: Deadline | None = None


def _unset() -> Any:
    # A default that is never written: an update tells a field left out (keep) from one set to null (clear).
    return None


class RoutinePatch(Input):
    """Changes to a routine: a field left out stays as it is; null clears a field that may be empty."""

    name: RoutineName = Field(default_factory=_unset)
    title: Title = Field(default_factory=_unset)
    description: LongText = Field(default_factory=_unset)
    job: JobName = Field(default_factory=_unset)
    params: Params = Field(default_factory=_unset)
    trigger: Trigger = Field(default_factory=_unset)
    time_zone: TimeZoneName = Field(default_factory=_unset)
    day_group_id: UUID | None = Field(default_factory=_unset)
    priority: Priority = Field(default_factory=_unset)
    queue: QueueName = Field(default_factory=_unset)
    pool: PoolName | None = Field(default_factory=_unset)
    concurrency_key: ConcurrencyKey | None = Field(default_factory=_unset)
    max_instances: MaxInstances = Field(default_factory=_unset)
    retry: RetryPolicy = Field(default_factory=_unset)
    max_recoveries: MaxRecoveries = Field(default_factory=_unset)
    timeout_seconds: TimeoutSeconds | None = Field(default_factory=_unset)
    paused: StrictBool = Field(default_factory=_unset)
    depends_on: DependsOn = Field(default_factory=_unset)
    tags: Tags = Field(default_factory=_unset)
    catch_up: CatchUp = Field(default_factory=_unset)
    misfire_grace_seconds: MisfireGrace | None = Field(default_factory=_unset)
    coalesce: StrictBool | None = Field(default_factory=_unset)
    cancel_grace_seconds: CancelGrace = Field(default_factory=_unset)
    deadline: Deadline | None = Field(default_factory=_unset)


# --- what people read ----------------------------------------


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class RetryPolicyRead(Output):
    max_attempts: int
    backoff_seconds: float
    backoff_factor: float
    backoff_max_seconds: float
    jitter: float


class DayGroupRef(Output):
    id: UUID
    name: str
    calendar_code: str


class DependencyRead(Output):
    routine_id: UUID
    name: str
    title: str
    day_offset: int
    on_failure: EdgePolicy
    on_skip: EdgePolicy


class DeadlineRead(Output):
    time: str
    day_offset: int


class RoutineRead(Output):
    """`in_queue` is false while the scheduler has not yet brought the latest change into today's queue.

    In `params`, secrets read `***`: what the job's schema marks with `writeOnly` or `format: password`, and what stands
    under a name that looks secret. Written back unchanged, `***` keeps the stored value.

    `coalesce` null means what suits the trigger: yes for intervals, no for others.
    """

    id: UUID
    name: str
    title: str
    description: str
    job: str
    params: dict[str, Any]
    trigger: TriggerRead
    time_zone: str
    day_group: DayGroupRef | None
    priority: int
    queue: str
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    retry: RetryPolicyRead
    max_recoveries: int
    timeout_seconds: int | None
    paused: bool
    depends_on: list[DependencyRead]
    tags: list[str]
    catch_up: CatchUp
    misfire_grace_seconds: int | None
    coalesce: bool | None
    cancel_grace_seconds: int
    deadline: DeadlineRead | None
    version: int
    in_queue: bool
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str
