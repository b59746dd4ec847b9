"""File names that people and other systems give: shown, never used as a path."""

import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from ai_svc.rag.parsing.exceptions import DocumentNameRefused

MAX_NAME_BYTES: Final = 255
# Controls, and marks that change the direction or hide ("gpj.exe" shown as "exe.jpg"), lone surrogates, private use.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def file_name(name: str) -> str:
    """The name as it is shown and kept. Raises `DocumentNameRefused` for one that is a path, or plays tricks."""
    normal = unicodedata.normalize("NFC", name)
    if any(unicodedata.category(mark) in _REFUSED for mark in normal):
        raise DocumentNameRefused("The file's name has invisible characters: give it a plain one.")
    plain = " ".join(normal.split())
    if not plain.strip(". "):
        raise DocumentNameRefused("The file has no name.")
    if "/" in plain or "\\" in plain or plain[1:2] == ":":
        raise DocumentNameRefused("The file's name must not contain folders.")
    if len(plain.encode()) > MAX_NAME_BYTES:
        raise DocumentNameRefused(f"The file's name is longer than {MAX_NAME_BYTES} bytes: shorten it.")
    return plain


def name_of_url(url: str) -> str:
    """A file name for what an address leads to: its last part, or its host."""
    parts = urlsplit(url)
    last = unquote(parts.path.rsplit("/", 1)[-1], errors="ignore")
    kept = "".join(mark for mark in last if unicodedata.category(mark) not in _REFUSED and mark not in "/\\:")
    return kept.strip(". ")[:120] or parts.hostname or "page"
