"""Shapes of definitions: what a document holds, and what applying it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, model_validator

from core_api.inputs import Input, Title
from core_api.modules.calendars.public import CalendarCreate
from core_api.modules.day_groups.public import DayGroupRead, DayGroupWrite
from core_api.modules.definitions.exceptions import NameUnknown
from core_api.modules.pools.public import PoolCreate, PoolRead
from core_api.modules.routines.public import Dependency, RoutineName, RoutineRead, RoutineWrite

type Action = Literal["create", "update", "delete", "unchanged"]
type Kind = Literal["calendar", "pool", "day_group", "routine"]

VERSION = 1


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class FieldChange(Output):
    """One field, as a document writes it; `before` is null of what is created, `after` of what is deleted."""

    field: str
    before: Any
    after: Any


class Change(Output):
    """What becomes of one thing. `line` is where the document describes it, null for what it does not."""

    kind: Kind
    name: str
    action: Action
    line: int | None
    fields: list[FieldChange]


class Counts(Output):
    create: int
    update: int
    delete: int
    unchanged: int


class PlanRead(Output):
    """All changes, in the order in which they are made. Pass `fingerprint` to apply exactly this or nothing."""

    applied: bool
    fingerprint: str
    counts: Counts
    changes: list[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing of a document: its fields as a document writes them, complete with all defaults."""

    name: str
    fields: Mapping[str, Any]
    line: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()


# --- things as documents write them ----------------------------------------------------------------------------------
# Complete with all defaults, so that two of them can be compared. A document names day groups and routines, their own
# modules know ids: while a document is checked, an id made of the name stands in for one that may not exist yet.

_NAMES: Final = UUID("5b0f6c1e-6a34-4f0e-9d8a-3b7f1f0a9c55")


