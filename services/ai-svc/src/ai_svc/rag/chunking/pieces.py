"""A parsed text cut into pieces. Every piece is exactly `text[start:end]`, so that a citation can be checked."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

from ai_svc.rag.chunking.sections import Section, joined, sections
from ai_svc.rag.chunking.semantic import groups
from ai_svc.rag.parsing.parsed import ParsedText

if TYPE_CHECKING:
    from semantic_text_splitter import MarkdownSplitter, TextSplitter

type Mode = Literal["heading", "fixed", "semantic"]

DEFAULT_MAX_CHARS: Final = 1_400
"""About 350 to 450 tokens of Portuguese for the tokenizers of today's multilingual models."""
OFFLINE_MAX_CHARS: Final = 700
"""What the offline embedder sees whole: its 256 tokens are about 760 characters of Portuguese."""
OVERLAP: Final = 0.12
"""Of `max_chars`: what a piece repeats of the one before it, at the most."""
MIN_MAX_CHARS: Final = 100
MAX_HEADING_CHARS: Final = 300
# Text without any blank (a key, encoded data) is cut by us: the splitter's time grows with the square of its length.
_LONG_RUN: Final = re.compile(r"(?<!\S)\S{4000,}")
# The splitter does not let other threads run: it gets no more than this at a time.
_BLOCK_CHARS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """`text == parsed.text[start:end]`; `heading` is the path of headings that it stands under, joined by " > "."""

    text: str
    start: int
    end: int
    heading: str
    page: int | None


def chunk(
    parsed: ParsedText,
    *,
    mode: Mode = "heading",
    max_chars: int = DEFAULT_MAX_CHARS,
    overlap: int | None = None,
    vectors: Sequence[Sequence[float]] | None = None,
) -> list[Piece]:
    """Pieces of at most `max_chars` characters, in the order of the text; nothing but blanks is left out.

    `heading` keeps to sections and cuts long ones at paragraphs, lines, sentences, words, in this order; `fixed` does
    not look at headings; `semantic` cuts a section where neighbouring sentences have least in common, by their words
    or by `vectors`, one for each of `sentences(parsed)`. `overlap` is in characters, by default 12 % of `max_chars`.
    Takes about 0.1 s for a million characters, Markdown half a second: use a thread.
    """
    if max_chars < MIN_MAX_CHARS:
        raise ValueError(f"max_chars is at least {MIN_MAX_CHARS}")
    overlap = int(OVERLAP * max_chars) if overlap is None else overlap
    if not 0 <= overlap <= max_chars // 2:
        raise ValueError("overlap is at most half of max_chars")
    parts = sections(parsed)
    if mode == "fixed":
        spans = [
            (start, end, _section_at(parts, start))
            for start, end in _split(parsed, 0, len(parsed.text), max_chars, overlap)
        ]
    else:
        merged = joined(parts, small=max_chars // 8, limit=max_chars)
        cut = groups(parsed.text, vectors) if mode == "semantic" else None
        spans = [
            (start, end, section)
            for section in merged
            for start, end in (
                cut.cut(section.start, section.end, max_chars=max_chars, overlap=overlap)
                if cut is not None
                else _split(parsed, section.start, section.end, max_chars, overlap)
            )
        ]
    page_starts = [page.offset for page in parsed.pages]
    return [
        Piece(parsed.text[start:end], start, end, _path(section), _page(parsed, page_starts, start))
        for start, end, section in ((*_trimmed(parsed.text, start, end), section) for start, end, section in spans)
        if start < end
    ]


def _split(parsed: ParsedText, start: int, end: int, max_chars: int, overlap: int) -> Iterator[tuple[int, int]]:
    splitting: Any = import_module("semantic_text_splitter")  # with the first document that is cut: it is 2 MB
    splitter: type[MarkdownSplitter | TextSplitter] = (
        splitting.MarkdownSplitter if parsed.media_type == "text/markdown" else splitting.TextSplitter
    )
    at = start
    for run in _LONG_RUN.finditer(parsed.text, start, end):
        yield from _pieces(splitter, parsed.text, at, run.start(), max_chars, overlap)
        yield from ((cut, min(cut + max_chars, run.end())) for cut in range(run.start(), run.end(), max_chars))
        at = run.end()
    yield from _pieces(splitter, parsed.text, at, end, max_chars, overlap)


def _pieces(
    splitter: "type[MarkdownSplitter | TextSplitter]", text: str, start: int, end: int, max_chars: int, overlap: int
) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = end if end - start <= _BLOCK_CHARS else _place_to_cut(text, start, start + _BLOCK_CHARS)
        for offset, piece in splitter(max_chars, overlap).chunk_indices(text[start:stop]):
            yield start + offset, start + offset + len(piece)
        start = stop


def _place_to_cut(text: str, start: int, stop: int) -> int:
    """Behind the last paragraph, line or word before `stop`."""
    middle = (start + stop) // 2
    places = (text.rfind(mark, middle, stop) + len(mark) for mark in ("\n\n", "\n", " ") if mark in text[middle:stop])
    return next(places, stop)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its ends; the splitter and Python do not agree on every kind of blank."""
    inner = text[start:end].lstrip()
    begin = end - len(inner)
    return begin, begin + len(inner.rstrip())


def _section_at(parts: Sequence[Section], offset: int) -> Section:
    return parts[max(0, bisect_right(parts, offset, key=lambda section: section.start) - 1)]


def _path(section: Section) -> str:
    path = " > ".join(section.path)
    return path if len(path) <= MAX_HEADING_CHARS else "… " + path[-(MAX_HEADING_CHARS - 2) :]


def _page(parsed: ParsedText, page_starts: Sequence[int], offset: int) -> int | None:
    index = bisect_right(page_starts, offset) - 1
    return parsed.pages[index].number if index >= 0 else None
