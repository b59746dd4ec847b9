"""Parse COTAHIST to lines that PostgreSQL's COPY takes: typed, exact, and checked line by line.

Prices go from digits to exact decimals, never through floats. A file is read in blocks, so a year needs no more memory
than a month. Regular blocks go the fast way, of which this is the slow one: it takes whatever may come, and says of the
first thing that is wrong which line has it. Only child processes import this module: it needs polars.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from worker_svc.sources.archive import BrokenFile, open_only_member
from worker_svc.sources.cotahist_columns import regular_quotes
from worker_svc.sources.cotahist_inspection import BLOCK_BYTES, check_date, check_trailer, line_blocks, parse_date
from worker_svc.sources.cotahist_layout import (
    FIELDS,
    HEADER,
    NO_EXPIRY,
    QUOTE,
    RECORD_LENGTH,
    TRAILER,
    CotahistFile,
    Field,
    Kind,
)
from worker_svc.sources.read_ahead import read_ahead

NULL = "\\N"
_CONTROL = (b"\t", b"\x00", b"\x01", b"\x0b")


@dataclass(frozen=True, slots=True)
class QuoteBatch:
    """Some quotes in COPY's text format, in the order of `COLUMNS`, with `NULL` for nulls; and the rows per session."""

    lines: bytes
    rows: int
    sessions: dict[date, int]


@dataclass(slots=True)
class _Progress:
    lines: int = 0
    trailer: str | None = None
    sessions: Counter[date] = field(default_factory=Counter)


def parse_archive(path: Path, *, file: CotahistFile, block_bytes: int = BLOCK_BYTES) -> Iterator[QuoteBatch]:
    """The quotes of a zip, batch by batch. Raises `BrokenFile` at the first thing wrong, the trailer's count last."""
    with open_only_member(path) as member:
        progress = _Progress()
        for block in read_ahead(line_blocks(member.read, size=block_bytes)):
            for part in _parts(block):
                batch = _parse_part(part, progress, file)
                if batch.rows:
                    yield batch
        if progress.trailer is None:
            raise BrokenFile(f"the file ends without its trailer after {progress.lines:,} lines", lines=progress.lines)
        check_trailer(progress.trailer, lines=progress.lines)
        if not progress.sessions:
            raise BrokenFile("the file has a header and a trailer, but no quotes", lines=progress.lines)


def _parts(block: bytes) -> Iterator[bytes]:
    """A block's header, its quotes, and its trailer, as far as it has them."""
    first = block.find(b"\n") + 1 if block.startswith(HEADER.encode()) else 0
    last = block.rfind(b"\n", 0, len(block) - 1) + 1
    if not block.startswith(TRAILER.encode(), last):
        last = len(block)
    yield from (part for part in (block[:first], block[first:last], block[max(first, last) :]) if part)


def _parse_part(part: bytes, progress: _Progress, file: CotahistFile) -> QuoteBatch:
    if progress.trailer is not None:
        raise BrokenFile("there are lines after the trailer", line=progress.lines + 1)
    regular = regular_quotes(part) if progress.lines else None
    if regular is None:
        return _parse_slowly(part, progress, file)
    first_line = progress.lines + 1
    progress.lines += regular.rows
    sessions = _sessions_of(((day, rows, first_line + before) for day, rows, before in regular.days), file)
    progress.sessions.update(sessions)
    return QuoteBatch(lines=regular.lines, rows=regular.rows, sessions=sessions)


def _parse_slowly(block: bytes, progress: _Progress, file: CotahistFile) -> QuoteBatch:
    lines = _lines_of(block)
    first_line = progress.lines + 1
    progress.lines += lines.height
    quotes = _without_header_and_trailer(lines, first_line, progress)
    _check_quotes(quotes)
    days = quotes.group_by(pl.col("line").str.slice(2, 8).alias("day"), maintain_order=True).agg(
        pl.len().alias("rows"), pl.col("number").first()
    )
    sessions = _sessions_of(days.iter_rows(), file)
    progress.sessions.update(sessions)
    table = _typed(quotes, has_backslash=b"\\" in block)
    buffer = io.BytesIO()
    # Tabs and line breaks were refused and backslashes are doubled, so nothing needs quotes.
    table.write_csv(buffer, include_header=False, separator="\t", null_value=NULL, quote_style="never")
    return QuoteBatch(lines=buffer.getvalue(), rows=table.height, sessions=sessions)


