"""Why a document cannot be read. Each fails that one document; messages name files and pages, never content."""

from typing import Final

from ai_svc.rag.parsing.refusal import Refusal
from shared_utils.errors import AppError, Invalid, TooLarge, Unavailable


class DocumentTooLarge(TooLarge):
    """The document is larger than allowed, packed or unpacked: split it, or add only the part that matters."""

    code = "DOCUMENT_TOO_LARGE"


class DocumentBroken(Invalid):
    """The document is damaged: open it in the program that made it and save it again."""

    code = "DOCUMENT_BROKEN"


class DocumentEncrypted(Invalid):
    """The document is protected by a password: save it without one and add it again."""

    code = "DOCUMENT_ENCRYPTED"


class DocumentHasNoText(Invalid):
    """There is no text in the document; if it is a scan, run text recognition (OCR) over it first."""

    code = "DOCUMENT_HAS_NO_TEXT"


class DocumentTimedOut(Invalid):
    """Reading the document takes longer than allowed: split it, or save it in a simpler format."""

    code = "DOCUMENT_TIMED_OUT"


class DocumentNotSupported(Invalid):
    """Files of this kind are not read: use md, txt, html, pdf, docx, xlsx or csv."""

    code = "DOCUMENT_NOT_SUPPORTED"


class DocumentDangerous(Invalid):
    """The document is built to do harm when it is unpacked or read; it was not opened."""

    code = "DOCUMENT_DANGEROUS"


class DocumentNameRefused(Invalid):
    """The file's name cannot be used: give it a plain name without folders and control characters."""

    code = "DOCUMENT_NAME_REFUSED"


class ParserUnavailable(Unavailable):
    """The process that reads documents could not be started; try again shortly."""

    code = "DOCUMENT_PARSER_UNAVAILABLE"


_BY_CODE: Final[dict[str, type[AppError]]] = {
    error.code: error
    for error in (
        *(DocumentTooLarge, DocumentBroken, DocumentEncrypted, DocumentHasNoText, DocumentTimedOut),
        *(DocumentNotSupported, DocumentDangerous),
    )
}


def error_of(refusal: Refusal) -> AppError:
    """The error for clients that says what a child process said."""
    return _BY_CODE.get(refusal.code, DocumentBroken)(refusal.message)
