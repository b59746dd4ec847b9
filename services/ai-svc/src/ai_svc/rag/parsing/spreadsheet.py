"""Excel workbooks: each visible sheet is a page with a heading, each row a line "column: value"."""

from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from ai_svc.rag.parsing.archives import check
from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal
from ai_svc.rag.parsing.sniffing import XLSX
from ai_svc.rag.parsing.tables import MAX_COLUMNS, Cells, add_rows

_BROKEN: Final = (
    *(InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError),
    *(ParseError, DefusedXmlException, etree.LxmlError, ArithmeticError),
)


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """The values that were last computed; formulas, charts and hidden sheets are left out."""
    check(content, bounds)
    assembly, cells = Assembly(bounds), Cells(bounds)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for number, sheet in enumerate(book.worksheets, start=1):
            if sheet.sheet_state == "visible" and cells.left > 0:
                assembly.page(number)
                assembly.heading(1, sheet.title)
                add_rows(assembly, _rows(sheet), cells, where=f"Sheet {number}")
        title = book.properties.title
    except _BROKEN as error:
        raise Refusal("DOCUMENT_BROKEN", "The workbook is damaged: open it in Excel and save it again.") from error
    return assembly.parsed(XLSX, title or None)


def _rows(sheet: Any) -> Iterator[list[str]]:
    # What a sheet says about its own size may be wrong, or a lie.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
