"""Clean text: the same characters for the same thing, nothing invisible, no accidents of layout."""

import re
import unicodedata
from typing import Final

# Control characters other than tab and newline; zero-width and direction marks; the byte order mark; lone surrogates.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SOFT_HYPHEN: Final = re.compile("\u00ad[ \t]*\n?[ \t]*")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
# NFKC turns "10²" into "102", "2½" into "21⁄2" and "5º" into "5o": these stay what they are.
_KEPT_FORMS: Final = ("<super>", "<sub>", "<fraction>")


def clean(text: str) -> str:
    """`text` in normal form C with compatibility characters (ligatures, full-width forms) replaced, without controls,
    soft hyphens and trailing blanks, and with at most one empty line in a row. Leading blanks of lines stay.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _SOFT_HYPHEN.sub("", text)
    text = _INVISIBLE.sub("", text)
    text = normalised(text)
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def normalised(text: str) -> str:
    """NFKC, except for superscripts, subscripts and fractions, where it would change what a number says."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    kept = "".join(sorted({mark for mark in set(text) if unicodedata.decomposition(mark).startswith(_KEPT_FORMS)}))
    if not kept:
        return unicodedata.normalize("NFKC", text)
    parts = re.split(f"([{re.escape(kept)}]+)", text)
    return "".join(part if index % 2 else unicodedata.normalize("NFKC", part) for index, part in enumerate(parts))
