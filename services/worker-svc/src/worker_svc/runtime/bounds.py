"""What a job says, cut to a size that can travel; what was cut says so."""

import json
from typing import Any, Final

MAX_MESSAGE: Final = 19_900  # and a note that the rest was cut
MAX_FIELDS_BYTES: Final = 16_000


def bounded_text(text: str) -> str:
    """A message of bounded size that says so."""
    return (
        text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]} … [cut: the message has {len(text):,} characters]"
    )


def bounded_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as plain JSON of bounded size."""
    text = json.dumps(fields, default=str, ensure_ascii=False).encode("utf-8", "replace").decode()
    if len(text) > MAX_FIELDS_BYTES:
        return {"truncated": True, "size_bytes": len(text)}
    plain: dict[str, Any] = json.loads(text)
    return plain