def _lines_of(block: bytes) -> pl.DataFrame:
    """One row per line. The layout is latin-1 and slicing counts characters, so every byte must become a character."""
    if any(control in block for control in _CONTROL):
        raise BrokenFile("the file holds control characters: this is no COTAHIST file")
    text = block if block.isascii() else block.decode("latin-1").encode()
    frame = pl.read_csv(
        text,
        has_header=False,
        schema={"line": pl.String},
        separator="\x01",
        quote_char=None,
        empty_string_is_null=False,
    )
    return frame.select(pl.col("line").str.strip_suffix("\r"))


def _without_header_and_trailer(lines: pl.DataFrame, first_line: int, progress: _Progress) -> pl.DataFrame:
    """The quotes with their line numbers. A header is only right as the first line, a trailer only as the last."""
    numbered = lines.with_row_index("number", offset=first_line)
    kind = pl.col("line").str.slice(0, 2)
    others = numbered.filter(kind != QUOTE)
    for number, line in others.iter_rows():
        if line[:2] == HEADER and number == 1:
            continue
        if line[:2] == TRAILER and number == progress.lines and progress.trailer is None:
            progress.trailer = line
            continue
        raise BrokenFile(f"line {number:,} starts with {line[:2]!r}, which does not belong there", line=number)
    if first_line == 1 and (others.is_empty() or others.item(0, "number") != 1):
        raise BrokenFile(f"the first line is no header (record {HEADER})", line=1)
    if progress.trailer is not None and others.item(-1, "number") != progress.lines:
        raise BrokenFile("there are lines after the trailer", line=progress.lines)
    return numbered.filter(kind == QUOTE)


def _check_quotes(quotes: pl.DataFrame) -> None:
    line = pl.col("line")
    wrong = quotes.filter(line.str.len_chars() != RECORD_LENGTH)
    if not wrong.is_empty():
        number, text = wrong.row(0)
        raise BrokenFile(f"line {number:,} has {len(text)} characters instead of {RECORD_LENGTH}", line=number)


def _sessions_of(days: Iterable[tuple[str, int, int]], file: CotahistFile) -> dict[date, int]:
    """The quotes of each session, of days with their number of quotes and the line of the first one."""
    sessions = Counter[date]()
    for text, rows, number in days:
        day = parse_date(text)
        check_date(day, line=number, file=file)
        if day is not None:
            sessions[day] += rows
    return dict(sessions)


def _typed(quotes: pl.DataFrame, *, has_backslash: bool) -> pl.DataFrame:
    try:
        table = quotes.select(_expression(item).alias(item.name) for item in FIELDS)
    except pl.exceptions.PolarsError as error:
        first, last = quotes.item(0, "number"), quotes.item(-1, "number")
        raise BrokenFile(
            f"between lines {first:,} and {last:,} a field is not what the layout says: {error}"
        ) from error
    if has_backslash:
        return table.with_columns(pl.col(pl.String).str.replace_all("\\", "\\\\", literal=True))
    return table


def _expression(item: Field) -> pl.Expr:
    text = pl.col("line").str.slice(item.start, item.length)
    match item.kind:
        case Kind.INTEGER:
            # Unsigned: a minus sign or a blank among the digits is an error.
            return text.cast(pl.UInt64)
        case Kind.DECIMAL_2:
            return _scaled(text, 2)
        case Kind.DECIMAL_6:
            return _scaled(text, 6)
        case Kind.DATE:
            return text
        case Kind.EXPIRY:
            return pl.when(text == NO_EXPIRY).then(None).otherwise(text)
        case Kind.TEXT:
            return text.str.strip_chars_end(" ")


def _scaled(text: pl.Expr, places: int) -> pl.Expr:
    """Digits with `places` implied decimals, exactly: an integer times a decimal power of ten, never a float."""
    unit = pl.lit(Decimal(1).scaleb(-places), dtype=pl.Decimal(28, places))
    return text.cast(pl.UInt64).cast(pl.Decimal(28, places)) * unit
