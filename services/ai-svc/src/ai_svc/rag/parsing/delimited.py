"""CSV and its relatives: separator and encoding are found out; Brazilian files mostly have `;` and Windows-1252."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.plain import decoded
from ai_svc.rag.parsing.refusal import Refusal
from ai_svc.rag.parsing.tables import Cells, add_rows

SAMPLE_LINES: Final = 50
MAX_FIELD_CHARS: Final = 1_000_000
SEPARATORS: Final = ";\t|,"


def parse(content: bytes, bounds: Bounds) -> ParsedText:
    """Each row is a line "column: value; column: value"."""
    text = decoded(content).replace("\0", "")
    assembly = Assembly(bounds)
    add_rows(assembly, _rows(text, separator_of(text)), Cells(bounds), where="The file")
    return assembly.parsed("text/csv", None)


def separator_of(text: str) -> str:
    """The mark that splits the first lines into the same number of fields, more than one; `,` when none does."""
    lines = [line for line in text[:200_000].splitlines()[:SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(counts), key=counts.count) if counts else 1
        score = counts.count(usual) / len(counts) * min(usual, 20) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error as error:
        raise Refusal("DOCUMENT_BROKEN", f"The file is no table: line {reader.line_num} cannot be read.") from error
