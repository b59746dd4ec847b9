"""Packed documents (docx, xlsx) are looked at before anything is unpacked."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Final

from ai_svc.rag.parsing.bounds import MEBIBYTE, Bounds
from ai_svc.rag.parsing.refusal import Refusal

# An office document never has a document type: whoever writes one wants its entities expanded (ECMA-376, part 2).
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0T|E\0N\0T\0I)|\0<\0!\0(?:D\0O\0C|E\0N\0T)")
_BLOCK: Final = 256 * 1024
_ENCRYPTED_FLAG: Final = 0x1
_KEPT: Final = 64


def names_in(content: bytes) -> frozenset[str]:
    """The names of the packed files. Raises `Refusal` when it is no readable archive."""
    with _opened(content) as archive:
        return frozenset(archive.namelist())


def check(content: bytes, bounds: Bounds) -> None:
    """Raises `Refusal` when the archive would grow too much, is encrypted, or has XML with declarations of entities."""
    with _opened(content) as archive:
        entries = archive.infolist()
        if len(entries) > bounds.packed_files:
            raise Refusal("DOCUMENT_DANGEROUS", f"More than {bounds.packed_files:,} files are packed in the document.")
        if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
            raise Refusal("DOCUMENT_ENCRYPTED", "The document is protected by a password: save it without one.")
        if any(_grows(entry, bounds) for entry in entries):
            raise Refusal("DOCUMENT_DANGEROUS", "The document is packed as only a bomb is: it was not opened.")
        if sum(entry.file_size for entry in entries) > bounds.unpacked_bytes:
            limit = bounds.unpacked_bytes // MEBIBYTE
            raise Refusal("DOCUMENT_TOO_LARGE", f"Unpacked, the document is larger than {limit} MiB: split it.")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _refuse_declarations(archive, entry)


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Refusal("DOCUMENT_BROKEN", "The document is damaged: it cannot be unpacked.") from error


def _grows(entry: zipfile.ZipInfo, bounds: Bounds) -> bool:
    return entry.file_size > MEBIBYTE and entry.file_size > bounds.unpacked_ratio * max(entry.compress_size, 1)


def _refuse_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """What is declared as the unpacked size is also the most that `read` gives."""
    try:
        with archive.open(entry) as part:
            tail = b""
            while block := part.read(_BLOCK):
                if _DECLARATION.search(tail + block):
                    raise Refusal("DOCUMENT_DANGEROUS", "The document declares XML entities: office programs never do.")
                tail = block[-_KEPT:]
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
        raise Refusal("DOCUMENT_BROKEN", "The document is damaged: a part of it cannot be unpacked.") from error
