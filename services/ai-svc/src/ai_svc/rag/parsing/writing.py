"""Word documents: paragraphs, lists and tables in their order; deleted text, headers and footers are left out."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from ai_svc.rag.parsing.archives import check
from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal
from ai_svc.rag.parsing.sniffing import DOCX

_BROKEN: Final = (OpcError, KeyError, ValueError, AttributeError, TypeError, etree.LxmlError, OSError)
_STYLE_LEVEL: Final = re.compile(r"(?:heading|título|titulo)\s*([1-9])", re.IGNORECASE)
_TITLE_STYLES: Final = frozenset({"title", "título", "titulo"})
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _VALUE = qn("w:t"), qn("w:val")
_AS_CHARACTER: Final = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "",
}
# Text boxes are stored twice: the second time for programs that do not know the first way.
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset({_FALLBACK, qn("w:del"), qn("w:pPr")})


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """Headings are paragraphs whose style is a heading or that have an outline level."""
    check(content, bounds)
    try:
        document = docx.Document(BytesIO(content))
        levels = _levels(document)
        title = document.core_properties.title
        body = document.element.body
    except _BROKEN as error:
        raise Refusal("DOCUMENT_BROKEN", "The document is damaged: open it in Word and save it again.") from error
    assembly = Assembly(bounds)
    for element in _blocks(body):
        if element.tag == _TABLE:
            for row in element.iterchildren(_ROW):
                assembly.block(_row(row))
        else:
            _add_paragraph(assembly, element, levels)
    return assembly.parsed(DOCX, title or None)


def _levels(document: Document) -> dict[str, int]:
    """Which styles are headings, by their id."""
    levels = {}
    for style in document.styles:
        name = (style.name or "").strip().lower()
        found = _STYLE_LEVEL.fullmatch(name)
        if found is not None:
            levels[style.style_id] = int(found[1])
        elif name in _TITLE_STYLES:
            levels[style.style_id] = 1
    return levels


def _blocks(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and outermost tables, also those inside content controls and insertions."""
    walk = etree.iterwalk(body, events=("start",))
    for _event, element in walk:
        if element.tag in (_PARAGRAPH, _TABLE):
            walk.skip_subtree()
            yield element
        elif element.tag in _SKIPPED:
            walk.skip_subtree()


def _add_paragraph(assembly: Assembly, paragraph: etree._Element, levels: dict[str, int]) -> None:
    text = _text(paragraph)
    level = _level(paragraph, levels)
    if level is not None:
        assembly.heading(level, text)
    elif paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
        assembly.block(f"- {text}" if text.strip() else "")
    else:
        assembly.block(text)


def _level(paragraph: etree._Element, levels: dict[str, int]) -> int | None:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    if outline is not None and (outline.get(_VALUE) or "").isdigit() and int(outline.get(_VALUE) or 9) < 9:
        return int(outline.get(_VALUE) or 0) + 1
    return levels.get(style.get(_VALUE) or "") if style is not None else None


def _row(row: etree._Element) -> str:
    """A table's row in one line; tables inside its cells are part of it."""
    cells = [" ".join(_text(cell).split()) for cell in row.iterchildren(_CELL)]
    return " | ".join(cells) if any(cells) else ""


def _text(element: etree._Element) -> str:
    parts = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        if event == "end":
            if each.tag == _PARAGRAPH and each is not element:
                parts.append(" ")
        elif each.tag in _SKIPPED:
            walk.skip_subtree()
        elif each.tag == _TEXT:
            parts.append(each.text or "")
        elif each.tag in _AS_CHARACTER:
            parts.append(_AS_CHARACTER[each.tag])
    return "".join(parts)
