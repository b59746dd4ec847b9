"""Quotes of a regular block to lines for COPY, column by column: ten times as fast as line by line.

A block is regular when all of its lines are ASCII quotes of the layout's length with digits wherever the layout has
digits, which is nearly always. It is then a matrix of bytes, and its lines for COPY are another one: digits and texts
are copied, tabs and decimal points stand between them, and what a shorter value leaves over is taken out at the end.
No number is ever computed, so all of them are exact. Only child processes import this module: it needs numpy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from worker_svc.sources.cotahist_layout import FIELDS, NO_EXPIRY, QUOTE, RECORD_LENGTH, Kind

type Bytes = npt.NDArray[np.uint8]
type Texts = npt.NDArray[np.bytes_]

NULL: Final = b"\\N"
_PLACES: Final = {Kind.INTEGER: 0, Kind.DECIMAL_2: 2, Kind.DECIMAL_6: 6}
_DATE: Final = FIELDS[0]
_DIGITS: Final = [at for one in FIELDS if one.kind is not Kind.TEXT for at in range(one.start, one.start + one.length)]
_LEFT_OVER: Final = b"\x00"
_BLANK, _ZERO, _NINE, _TAB, _NEWLINE, _POINT = b" 09\t\n."
_BEHIND_ASCII: Final = 128


@dataclass(frozen=True, slots=True)
class Quotes:
    """Lines for COPY; and runs of quotes of one day: its text, their number, and how many quotes stand before them."""

    lines: bytes
    rows: int
    days: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some of a field's characters, the same ones of each line, and where they go."""

    start: int
    length: int
    at: int
    content: str


def regular_quotes(block: bytes) -> Quotes | None:
    """The quotes of a block of whole lines; None when it is not regular."""
    width = block.find(b"\n") + 1
    if width - RECORD_LENGTH not in (1, 2) or len(block) % width or b"\\" in block:
        return None
    matrix = np.frombuffer(block, np.uint8).reshape(-1, width)
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    if not _is_regular(low, high):
        return None
    pieces, template = _layout(high)
    source = np.frombuffer(block, _type([(one.start, one.length) for one in pieces], size=width))
    target = np.empty(len(matrix), _type([(one.at, one.length) for one in pieces], size=len(template)))
    target.view(np.uint8).reshape(-1, len(template))[:] = template
    for name, piece in zip(source.dtype.names or (), pieces, strict=True):
        target[name] = _shortened(source[name], piece.content)
    lines = target.tobytes().translate(None, _LEFT_OVER)
    return Quotes(lines=lines, rows=len(matrix), days=list(_days(block, width)))


def _is_regular(low: Bytes, high: Bytes) -> bool:
    """Whether every character is what its column may hold, by the smallest and the largest one of each column."""
    ends = low[RECORD_LENGTH:].tobytes()
    digits = low[:RECORD_LENGTH][_DIGITS], high[:RECORD_LENGTH][_DIGITS]
    return (
        low[:2].tobytes() == high[:2].tobytes() == QUOTE.encode()
        and ends == high[RECORD_LENGTH:].tobytes()
        and ends in (b"\n", b"\r\n")
        and bool(low[:RECORD_LENGTH].min() >= _BLANK and high.max() < _BEHIND_ASCII)
        and bool(digits[0].min() >= _ZERO and digits[1].max() <= _NINE)
    )


def _layout(high: Bytes) -> tuple[list[_Piece], Bytes]:
    """Where the pieces of a line go, and a line with nothing but what stands between them."""
    pieces: list[_Piece] = []
    between = bytearray()

    def add(start: int, end: int, content: str = "whole") -> None:
        if end > start:
            pieces.append(_Piece(start, end - start, len(between), content))
            between.extend(_LEFT_OVER * (end - start))

    for field in FIELDS:
        start, end = field.start, field.start + field.length
        if field.kind in _PLACES:
            point = end - _PLACES[field.kind]
            while start < point - 1 and high[start] == _ZERO:  # no line of the block has a digit there
                start += 1
            add(start, point - 1, "number")
            add(point - 1, point)
            if point < end:
                between.append(_POINT)
                add(point, end)
        else:
            add(start, end, {Kind.TEXT: "text", Kind.EXPIRY: "expiry"}.get(field.kind, "whole"))
        between.append(_TAB)
    between[-1] = _NEWLINE
    return pieces, np.frombuffer(bytes(between), np.uint8)


def _type(places: list[tuple[int, int]], *, size: int) -> np.dtype[Any]:
    return np.dtype(
        {
            "names": [str(number) for number in range(len(places))],
            "formats": [f"S{length}" for _, length in places],
            "offsets": [start for start, _ in places],
            "itemsize": size,
        }
    )


def _days(block: bytes, width: int) -> Iterator[tuple[str, int, int]]:
    dates = np.frombuffer(block, _type([(_DATE.start, _DATE.length)], size=width))["0"]
    starts = [0, *(np.flatnonzero(dates[1:] != dates[:-1]) + 1).tolist(), len(dates)]
    for start, end in pairwise(starts):
        yield dates[start].decode(), end - start, start


def _shortened(values: Texts, content: str) -> Texts:
    """Values without the blanks and zeros that only fill their places: numpy puts zero bytes there, at their ends."""
    match content:
        case "text":
            return np.strings.rstrip(values, b" ")
        case "number":
            return np.strings.lstrip(values, b"0")
        case "expiry":
            return np.where(values == NO_EXPIRY.encode(), np.array(NULL, values.dtype), values)
        case _:
            return values
