"""Which parser reads which kind of file. A parser's libraries are imported when the first such file comes."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal

MARKDOWN: Final = "text/markdown"
PLAIN: Final = "text/plain"
# Media type -> the file beside this one whose `parse(content, name)` reads it.
PARSERS: Final = {MARKDOWN: "markdown", PLAIN: "plain"}


def parse(content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
    """Parses in this very process: only for texts of our own and inside child processes. Raises `Refusal`."""
    kind = _kind(media_type, name)
    module = importlib.import_module(f"{__package__}.{PARSERS[kind]}")
    reader: Callable[[bytes, str], ParsedText] = module.parse
    return reader(content.read_bytes() if isinstance(content, Path) else content, name)


def _kind(media_type: str | None, name: str) -> str:
    if name.lower().endswith((".md", ".markdown")):
        return MARKDOWN
    if name.lower().endswith(".txt"):
        return PLAIN
    if media_type in PARSERS:
        return media_type
    raise Refusal(
        "DOCUMENT_NOT_SUPPORTED", "This kind of file cannot be read: use md, txt, html, pdf, docx, xlsx or csv."
    )
