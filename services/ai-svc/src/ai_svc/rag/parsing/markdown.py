"""Markdown: the source is the text, its headings are found in it."""

import re
from collections.abc import Iterator
from typing import Final

from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.language import language_of
from ai_svc.rag.parsing.parsed import Heading, ParsedText
from ai_svc.rag.parsing.plain import decoded, refuse_long

MAX_TITLE_CHARS: Final = 200
MAX_HEADING_LINE: Final = 1_000
"""A longer line is no heading; nor could the patterns below take any length."""
_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE: Final = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE)
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_SETEXT: Final = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_NO_PARAGRAPH: Final = re.compile(r" {4}|\t| {0,3}(?:[#>|]|[-+*] |\d{1,9}[.)] )")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_MARKS: Final = re.compile(r"[*`~]+|(?<!\w)_+|_+(?!\w)")


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """The source without its front matter; headings by `#` and by underlining, not those inside code fences."""
    text = clean(decoded(content))
    refuse_long(text, bounds)
    title = None
    front = _FRONT_MATTER.match(text)
    if front is not None:
        found = _FRONT_TITLE.search(front[1])
        title = found[1].strip().strip("\"'")[:MAX_TITLE_CHARS] if found else None
        text = text[front.end() :].lstrip("\n")
    headings = tuple(_headings(text))
    title = title or next((heading.title for heading in headings if heading.level == 1), None)
    return ParsedText(text, "text/markdown", title, headings, (), language_of(text), ())


def _headings(text: str) -> Iterator[Heading]:
    fence: str | None = None
    before, before_at, at = "", 0, 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence is not None:
            closes = mark is not None and mark[1].startswith(fence) and not line.strip(" `~")
            fence = None if closes else fence
            before = ""
        elif mark is not None:
            fence, before = mark[1], ""
        elif len(line) <= MAX_HEADING_LINE and (heading := _heading(line, at, before, before_at)):
            yield heading
            before = ""
        else:
            before, before_at = line[:MAX_HEADING_LINE], at
        at += len(line) + 1


def _heading(line: str, at: int, before: str, before_at: int) -> Heading | None:
    atx = _ATX.fullmatch(line)
    if atx is not None:
        title = _plain(atx[2] or "")
        return Heading(len(atx[1]), title, at) if title else None
    if _SETEXT.fullmatch(line) and before.strip() and not _NO_PARAGRAPH.match(before):
        title = _plain(before)
        return Heading(1 if "=" in line else 2, title, before_at) if title else None
    return None


def _plain(title: str) -> str:
    """A heading's words without links and emphasis."""
    return _MARKS.sub("", _LINK.sub(r"\1", title)).strip()[:MAX_TITLE_CHARS]
