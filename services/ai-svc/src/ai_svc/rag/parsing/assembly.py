"""Blocks of text put together into one clean text, with the offsets of what they belong to."""

from typing import Final

from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.language import language_of
from ai_svc.rag.parsing.parsed import Heading, Page, ParsedText
from ai_svc.rag.parsing.refusal import Refusal

MAX_TITLE_CHARS: Final = 200


class Assembly:
    """Takes the blocks of one document in their order. Offsets are right because nothing is changed afterwards."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._parts: list[str] = []
        self._size = 0
        self._headings: list[Heading] = []
        self._pages: list[Page] = []
        self.warnings: list[str] = []

    @property
    def empty(self) -> bool:
        """Whether there is no text yet."""
        return not self._parts

    def page(self, number: int) -> None:
        """What follows is on page `number`."""
        self._pages.append(Page(number, self._next()))

    def heading(self, level: int, title: str) -> None:
        """A heading with its own line."""
        line = " ".join(clean(title).split())
        if line:
            self._headings.append(Heading(min(max(level, 1), 6), line[:MAX_TITLE_CHARS], self._next()))
            self._append(line)

    def heading_inside(self, level: int, title: str, at: int) -> None:
        """A heading whose line is part of the block that comes next, `at` characters into it."""
        self._headings.append(Heading(min(max(level, 1), 6), title[:MAX_TITLE_CHARS], self._next() + at))

    def block(self, text: str) -> None:
        """A paragraph, a list item, a table's row: text that stands by itself."""
        cleaned = clean(text)
        if cleaned.strip():
            self._append(cleaned)

    def cleaned_block(self, text: str) -> None:
        """A block that is clean already, such as a whole page."""
        if text.strip():
            self._append(text)

    def parsed(self, media_type: str, title: str | None) -> ParsedText:
        """All of it. Raises `Refusal` when there is no text."""
        if self.empty:
            raise Refusal("DOCUMENT_HAS_NO_TEXT", "There is no text in the document.")
        text = "\n\n".join(self._parts)
        named = " ".join(clean(title).split())[:MAX_TITLE_CHARS] if title else ""
        headings = tuple(sorted(self._headings, key=lambda heading: heading.offset))
        pages = tuple(page for page in self._pages if page.offset < len(text))
        return ParsedText(text, media_type, named or None, headings, pages, language_of(text), tuple(self.warnings))

    def _next(self) -> int:
        return self._size + 2 if self._parts else 0

    def _append(self, text: str) -> None:
        self._size = self._next() + len(text)
        if self._size > self._bounds.text_chars:
            raise Refusal(
                "DOCUMENT_TOO_LARGE",
                f"The document has more than {self._bounds.text_chars:,} characters of text: split it.",
            )
        self._parts.append(text)
