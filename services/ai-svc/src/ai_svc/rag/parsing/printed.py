"""PDF: the text of each page in reading order as far as the file tells it, put right again."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.layout import with_accents, with_whole_lines, with_whole_words, without_running_heads
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal

# What pypdf raises on files that are not what they say, beside its own errors.
_BROKEN: Final = (
    *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError),
    *(OSError, ArithmeticError, NotImplementedError),
)
MAX_OUTLINE: Final = 2_000
MAX_OUTLINE_DEPTH: Final = 6
MAX_NAMED_PAGES: Final = 20
_BLANKS: Final = re.compile(r"\s+")

type Entry = tuple[int, str, int]


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """Pages with their numbers; headings where the file has an outline; running heads are left out."""
    reader = _opened(content)
    count = _count(reader)
    if count > bounds.pages:
        raise Refusal("DOCUMENT_TOO_LARGE", f"The document has {count:,} pages, more than {bounds.pages:,}: split it.")
    pages, unreadable = _texts(reader, count)
    if count and len(unreadable) == count:
        raise Refusal("DOCUMENT_BROKEN", "No page of the document can be read: open it and save it again.")
    assembly = Assembly(bounds)
    outline = list(_outline(reader)) if any(pages) else []
    for index, page in enumerate(_tidy(pages)):
        assembly.page(index + 1)
        for level, title, at in _places(page, [(level, title) for level, title, on in outline if on == index]):
            assembly.heading_inside(level, title, at)
        assembly.cleaned_block(page)
    _warn(assembly, "cannot be read", unreadable)
    _warn(assembly, "have no text, they may be scanned", [i + 1 for i, page in enumerate(pages) if not page.strip()])
    if assembly.empty:
        raise Refusal("DOCUMENT_HAS_NO_TEXT", "The pages are images without text: run text recognition (OCR) first.")
    return assembly.parsed("application/pdf", _title(reader))


def _opened(content: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        # Many documents are "protected" with an empty password: everybody may read them.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refusal("DOCUMENT_ENCRYPTED", "The document is protected by a password: save it without one.")
    except DependencyError as error:
        raise Refusal("DOCUMENT_ENCRYPTED", "The document is encrypted in an unusual way: save it without.") from error
    except (*_BROKEN, RecursionError) as error:
        raise Refusal("DOCUMENT_BROKEN", "The document is damaged: open it and save it again.") from error
    return reader


def _count(reader: PdfReader) -> int:
    try:
        return len(reader.pages)
    except (*_BROKEN, RecursionError) as error:
        raise Refusal("DOCUMENT_BROKEN", "The document is damaged: its pages are not found.") from error


def _texts(reader: PdfReader, count: int) -> tuple[list[str], list[int]]:
    """The text of each page, and the numbers of those that cannot be read."""
    texts, unreadable = [], []
    for index in range(count):
        try:
            texts.append(reader.pages[index].extract_text())
        except (*_BROKEN, RecursionError):  # the page is named in a warning
            texts.append("")
            unreadable.append(index + 1)
    return texts, unreadable


def _tidy(pages: list[str]) -> list[str]:
    whole = without_running_heads([clean(with_accents(page)) for page in pages])
    return [clean(with_whole_lines(with_whole_words(page))) for page in whole]


def _outline(reader: PdfReader) -> Iterator[Entry]:
    """The bookmarks: (level, title, index of the page). A broken outline is no reason to refuse the document."""
    try:
        waiting: list[tuple[int, Any]] = [(1, item) for item in reversed(reader.outline)]
    except (*_BROKEN, RecursionError):
        return
    seen = 0
    while waiting and seen < MAX_OUTLINE:
        level, item = waiting.pop()
        seen += 1
        if isinstance(item, list):
            if level < MAX_OUTLINE_DEPTH:
                waiting.extend((level + 1, each) for each in reversed(item))
            continue
        try:
            page = reader.get_destination_page_number(item)
            title = str(item.title or "")
        except (*_BROKEN, RecursionError):
            continue
        if page is not None and page >= 0 and title.strip():
            yield level, " ".join(clean(title).split()), page


def _places(page: str, entries: list[tuple[int, str]]) -> Iterator[Entry]:
    """Where on its page each title is; at the page's beginning when its words are not found."""
    at = 0
    for level, title in entries:
        words = [re.escape(word) for word in title.split()]
        found = re.compile(r"\s+".join(words), re.IGNORECASE).search(page, at) if page and words else None
        if found is not None:
            at = found.start()
        if page.strip():
            yield level, title, at


def _title(reader: PdfReader) -> str | None:
    try:
        title = reader.metadata.title if reader.metadata is not None else None
    except (*_BROKEN, RecursionError):
        return None
    # Printing programs put file names here: "Microsoft Word - ata.doc".
    return title if isinstance(title, str) and not title.startswith("Microsoft ") else None


def _warn(assembly: Assembly, what: str, pages: list[int]) -> None:
    if pages:
        named = [str(page) for page in pages[:MAX_NAMED_PAGES]] + ["…"] * (len(pages) > MAX_NAMED_PAGES)
        assembly.warnings.append(f"pages {', '.join(named)} {what}")
