"""Prompts with holes in them: `{{name}}` is replaced by a declared variable's value, once, and nothing else happens.

There are no conditions, loops, filters or attribute look-ups: what stands between the braces is a name or the template
is refused. Values are data. They are never searched for variables, and text that nobody vouches for goes between
fences that it cannot forge.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ai_svc.brain.exceptions import PromptInvalid, PromptVariables

MAX_BODY: Final = 65_536
MAX_LINES: Final = 2_000
MAX_TEXT: Final = 20_000
MAX_FENCED: Final = 4_000_000
"""Characters of one value: what fits into a model's window is the caller's to know."""
USER_MARK: Final = "--- user ---"
"""A line of its own in a body: what is above goes into the system message, what is below into the user's."""

_HOLE: Final = re.compile(r"\{\{(?P<inside>.*?)(?P<end>\}\}|$)", re.MULTILINE)
_NAME: Final = re.compile(r"^[ ]?(?P<name>[a-z][a-z0-9_]{0,62})[ ]?$")
_MARK: Final = re.compile(r"^--- user ---[ \t]*\n?", re.MULTILINE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FENCE_DIGITS: Final = 20


class VariableType(StrEnum):
    """`text` is inserted as it is; `fenced` and `fenced_list` are for text that comes from documents or people."""

    TEXT = "text"
    INTEGER = "integer"
    FENCED = "fenced"
    FENCED_LIST = "fenced_list"


@dataclass(frozen=True, slots=True)
class Variable:
    """A hole's declaration. An optional variable that is left out becomes nothing."""

    name: str
    type: VariableType
    required: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One item of a `fenced_list`; its title stands inside the fence."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """A rendered body: the system's part, and the user's when the body has one."""

    system: str
    user: str | None


def check_template(body: str, variables: Sequence[Variable]) -> None:
    """Raises `PromptInvalid` unless every hole is a declared variable and every required variable has a hole."""
    if len(body) > MAX_BODY:
        raise PromptInvalid(f"The prompt has {len(body)} characters; at most {MAX_BODY} are accepted.")
    if body.count("\n") > MAX_LINES:
        raise PromptInvalid(f"The prompt has more than {MAX_LINES} lines.")
    if _CONTROL.search(body):
        raise PromptInvalid("The prompt contains control characters or broken Unicode; remove them.")
    if not body.strip():
        raise PromptInvalid("The prompt is empty; write its text.")
    if len(_MARK.findall(body)) > 1:
        raise PromptInvalid(f"The line `{USER_MARK}` may stand in a prompt once.")
    _check_variables(_holes(body), variables)


def render(body: str, variables: Sequence[Variable], values: Mapping[str, Any]) -> Parts:
    """The texts of a prompt. Raises `PromptVariables` when a value is missing, unknown or of another type.

    Equal values give equal texts. No error carries a value.
    """
    _check_names(variables, values)
    declared = {variable.name: variable for variable in variables}
    checked = {name: _checked(declared[name], value) for name, value in values.items() if value is not None}
    key = _fence_key([item for value in checked.values() if isinstance(value, tuple) for item in value])
    texts = dict.fromkeys(declared, "") | {
        name: _text(declared[name], value, key=key) for name, value in checked.items()
    }
    parts = [_filled(part, texts).strip() for part in _MARK.split(body, maxsplit=1)]
    return Parts(system=parts[0], user=parts[1] if len(parts) > 1 else None)


def fence(name: str, text: str, *, key: str) -> str:
    """`text` between two lines that hold a key which the text does not contain."""
    while key in text:
        key = hashlib.sha256(key.encode() + text.encode()).hexdigest()[:_FENCE_DIGITS]
    return f"<<<{name} {key}>>>\n{text}\n<<<FIM {name} {key}>>>"


def _holes(body: str) -> set[str]:
    names = set()
    for hole in _HOLE.finditer(body):
        name = _NAME.match(hole["inside"]) if hole["end"] else None
        if name is None:
            raise PromptInvalid(
                "After `{{` the prompt must name a variable (a-z, 0-9 and _) and close it with `}}` on the same line; "
                f"see line {body.count(chr(10), 0, hole.start()) + 1}."
            )
        names.add(name["name"])
    return names


def _check_variables(holes: set[str], variables: Sequence[Variable]) -> None:
    names = [variable.name for variable in variables]
    if len(set(names)) != len(names):
        raise PromptInvalid("A variable is declared twice.")
    if malformed := [name for name in names if not _NAME.match(name) or name != name.strip()]:
        raise PromptInvalid(f"{len(malformed)} variables have names that are not lower case letters, digits and _.")
    if unknown := sorted(holes - set(names)):
        raise PromptInvalid(f"The prompt uses variables that are not declared: {', '.join(unknown)}.")
    if unused := sorted({variable.name for variable in variables if variable.required} - holes):
        raise PromptInvalid(f"Required variables are declared but not used: {', '.join(unused)}.")


def _check_names(variables: Sequence[Variable], values: Mapping[str, Any]) -> None:
    if unknown := len(values.keys() - {variable.name for variable in variables}):
        known = ", ".join(sorted(variable.name for variable in variables)) or "none"
        raise PromptVariables(f"{unknown} variables are unknown to this prompt; it has: {known}.")
    missing = sorted(one.name for one in variables if one.required and values.get(one.name) is None)
    if missing:
        raise PromptVariables(f"Values are missing for: {', '.join(missing)}.")


def _checked(variable: Variable, value: Any) -> str | tuple[str, ...]:
    """The value as text, or as a tuple of texts to fence."""
    match variable.type:
        case VariableType.INTEGER:
            if isinstance(value, bool) or not isinstance(value, int):
                raise PromptVariables(f"`{variable.name}` must be a whole number.")
            return str(value)
        case VariableType.TEXT:
            return _storable(variable.name, value, most=MAX_TEXT)
        case VariableType.FENCED:
            return (_storable(variable.name, value, most=MAX_FENCED),)
        case VariableType.FENCED_LIST:
            if isinstance(value, str | bytes) or not isinstance(value, Sequence):
                raise PromptVariables(f"`{variable.name}` must be a list of texts.")
            return tuple(_item(variable.name, item) for item in value)


def _item(name: str, item: Any) -> str:
    if not isinstance(item, Passage):
        return _storable(name, item, most=MAX_FENCED)
    text = _storable(name, item.text, most=MAX_FENCED)
    title = " ".join(_storable(name, item.title, most=MAX_TEXT).split())
    return f"Título: {title}\n\n{text}" if title else text


def _storable(name: str, value: Any, *, most: int) -> str:
    if not isinstance(value, str):
        raise PromptVariables(f"`{name}` must be text.")
    if len(value) > most:
        raise PromptVariables(f"`{name}` has {len(value)} characters; at most {most} are accepted.")
    # What no document needs and a terminal or a tokenizer may stumble over.
    return _CONTROL.sub(" ", value)


def _text(variable: Variable, value: str | tuple[str, ...], *, key: str) -> str:
    if isinstance(value, str):
        return value
    if variable.type is VariableType.FENCED:
        return fence(variable.name.upper(), value[0], key=key)
    return "\n\n".join(fence(f"TRECHO {number}", item, key=key) for number, item in enumerate(value, start=1))


def _fence_key(texts: Sequence[str]) -> str:
    """A key of all texts that are fenced together: none of them can contain the digest of them all."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(len(data).to_bytes(8))
        digest.update(data)
    return digest.hexdigest()[:_FENCE_DIGITS]


def _filled(part: str, texts: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: texts[hole["inside"].strip()], part)
