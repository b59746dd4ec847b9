"""The wire contract is snapshotted: what services of another release may rely on cannot change by accident.

After an addition that is compatible, write the snapshots anew with `UPDATE_SNAPSHOTS=1`; a breaking change is refused even then,
and needs a new `version` of the event, or a new address for a protocol message.
"""

import importlib
import json
import os
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import shared_schemas.events
from shared_schemas import auth, envelope, jobs
from shared_schemas.events.envelope import EventEnvelope, EventPayload, event_stream

SNAPSHOTS = Path(__file__).parent / "snapshots"
# What describes, but does not change which documents are valid.
ANNOTATIONS = frozenset({"title", "description", "examples", "default", "$defs"})


def event_classes() -> list[type[EventPayload]]:
    for module in pkgutil.iter_modules(shared_schemas.events.__path__, "shared_schemas.events."):
        importlib.import_module(module.name)
    found: list[type[EventPayload]] = []
    waiting = [EventPayload]
    while waiting:
        current = waiting.pop()
        waiting += current.__subclasses__()
        if "event_type" in current.__dict__ and current.__module__.startswith("shared_schemas."):
            found.append(current)
    return sorted(found, key=lambda one: one.event_type)


def contracts() -> dict[str, type[BaseModel]]:
    """Every model that travels, under the name of its snapshot."""
    named: dict[str, type[BaseModel]] = {f"event.{one.event_type}.v{one.version}": one for one in event_classes()}
    named["event-envelope"] = EventEnvelope[EventPayload]
    for module in (jobs, envelope, auth):
        for name, value in vars(module).items():
            is_ours = isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module.__name__
            if is_ours and value is not jobs.Contract:
                named[f"{module.__name__.rsplit('.', 1)[1]}.{name}"] = value
    return named


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return json.loads(json.dumps(model.model_json_schema(mode="serialization")))


def breaking_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Why a reader or a writer that knows the old schema would fail on the new one."""
    return list(_differences(old, new, old.get("$defs", {}), new.get("$defs", {}), at=""))


def _differences(old: Any, new: Any, old_defs: dict[str, Any], new_defs: dict[str, Any], *, at: str) -> list[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{at or 'root'}: was {old!r}, is {new!r}"]
    found: list[str] = []
    for name, property_ in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            found.append(f"{at}.{name}: removed")
        else:
            found += _differences(property_, new["properties"][name], old_defs, new_defs, at=f"{at}.{name}")
    found += [f"{at}.{name}: is now required" for name in set(new.get("required", [])) - set(old.get("required", []))]
    found += [
        f"{at}.{name}: is no longer always there"
        for name in set(old.get("required", [])) - set(new.get("required", []))
    ]
    for keyword in (set(old) | set(new)) - ANNOTATIONS - {"properties", "required"}:
        found += _keyword(keyword, old.get(keyword), new.get(keyword), old_defs, new_defs, at=at)
    return found


def _keyword(
    keyword: str, old: Any, new: Any, old_defs: dict[str, Any], new_defs: dict[str, Any], *, at: str
) -> list[str]:
    place = f"{at}[{keyword}]"
    if keyword in {"anyOf", "oneOf", "allOf", "prefixItems"} and isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return [f"{place}: was {len(old)} alternatives, is {len(new)}"]
        pairs = zip(old, new, strict=True)
        return [text for one, other in pairs for text in _differences(one, other, old_defs, new_defs, at=place)]
    if isinstance(old, dict) and isinstance(new, dict):
        return _differences(old, new, old_defs, new_defs, at=place)
    if keyword == "enum" and old and new:
        return [f"{place}: {value!r} removed" for value in old if value not in new]
    return [] if old == new else [f"{place}: was {old!r}, is {new!r}"]


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, dict) and "$ref" in schema:
        return definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


@pytest.mark.parametrize("name", sorted(contracts()))
def test_the_contract_is_the_snapshot(name):
    schema = schema_of(contracts()[name])
    path = SNAPSHOTS / f"{name}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    if known is not None:
        broken = breaking_changes(known, schema)
        assert not broken, f"{name} breaks what other releases rely on: {broken}. Give it a new version instead."
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    elif known != schema:
        pytest.fail(f"{name} has grown: run this test with UPDATE_SNAPSHOTS=1 and commit {path.name}")


def test_no_contract_has_disappeared():
    """An event or message that nobody sends any more is still read by somebody of another release."""
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} <= set(contracts())


def test_events_are_named_and_told_apart():
    types = [one.event_type for one in event_classes()]
    assert len(types) == len(set(types))
    assert all(one.version >= 1 for one in event_classes())
    assert all(len(one.event_type.split(".")) == 2 for one in event_classes())
    assert event_stream("execution.queued") == "events:execution.queued"


def test_payloads_have_no_defaults():
    """A field of an event is always there, null if need be: a reader need not guess."""
    for one in event_classes():
        optional = [name for name, field in one.model_fields.items() if not field.is_required()]
        assert not optional, f"{one.__name__}: {optional}"


BEFORE = {
    "properties": {
        "a": {"type": "string", "maxLength": 10},
        "b": {"$ref": "#/$defs/Kind"},
        "c": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "d": {"type": "array", "items": {"$ref": "#/$defs/Inner"}},
    },
    "required": ["a", "b"],
    "$defs": {
        "Kind": {"enum": ["X", "Y"], "type": "string"},
        "Inner": {"properties": {"n": {"type": "integer"}}, "required": ["n"], "type": "object"},
    },
}


def changed(**paths: Any) -> dict[str, Any]:
    """A copy of BEFORE with values at dotted paths set; None removes."""
    copy = json.loads(json.dumps(BEFORE))
    for path, value in paths.items():
        *parents, last = path.split("__")
        target = copy
        for parent in parents:
            target = target["$defs" if parent == "defs" else parent]
        if value is None:
            del target[last]
        else:
            target[last] = value
    return copy


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        changed(properties__e={"type": "string"}),
        changed(title="New title", description="words"),
        changed(properties__a={"type": "string", "maxLength": 10, "description": "words"}),
        changed(defs__Kind__enum=["X", "Y", "Z"]),
        changed(defs__Inner__properties={"n": {"type": "integer"}, "m": {"type": "string"}}),
    ],
)
def test_compatible_changes_are_allowed(after):
    assert breaking_changes(BEFORE, after) == []


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (changed(properties__a=None, required=["b"]), "a: removed"),
        (changed(properties__a={"type": "integer"}), "type"),
        (changed(properties__a={"type": "string", "maxLength": 5}), "maxLength"),
        (changed(properties__a={"type": "string", "maxLength": 10, "pattern": "x"}), "pattern"),
        (changed(required=["a", "b", "c"]), "c: is now required"),
        (changed(required=["a"]), "b: is no longer always there"),
        (changed(defs__Kind__enum=["X"]), "'Y' removed"),
        (changed(properties__c={"anyOf": [{"type": "integer"}]}), "alternatives"),
        (changed(properties__c={"anyOf": [{"type": "string"}, {"type": "null"}]}), "type"),
        (changed(properties__c={"type": "integer"}), "anyOf"),
        (changed(defs__Inner__properties__n={"type": "string"}), "type"),
        (changed(defs__Inner__required=["n", "m"]), "m: is now required"),
        (changed(properties__d={"type": "array", "items": {"type": "string"}}), "d"),
    ],
)
def test_breaking_changes_are_refused(after, why):
    assert any(why in reason for reason in breaking_changes(BEFORE, after))
