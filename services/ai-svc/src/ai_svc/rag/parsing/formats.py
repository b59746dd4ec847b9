"""Which parser reads which kind of file. A parser's libraries are imported when the first such file comes."""

import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Final

from ai_svc.rag.parsing import sniffing
from ai_svc.rag.parsing.bounds import MEBIBYTE, Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal

# Media type -> the file beside this one whose `parse(content, bounds)` reads it.
PARSERS: Final = {
    sniffing.MARKDOWN: "markdown",
    sniffing.PLAIN: "plain",
    sniffing.HTML: "webpage",
    sniffing.CSV: "delimited",
    sniffing.PDF: "printed",
    sniffing.DOCX: "writing",
    sniffing.XLSX: "spreadsheet",
}
# What needs the standard library only, and is most of what comes.
LIGHT: Final = (sniffing.MARKDOWN, sniffing.PLAIN, sniffing.CSV)
_DEFAULT: Final = Bounds()


def parse(content: bytes, *, media_type: str | None, name: str, bounds: Bounds = _DEFAULT) -> ParsedText:
    """Parses in this very process: only for texts of our own and inside child processes. Raises `Refusal`."""
    if len(content) > bounds.file_bytes:
        raise too_large(bounds)
    if not content:
        raise Refusal("DOCUMENT_HAS_NO_TEXT", "The file is empty.")
    kind = sniffing.media_type_of(content, name=name, hint=media_type)
    module = importlib.import_module(_module(kind))
    reader: Callable[[bytes, Bounds], ParsedText] = module.parse
    parsed = reader(content, bounds)
    if not parsed.text.strip():
        raise Refusal("DOCUMENT_HAS_NO_TEXT", "There is no text in the document.")
    return parsed


def preload(kinds: Iterable[str]) -> None:
    """Imports the parsers of these media types with their libraries: processes forked from this one need not."""
    for kind in kinds:
        importlib.import_module(_module(kind))


def loaded() -> frozenset[str]:
    """The media types whose parsers are in memory."""
    return frozenset(kind for kind in PARSERS if _module(kind) in sys.modules)


def _module(kind: str) -> str:
    return f"{__package__}.{PARSERS[kind]}"


def too_large(bounds: Bounds) -> Refusal:
    """A file of more bytes than allowed."""
    return Refusal("DOCUMENT_TOO_LARGE", f"The file is larger than {bounds.file_bytes // MEBIBYTE} MiB: split it.")
