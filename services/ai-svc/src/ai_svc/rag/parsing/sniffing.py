"""What a file really is: by its content and its name. What the sender says counts only between kinds of text."""

from typing import Final

from ai_svc.rag.parsing.archives import names_in
from ai_svc.rag.parsing.refusal import Refusal

MARKDOWN: Final = "text/markdown"
PLAIN: Final = "text/plain"
HTML: Final = "text/html"
CSV: Final = "text/csv"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_TEXT_ENDINGS: Final = {
    **dict.fromkeys(("md", "markdown"), MARKDOWN),
    **dict.fromkeys(("txt", "text", "log"), PLAIN),
    **dict.fromkeys(("html", "htm", "xhtml"), HTML),
    **dict.fromkeys(("csv", "tsv"), CSV),
}
_BINARY_ENDINGS: Final = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}
_TEXT_TYPES: Final = {MARKDOWN: MARKDOWN, HTML: HTML, "application/xhtml+xml": HTML, CSV: CSV, PLAIN: PLAIN}
_PDF_SEARCH: Final = 1024
_HEAD: Final = 8192
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_NOT_TEXT: Final = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ\x90",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_CONTROLS: Final = bytes({*range(32), 127} - {*b"\t\n\r\f\x1b"})
MAX_CONTROLS: Final = 0.1
"""A text may have a stray control character here and there."""
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def media_type_of(content: bytes, *, name: str, hint: str | None) -> str:
    """One of the media types above. Raises `Refusal` when the file is none of them, or not what its name says."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    found = _packed(content) if content.startswith(b"PK\x03\x04") else _unpacked(content)
    wanted = _BINARY_ENDINGS.get(ending)
    if wanted is not None and found != wanted:
        raise Refusal("DOCUMENT_BROKEN", f"The file is named .{ending} but its content is something else.")
    if found is not None:
        return found
    if ending in _TEXT_ENDINGS:
        return _TEXT_ENDINGS[ending]
    if content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html")):
        return HTML
    return _TEXT_TYPES.get((hint or "").split(";")[0].strip().lower(), PLAIN)


def _packed(content: bytes) -> str:
    names = names_in(content)
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise _unsupported()


def _unpacked(content: bytes) -> str | None:
    """The binary format, or None for text."""
    head = content[:_HEAD]
    if b"%PDF-" in head[:_PDF_SEARCH]:
        return PDF
    if head.startswith(_OLE):
        if _ENCRYPTED_OFFICE in content:
            raise Refusal("DOCUMENT_ENCRYPTED", "The document is protected by a password: save it without one.")
        raise Refusal("DOCUMENT_NOT_SUPPORTED", "Files of old Office programs are not read: save it as docx or xlsx.")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if head.startswith(_NOT_TEXT) or (controls > MAX_CONTROLS * len(head) and not head.startswith(_UTF16)):
        raise _unsupported()
    return None


def _unsupported() -> Refusal:
    return Refusal("DOCUMENT_NOT_SUPPORTED", "Such files are not read: use md, txt, html, pdf, docx, xlsx or csv.")