def pool_fields(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return PoolCreate.model_validate(raw).model_dump(mode="json")


def pool_form(pool: PoolRead) -> Mapping[str, Any]:
    return pool_fields(_fields_of(PoolCreate, pool))


def calendar_fields(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return calendar_form(CalendarCreate.model_validate(raw))


def calendar_form(write: CalendarCreate) -> Mapping[str, Any]:
    return _ordered(write.model_dump(mode="json"))


def day_group_fields(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return _ordered(DayGroupWrite.model_validate(raw).model_dump(mode="json"))


def day_group_form(group: DayGroupRead) -> Mapping[str, Any]:
    return day_group_fields(group.model_dump(mode="json", include=set(DayGroupWrite.model_fields)))


class _Edge(Input):
    """A dependency as a document writes it; the upstream's name alone stands for the defaults."""

    routine: RoutineName
    day_offset: int = 0
    on_failure: str = "wait"
    on_skip: str = "skip"

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        return {"routine": given} if isinstance(given, str) else given


class _Names(BaseModel):
    """The part of a routine that a document writes with names, where the API has ids."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    day_group: Title | None = None
    depends_on: tuple[_Edge, ...] = ()
    day_group_id: None = None


def routine_fields(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """A routine's fields, complete. Raises `ValidationError` with the places of the document's own fields."""
    names = _Names.model_validate(raw)
    upstreams = {edge.routine for edge in names.depends_on} | _named_by(raw.get("trigger"))
    ids = {name: uuid5(_NAMES, name) for name in upstreams}
    groups = {names.day_group: uuid5(_NAMES, names.day_group)} if names.day_group else {}
    fields = dict(raw) | {"day_group": names.day_group, "depends_on": [edge.model_dump() for edge in names.depends_on]}
    write = routine_write(fields, routines=ids, day_groups=groups)
    return _routine_form(write, routines={value: key for key, value in ids.items()}, day_group=names.day_group)


def routine_form(read: RoutineRead, names: Mapping[UUID, str]) -> Mapping[str, Any]:
    """A routine of the database. `names` of all routines, by id."""
    fields = _fields_of(RoutineWrite, read) | {"day_group_id": read.day_group.id if read.day_group else None}
    edges = [edge.model_dump(include=set(Dependency.model_fields)) for edge in read.depends_on]
    write = RoutineWrite.model_validate(fields | {"depends_on": edges})
    return _routine_form(write, routines=names, day_group=read.day_group.name if read.day_group else None)


def routine_write(
    fields: Mapping[str, Any], *, routines: Mapping[str, UUID], day_groups: Mapping[str, UUID]
) -> RoutineWrite:
    """A routine of a document as its module takes it. Raises `NameUnknown` and `ValidationError`."""
    values = dict(fields)
    group = values.pop("day_group", None)
    edges = [dict(edge) for edge in values.pop("depends_on", ())]
    for edge in edges:
        edge["routine_id"] = _known("routine", edge.pop("routine"), routines)
    for name in _named_by(values.get("trigger")):
        values["trigger"] = dict(values["trigger"]) | {"routine": str(_known("routine", name, routines))}
    group_id = None if group is None else _known("day group", group, day_groups)
    return RoutineWrite.model_validate(values | {"day_group_id": group_id, "depends_on": edges})


def _named_by(trigger: Any) -> set[str]:
    """The routine on whose executions a trigger waits, if it does."""
    if isinstance(trigger, Mapping) and trigger.get("on") == "execution" and isinstance(trigger.get("routine"), str):
        return {trigger["routine"]}
    return set()


def _known(kind: str, name: str, ids: Mapping[str, UUID]) -> UUID:
    if name not in ids:
        raise NameUnknown(kind, name)
    return ids[name]


def _routine_form(write: RoutineWrite, *, routines: Mapping[UUID, str], day_group: str | None) -> Mapping[str, Any]:
    fields = write.model_dump(mode="json", exclude={"day_group_id", "depends_on"})
    edges = [
        {"routine": routines.get(edge.routine_id, str(edge.routine_id)), **edge.model_dump(exclude={"routine_id"})}
        for edge in write.depends_on
    ]
    trigger = fields["trigger"]
    if _named_by(trigger):
        fields["trigger"] = {**trigger, "routine": routines.get(UUID(trigger["routine"]), trigger["routine"])}
    ordered = {name: fields[name] for name in RoutineWrite.model_fields if name in fields}
    return ordered | {"day_group": day_group, "depends_on": sorted(edges, key=lambda edge: str(edge["routine"]))}


def _fields_of(write: type[BaseModel], read: BaseModel) -> dict[str, Any]:
    return read.model_dump(mode="json", include=set(write.model_fields))


def _ordered(value: dict[str, Any]) -> dict[str, Any]:
    """Sets come out of `model_dump` in any order."""
    return {key: _sorted_inside(item) for key, item in value.items()}


def _sorted_inside(value: Any) -> Any:
    if isinstance(value, dict):
        return _ordered(value)
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return sorted(value)
    return [_sorted_inside(item) for item in value] if isinstance(value, list) else value


# --- and as a person would write them --------------------------------------------------------------------------------

_POOL: Final = pool_fields({"name": "x", "slots": 0})
_DAY_GROUP: Final = day_group_fields({"name": "x", "calendar_code": "X"})
_ROUTINE: Final = routine_fields({"name": "xx", "title": "x", "job": "x", "trigger": {"type": "manual"}})
_EDGE: Final = _Edge(routine="xx").model_dump(exclude={"routine"})


def short_calendar(fields: Mapping[str, Any]) -> dict[str, Any]:
    return dict(fields)


def short_pool(fields: Mapping[str, Any]) -> dict[str, Any]:
    return _short(fields, _POOL, always=("name", "slots"))


def short_day_group(fields: Mapping[str, Any]) -> dict[str, Any]:
    rule = {key: value for key, value in fields["rule"].items() if value != _DAY_GROUP["rule"].get(key)}
    return _short({**fields, "rule": rule}, {**_DAY_GROUP, "rule": {}}, always=("name", "calendar_code"))


def short_routine(fields: Mapping[str, Any]) -> dict[str, Any]:
    edges = [
        edge["routine"] if {**edge, **_EDGE} == edge else _short(edge, _EDGE, always=("routine",))
        for edge in fields["depends_on"]
    ]
    return _short({**fields, "depends_on": edges}, _ROUTINE, always=("name", "title", "job", "trigger"))


def _short(fields: Mapping[str, Any], defaults: Mapping[str, Any], *, always: tuple[str, ...]) -> dict[str, Any]:
    first = {name: fields[name] for name in always}
    return first | {name: value for name, value in fields.items() if name in first or value != defaults[name]}
