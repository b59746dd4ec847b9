"""HTML: the text of a page without what surrounds it on every page of its site."""

import re
from typing import Final

from lxml import etree

from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.plain import decoded
from ai_svc.rag.parsing.refusal import Refusal

_UNSEEN_TAGS: Final = (
    "script style noscript template svg math iframe object embed canvas audio video select button input"
)
_UNSEEN: Final = frozenset({*_UNSEEN_TAGS.split(), "head", "datalist", "textarea"})
_AROUND: Final = frozenset({"nav", "footer", "aside", "form", "dialog", "menu"})
_AROUND_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"})
_AROUND_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|breadcrumbs?|sidebar|navbar|menu|share|social|newsletter|advert\w*|popup|banner)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCK_TAGS: Final = """
address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul
"""
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[ \t\r\n\f\xa0]+")
MIN_MAIN_SHARE: Final = 0.3
MAX_NAMED_SHARE: Final = 0.5
"""An element that is named like a menu but holds more than half of the page's text is the page."""


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """Headings, paragraphs, list items and table rows; navigation, banners and scripts are left out."""
    root = _tree(content)
    title = root.findtext(".//head/title") or root.findtext(".//title")
    body = root.find(".//body")
    whole = root if body is None else body
    assembly = Assembly(bounds)
    _Reader(assembly, leave_out=True).read(_main(whole))
    if assembly.empty:
        assembly = Assembly(bounds)
        _Reader(assembly, leave_out=False).read(whole)
    return assembly.parsed("text/html", title)


def _tree(content: bytes) -> etree._Element:
    found = _META_CHARSET.search(content[:4096])
    text = _by_charset(content, found[1].decode("ascii")) if found else decoded(content)
    # `huge_tree` lifts the limit of 256 levels: nothing here recurses, and the child process has limits of its own.
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise Refusal("DOCUMENT_BROKEN", "The page is no HTML.") from error
    if root is None:
        raise Refusal("DOCUMENT_HAS_NO_TEXT", "There is no text in the page.")
    return root


def _by_charset(content: bytes, charset: str) -> str:
    """By what the page says, unless it is wrong about UTF-8 or names something unknown."""
    if charset.lower().replace("_", "-") in {"utf-8", "utf8", "iso-8859-1", "latin1", "latin-1", "us-ascii"}:
        return decoded(content)
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        return decoded(content)


def _main(body: etree._Element) -> etree._Element:
    """The one element that says it is the page's content, if it holds a good part of its text."""
    found = body.xpath(".//main | .//*[@role='main']") or body.xpath(".//article")
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], etree._Element):  # noqa: SLF001  its type
        main = found[0]
        if _size(main) >= MIN_MAIN_SHARE * _size(body):
            return main
    return body


def _size(element: etree._Element) -> int:
    return sum(len(text.strip()) for text in element.itertext("*") if isinstance(text, str))


class _Reader:
    """Walks a tree once, without recursion, and hands its blocks to an assembly."""

    def __init__(self, assembly: Assembly, *, leave_out: bool) -> None:
        self._assembly = assembly
        self._leave_out = leave_out
        self._words: list[str] = []
        self._preformatted = 0
        self._heading: int | None = None
        self._cells = 0
        self._total = 0

    def read(self, root: etree._Element) -> None:
        """Adds all blocks below `root`."""
        self._total = _size(root)
        skipped: object = None  # its end is told, too
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                if element is not skipped:
                    self._end(element)
                if element is not root:
                    self._words.append(element.tail or "")
            elif element is not root and self._left_out(element):
                walk.skip_subtree()
                skipped = element
            else:
                self._start(element)
        self._flush()

    def _start(self, element: etree._Element) -> None:
        tag = _tag(element)
        if tag in _BLOCKS:
            self._flush()
        if tag == "li":
            self._words.append("- ")
        elif tag == "br":
            self._words.append("\n" if self._preformatted else "\v")
        elif tag in ("td", "th"):
            self._words.append(" | " if self._cells else "")
            self._cells += 1
        self._heading = _HEADINGS.get(tag, self._heading)
        self._preformatted += tag == "pre"
        self._words.append(element.text or "")

    def _end(self, element: etree._Element) -> None:
        tag = _tag(element)
        if tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._heading = None
        if tag == "tr":
            self._cells = 0
        self._preformatted -= tag == "pre"

    def _flush(self) -> None:
        text = "".join(self._words)
        self._words = []
        if not self._preformatted:
            # A vertical tab stands for <br>; blanks of the source mean nothing.
            text = "\n".join(line.strip() for line in _BLANKS.sub(" ", text).split("\v")).strip()
        if text.strip(" -|\n") == "":
            return
        if self._heading is not None:
            self._assembly.heading(self._heading, text)
        else:
            self._assembly.block(text)

    def _left_out(self, element: etree._Element) -> bool:
        tag = _tag(element)
        if tag in _UNSEEN or "hidden" in element.attrib or element.get("aria-hidden") == "true":
            return True
        if not self._leave_out:
            return False
        if tag in _AROUND or element.get("role") in _AROUND_ROLES:
            return True
        if tag == "header":
            return element.getparent() is not None and _tag(element.getparent()) == "body"
        named = f"{element.get('class', '')} {element.get('id', '')}"
        return bool(_AROUND_NAMES.search(named)) and _size(element) < MAX_NAMED_SHARE * self._total


def _tag(element: etree._Element | None) -> str:
    tag = element.tag if element is not None else ""
    return tag.lower() if isinstance(tag, str) else ""
