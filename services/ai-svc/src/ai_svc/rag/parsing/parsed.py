"""What every parser makes of a file: one clean text, and where in it headings and pages begin."""

from dataclasses import dataclass
from typing import Literal

type Language = Literal["pt", "en", "und"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of `level` 1 to 6 whose line begins at `offset`, in characters of the text."""

    level: int
    title: str
    offset: int


@dataclass(frozen=True, slots=True)
class Page:
    """Page (or sheet) `number`, counted from 1, begins at `offset`, in characters of the text."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A document as clean text. Every offset, here and in chunks, counts characters of `text`."""

    text: str
    media_type: str
    """What the file really is, by content and name; not what somebody said."""
    title: str | None
    """What the document calls itself, if it does."""
    headings: tuple[Heading, ...]
    """In the order of their offsets."""
    pages: tuple[Page, ...]
    """In the order of their offsets; empty for formats without pages."""
    language: Language
    """`und` when the text is too short or is neither Portuguese nor English."""
    warnings: tuple[str, ...]
    """What was left out and why, for the person who added the document; without content."""
