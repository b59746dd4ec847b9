"""YAML that people keep in git, read with the line of everything, and written so that any reader understands it.

The core schema of YAML 1.2.2 (section 10.3), whatever the parser's own idea of scalars is: `20:45` is text and not a
number of minutes, `on` is text and not a truth value. Aliases, tags and repeated keys are refused: nothing in a
document of definitions needs them, and a few hundred bytes of nested aliases would fill the memory.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from core_api.inputs import MAX_DEPTH

MAX_BYTES: Final = 1_000_000
MAX_PROBLEMS: Final = 50

_PLAIN: Final[tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...]] = (
    (re.compile(r"(?:null|Null|NULL|~)?"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)
_OWN_TAGS: Final = frozenset({f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str")} | {None, ""})

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a document, and where: `line` counts from 1, `field` is a dotted path."""

    line: int | None
    field: str | None
    message: str
    type: str


class UnreadableYaml(Exception):
    """The text is not a document that this reader accepts."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


@dataclass(slots=True)
class Document:
    """A document's value and the line on which each of its parts begins."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Sequence[str | int]) -> int | None:
        """The line of a part; of a part that is missing, the line of what should hold it."""
        for end in range(len(path), -1, -1):
            line = self.lines.get(tuple(path[:end]))
            if line is not None:
                return line
        return None


def read(text: str) -> Document:
    """A document of one YAML stream. Raises `UnreadableYaml`."""
    if len(text.encode()) > MAX_BYTES:
        raise UnreadableYaml(Problem(None, None, f"the document is larger than {MAX_BYTES:,} bytes", "too_large"))
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise UnreadableYaml(Problem(mark.line + 1 if mark else None, None, message, "yaml")) from error
    except yaml.YAMLError as error:
        raise UnreadableYaml(Problem(None, None, str(error).splitlines()[0], "yaml")) from error
    document = Document(None)
    if node is not None:
        document.value = _value(node, (), document.lines)
    return document


def write(value: Any) -> str:
    """A value of JSON types as YAML, keys in their order, text quoted wherever a reader of YAML 1.1 might err."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def dotted(path: Sequence[str | int]) -> str:
    """`routines[3].trigger.times[0]`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _refuse_aliases(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise UnreadableYaml(Problem(line, None, "anchors and aliases are not accepted: write it out", "yaml"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise UnreadableYaml(Problem(line, None, f"nesting deeper than {MAX_DEPTH} levels", "yaml"))


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    line = lines[path] = node.start_mark.line + 1
    if node.tag not in _OWN_TAGS:
        raise UnreadableYaml(Problem(line, dotted(path), f"the tag {node.tag} is not accepted", "yaml"))
    if isinstance(node, yaml.MappingNode):
        return dict(_items(node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    return _scalar(str(node.value), plain=not getattr(node, "style", None))


def _items(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise UnreadableYaml(Problem(key.start_mark.line + 1, dotted(path), "a key must be text", "yaml"))
        if key.value in seen:
            here = dotted((*path, key.value))
            raise UnreadableYaml(Problem(key.start_mark.line + 1, here, f"{key.value} stands twice here", "repeated"))
        seen.add(key.value)
        value = _value(item, (*path, key.value), lines)
        # A reader looks for the key, not for the block that follows it a line below.
        lines[(*path, key.value)] = key.start_mark.line + 1
        yield key.value, value


def _scalar(text: str, *, plain: bool) -> Any:
    if plain:
        for pattern, convert in _PLAIN:
            if pattern.fullmatch(text):
                return convert(text)
    return text


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key and writes text of several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
