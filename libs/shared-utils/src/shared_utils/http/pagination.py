"""Keyset pagination: an opaque cursor that holds the last row's sort key."""

import base64
import binascii
import json
from typing import Annotated, Any, Final

from fastapi import Query

from shared_schemas.envelope import CursorMeta
from shared_utils.errors import Invalid

MAX_LIMIT: Final = 200
_MAX_CURSOR_LENGTH: Final = 2000

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows per page.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=_MAX_CURSOR_LENGTH, description="`meta.next_cursor` of the page before; empty for the first page."
    ),
]


class InvalidCursor(Invalid):
    """The cursor is not one that this list gave out: start again without it."""

    code = "INVALID_CURSOR"


def encode_cursor(key: dict[str, Any]) -> str:
    """An opaque cursor for a sort key of JSON values."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> dict[str, Any]:
    """The sort key in a cursor. The caller validates the values: a client can write what it likes."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidCursor from error
    if not isinstance(key, dict):
        raise InvalidCursor
    return key


def cursor_meta(*, limit: int, next_key: dict[str, Any] | None) -> CursorMeta:
    """`meta` of a page; `next_key` is the sort key of its last row when there are more, else nothing."""
    return CursorMeta(
        limit=limit,
        has_more=next_key is not None,
        next_cursor=encode_cursor(next_key) if next_key is not None else None,
    )
