"""What every source yields."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """A document as its source has it. `content` is None in listings, where it is fetched only when it is needed."""

    key: str
    """What the document is called in its source, for ever; unique in it."""
    title: str
    name: str
    """A file name, from which the format may be told."""
    media_type: str | None
    """As the source calls it: a hint."""
    uri: str | None
    """Where a person finds it."""
    content: bytes | Path | None
    etag: str | None = None
    """Changes when the content does."""
    last_modified: str | None = None
    size_bytes: int | None = None
