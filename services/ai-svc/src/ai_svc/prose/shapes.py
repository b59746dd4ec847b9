"""JSON schemas that come from outside: checked before they are used, and answers checked against them."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

MAX_CHARS: Final = 20_000
# Patterns may take for ever on the right text; references outside of the schema would be fetched.
_REFUSED: Final = frozenset({"pattern", "patternProperties", "$dynamicRef", "$recursiveRef", "$id"})


def problem_of(schema: dict[str, Any]) -> str | None:
    """Why a schema cannot be used; None when it can."""
    if len(json.dumps(schema)) > MAX_CHARS:
        return f"the schema has more than {MAX_CHARS} characters"
    for key, value in _entries(schema):
        if key in _REFUSED:
            return f"schemas may not use `{key}`"
        if key == "$ref" and not (isinstance(value, str) and value.startswith("#")):
            return "a `$ref` may only point into the schema itself"
    checking = _checking()
    try:
        checking.Draft202012Validator.check_schema(schema)
    except checking.SchemaError as error:
        return f"it is no JSON schema (2020-12): {error.message[:200]}"
    return None


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether `value` satisfies a schema that has no problem."""
    registry = import_module("referencing").Registry()
    return bool(_checking().Draft202012Validator(schema, registry=registry).is_valid(value))


def _checking() -> Any:
    """Comes with the first schema: it is 4 MB with what it brings along, and most text jobs have no schema."""
    return import_module("jsonschema")


def _entries(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from _entries(value)
    elif isinstance(node, list):
        for value in node:
            yield from _entries(value)
