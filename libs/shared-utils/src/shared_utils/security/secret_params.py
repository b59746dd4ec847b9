"""Which of a job's params are secret: masked for whoever reads them, kept when a mask is written back.

A value is secret when the job's JSON schema marks its place (`writeOnly: true` or `format: password`, at any depth) or
when it stands under a name that looks secret. The second holds without a schema, too: for jobs that nobody announced,
and for what a schema does not describe, such as the headers of a request. Null and empty text are no secrets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Final
from urllib.parse import unquote

from shared_utils.logging import is_secret_name

MASK: Final = "***"

_PLAIN: Final = (str, int, float, NoneType)

type Schema = Mapping[str, Any]
type Place = tuple[str | int, ...]
"""The way to a value: names of properties and numbers of items."""

type _Nodes = tuple[Schema, ...]
"""All schemas that hold for one value."""


def marks_secrets(schema: Any) -> bool:
    """Whether anything in a schema is marked. Of one without marks names alone decide, which is quicker without it."""
    if isinstance(schema, Mapping):
        return _marks(schema) or any(map(marks_secrets, schema.values()))
    return any(map(marks_secrets, _listed(schema)))


def masked(schema: Schema | None, params: Any) -> Any:
    """A copy of `params` with `MASK` in place of each secret value."""
    walk = _Walk(schema)
    return walk.masked(params, walk.start)


def restored(schema: Schema | None, written: Any, *, stored: Any) -> tuple[Any, list[Place]]:
    """What is meant by `written`: each `MASK` at a secret place is the value that is stored at that place.

    Also the places whose mask stands for nothing. An item of a list is found again by what else is in it, so that no
    item gets the secret of another when some are left out or their order is another.
    """
    if not _has_mask(written):
        return written, []
    walk, lost = _Walk(schema), list[Place]()
    return walk.restored(written, stored, walk.start, (), lost), lost


def secret_values(schema: Schema | None, params: Any) -> dict[Place, Any]:
    """Every secret value of `params` by its place."""
    walk = _Walk(schema)
    return dict(walk.secrets(params, walk.start, ()))


def value_at(params: Any, place: Place) -> Any:
    """What is at a place, or nothing."""
    for step in place:
        known = params if isinstance(params, Mapping) else dict(enumerate(params)) if isinstance(params, list) else {}
        params = known.get(step)
    return params


def secret_texts(schema: Schema | None, params: Any) -> Iterator[str]:
    """The secret values of `params` as text: what no message and no log may hold."""
    for value in secret_values(schema, params).values():
        yield from _texts(value)


class _Walk:
    """The way through a value and, beside it, through all schemas that hold for each of its parts."""

    def __init__(self, schema: Schema | None) -> None:
        self._root = schema or {}
        self.start = self._closed([schema]) if schema else ()

    def masked(self, value: Any, nodes: _Nodes, name: str | int | None = None) -> Any:
        if _is_secret(value, nodes, name):
            return MASK
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, Mapping):
            return {key: self.masked(item, self._below(nodes, key), key) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked(item, self._below(nodes, at), at) for at, item in enumerate(value)]
        return value

    def secrets(self, value: Any, nodes: _Nodes, place: Place) -> Iterator[tuple[Place, Any]]:
        if _is_secret(value, nodes, place[-1] if place else None):
            yield place, value
        elif isinstance(value, Mapping | list | tuple):
            for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
                yield from self.secrets(item, self._below(nodes, key), (*place, key))

    def restored(self, written: Any, stored: Any, nodes: _Nodes, place: Place, lost: list[Place]) -> Any:
        if written == MASK and _is_secret(written, nodes, place[-1] if place else None):
            if stored is None or stored == "":
                lost.append(place)
                return written
            return stored
        if isinstance(written, Mapping):
            known = stored if isinstance(stored, Mapping) else {}
            return {
                key: self.restored(item, known.get(key), self._below(nodes, key), (*place, key), lost)
                for key, item in written.items()
            }
        if isinstance(written, list):
            partners = self._partners(written, stored if isinstance(stored, list) else [], nodes)
            return [
                self.restored(item, partner, self._below(nodes, at), (*place, at), lost)
                for at, (item, partner) in enumerate(zip(written, partners, strict=True))
            ]
        return written

    def _partners(self, written: Sequence[Any], stored: Sequence[Any], nodes: _Nodes) -> list[Any]:
        """For each written item the stored one that it was read from, or nothing where that is not certain."""
        shown = [self.masked(item, self._below(nodes, at), at) for at, item in enumerate(stored)]
        in_place = len(written) == len(stored)
        found: list[int | None] = []
        for at, item in enumerate(written):
            same = [number for number, one in enumerate(shown) if one == item]
            certain = bool(same) and all(stored[one] == stored[same[0]] for one in same)
            found.append(at if in_place and at in same else same[0] if certain else None)
        free = set(range(len(stored))) - {one for one in found if one is not None}
        chosen = [at if one is None and in_place and at in free else one for at, one in enumerate(found)]
        return [None if one is None else stored[one] for one in chosen]

    def _below(self, nodes: _Nodes, key: str | int) -> _Nodes:
        if not nodes:
            return ()
        step = _property if isinstance(key, str) else _item
        return self._closed(one for node in nodes for one in ((node,) if _marks(node) else step(node, key)))

    def _closed(self, nodes: Iterable[Any]) -> _Nodes:
        """These schemas with all that they refer to and all their alternatives, each once."""
        found: dict[int, Schema] = {}
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping) and id(node) not in found:
                found[id(node)] = node
                waiting += self._others(node)
        return tuple(found.values())

    def _others(self, node: Schema) -> Iterator[Any]:
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            yield self._target(reference)
        for word in ("allOf", "anyOf", "oneOf"):
            yield from _listed(node.get(word))
        yield from (node.get("then"), node.get("else"))
        yield from _named(node.get("dependentSchemas")).values()

    def _target(self, reference: str) -> Any:
        """The schema that a JSON pointer (RFC 6901) names."""
        target: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            target = _named(target).get(unquote(step).replace("~1", "/").replace("~0", "~"))
        return target


def _is_secret(value: Any, nodes: _Nodes, name: str | int | None) -> bool:
    if (
        name is None or value is None or value == ""
    ):  # params as a whole are an object, with a mask for each of its parts
        return False
    if nodes and any(map(_marks, nodes)):
        return True
    return isinstance(name, str) and not isinstance(value, bool) and is_secret_name(name)


def _marks(node: Schema) -> bool:
    return node.get("writeOnly") is True or node.get("format") == "password"


def _property(node: Schema, name: Any) -> Iterator[Any]:
    properties = _named(node.get("properties"))
    if name in properties:
        yield properties[name]
    else:  # whichever pattern fits: one mask too many is better than one too few
        yield node.get("additionalProperties")
        yield from _named(node.get("patternProperties")).values()


def _item(node: Schema, at: Any) -> Iterator[Any]:
    first = _listed(node.get("prefixItems"))
    yield first[at] if at < len(first) else node.get("items")


def _named(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _has_mask(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_mask(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_has_mask(item) for item in value)
    return bool(value == MASK)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
