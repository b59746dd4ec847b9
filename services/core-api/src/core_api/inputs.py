"""The base of request bodies: unknown fields are refused, and so is text that PostgreSQL cannot hold."""

import json
import math
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

MAX_DEPTH = 32
MAX_REPORT_DEPTH = 64
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _check_text(value: str) -> None:
    if "\x00" in value:
        raise ValueError("text must not contain the character U+0000")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text must be valid Unicode, without lone surrogates") from error


def storable(value: Any, depth: int = 0) -> Any:
    """Refuse what neither `text` nor `jsonb` can store: NUL characters, lone surrogates, NaN, bottomless nesting."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nesting deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("numbers must be finite")
    elif isinstance(value, dict):
        for key, item in value.items():
            storable(key, depth + 1)
            storable(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            storable(item, depth + 1)
    return value


def _clean(value: Any) -> Any:
    return storable(value)


def replaced(value: Any, depth: int = 0) -> Any:
    """A JSON value in which whatever `storable` would refuse is replaced.

    For reports of workers: refused, they would come back for ever.
    """
    if depth > MAX_REPORT_DEPTH:
        return _REPLACEMENT
    if isinstance(value, str):
        return value.replace("\x00", _REPLACEMENT)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {replaced(key, depth + 1): replaced(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(item, depth + 1) for item in value]
    return value


def storable_json(value: Any) -> str:
    """`value` as JSON that PostgreSQL can store, with what it cannot hold replaced; nearly always there is nothing."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # not a number, or infinite
        return json.dumps(replaced(value), ensure_ascii=False)
    return json.dumps(replaced(value), ensure_ascii=False) if "\\u0000" in text else text


class Input(BaseModel):
    """Base of request bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


StorableText = Annotated[str, AfterValidator(_clean)]
JsonObject = Annotated[dict[str, Any], BeforeValidator(_clean)]

Title = Annotated[StorableText, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[StorableText, StringConstraints(max_length=5000)]
Note = Annotated[StorableText, StringConstraints(min_length=3, max_length=500)]
