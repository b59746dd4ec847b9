"""Plain text, and how the bytes of a text become characters."""

from typing import Final

from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.language import language_of
from ai_svc.rag.parsing.layout import with_whole_words
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """Text without structure: no headings, no pages."""
    text = with_whole_words(clean(decoded(content)))
    refuse_long(text, bounds)
    return ParsedText(text, "text/plain", None, (), (), language_of(text), ())


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with a byte order mark, or else Windows-1252, the usual other encoding of Brazilian files."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252.
        return content.decode("cp1252", errors="ignore")


def refuse_long(text: str, bounds: Bounds) -> None:
    """Raises `Refusal` for a text that is longer than allowed."""
    if len(text) > bounds.text_chars:
        raise Refusal("DOCUMENT_TOO_LARGE", f"The document has more than {bounds.text_chars:,} characters: split it.")
