"""Plain text."""

from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.language import language_of
from ai_svc.rag.parsing.parsed import ParsedText


def parse(content: bytes, _name: str) -> ParsedText:
    """Text without structure: no headings, no pages."""
    text = clean(decoded(content))
    return ParsedText(text, "text/plain", None, (), (), language_of(text), ())


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with a byte order mark, or else Windows-1252, the usual other encoding of Brazilian files."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 has a (control) character for each byte.
        return content.decode("cp1252", errors="replace").replace("\ufffd", "")
