"""Documents of all kinds, good and hostile, made on the spot and small."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import docx
import openpyxl
from pypdf import PdfReader, PdfWriter


def pdf(pages: Sequence[str], *, title: str | None = None) -> bytes:
    """A PDF with one text line for each line of a page; characters of Windows-1252 only."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    kids = []
    for page in pages:
        lines = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in page.split("\n"))
        stream = b"BT /F1 10 Tf 12 TL 50 800 Td\n" + lines + b"ET"
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return _written(out, lambda writer: writer.add_metadata({"/Title": title})) if title else out


def pdf_with_outline(pages: Sequence[str], entries: Sequence[tuple[str, int]]) -> bytes:
    def add(writer: PdfWriter) -> None:
        for name, page in entries:
            writer.add_outline_item(title=name, page_number=page)

    return _written(pdf(pages), add)


def encrypted_pdf(pages: Sequence[str], password: str) -> bytes:
    return _written(pdf(pages), lambda writer: writer.encrypt(password, owner_password="dono", algorithm="RC4-128"))


def _written(content: bytes, change: Any) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def word(*blocks: tuple[str, Any], title: str = "") -> bytes:
    """Blocks are (style name, text), or ("table", rows)."""
    document = docx.Document()
    document.core_properties.title = title
    for style, what in blocks:
        if style == "table":
            table = document.add_table(rows=len(what), cols=len(what[0]))
            for row, values in zip(table.rows, what, strict=True):
                for cell, value in zip(row.cells, values, strict=True):
                    cell.text = value
        else:
            document.add_paragraph(what, style=style)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(archive: bytes, changes: Mapping[str, bytes]) -> bytes:
    """An archive with some of its files replaced or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changes:
                new.writestr(entry, old.read(entry))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><lolz>&j;</lolz>"
)
OUTSIDE_ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
