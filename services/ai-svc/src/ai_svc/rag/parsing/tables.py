"""Rows of tables as lines that can be read, and found, by themselves: "Ticker: PETR4; Preço: 37,20"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from ai_svc.rag.parsing.assembly import Assembly
from ai_svc.rag.parsing.bounds import Bounds

MAX_COLUMNS: Final = 256
MAX_CELL_CHARS: Final = 2_000
ROWS_IN_BLOCK: Final = 50
"""Rows of one block are one line each; an empty line comes between blocks, where pieces may be cut."""
HEADER_SEARCH_ROWS: Final = 10
_NUMBER: Final = re.compile(r"[-+R$ ]*\d[\d.,/: -]*%?")


class Cells:
    """Counts the cells of one document, so that all its tables together keep to the limit."""

    def __init__(self, bounds: Bounds) -> None:
        self.left = bounds.cells


def add_rows(assembly: Assembly, rows: Iterable[Sequence[str]], cells: Cells, *, where: str) -> None:
    """Adds the rows as lines; what is beyond the limit is left out with a warning that names `where`."""
    block: list[str] = []
    for line in _lines(_bounded(rows, cells)):
        block.append(line)
        if len(block) == ROWS_IN_BLOCK:
            assembly.block("\n".join(block))
            block = []
    assembly.block("\n".join(block))
    if cells.left <= 0:
        assembly.warnings.append(f"{where} is too long: only its first rows were read")


def _bounded(rows: Iterable[Sequence[str]], cells: Cells) -> Iterator[list[str]]:
    for row in rows:
        cells.left -= max(1, len(row))
        if cells.left <= 0:
            return
        tidy = [" ".join(cell.split())[:MAX_CELL_CHARS] for cell in row[:MAX_COLUMNS]]
        if any(tidy):
            yield tidy


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    """Rows below a header with its names, the others as they are."""
    first = list(islice(rows, HEADER_SEARCH_ROWS))
    place = next((index for index, row in enumerate(first) if _is_header(row)), None)
    if place is None:
        yield from (_plain(row) for row in chain(first, rows))
        return
    yield from (_plain(row) for row in first[:place])
    below = chain(first[place + 1 :], rows)
    row = next(below, None)
    if row is None:
        yield _plain(first[place])
    while row is not None:
        yield _named(first[place], row)
        row = next(below, None)


def _is_header(row: Sequence[str]) -> bool:
    """At least two names, no numbers, none twice."""
    filled = [cell for cell in row if cell]
    return len(filled) >= 2 and len(set(filled)) == len(filled) and not any(_number(cell) for cell in filled)


def _number(cell: str) -> bool:
    """Also amounts of money, percentages and dates."""
    return bool(_NUMBER.fullmatch(cell))


def _named(header: Sequence[str], row: Sequence[str]) -> str:
    names = [*header, *[""] * (len(row) - len(header))]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell)


def _plain(row: Sequence[str]) -> str:
    return "; ".join(cell for cell in row if cell)
