"""Is this download a whole COTAHIST file of the right period? One pass over the lines, without parsing them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from worker_svc.sources.archive import BrokenFile, open_only_member
from worker_svc.sources.cotahist_layout import HEADER, QUOTE, TRAILER, CotahistFile

BLOCK_BYTES = 1024**2
"""What stays in a processor's cache while it is parsed: with eight times as much it takes twice as long."""
LINE_ENDS = b"\r\n\x1a\x00"
MAX_LINE = 10_000


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a sound file says about itself. `records` are its quotes, without header and trailer."""

    member_name: str
    records: int
    generated_on: date | None


def inspect_archive(path: Path, *, file: CotahistFile) -> Inspection:
    """Check the trailer's count and the first quote's date. Raises `EmptyArchive` or `BrokenFile` with the reason."""
    with open_only_member(path) as member:
        first, second, last, lines = _survey(line_blocks(member.read))
        name = member.name
    if first[:2] != HEADER:
        raise BrokenFile(f"the first line starts with {first[:2]!r}, not with {HEADER!r}", member=name)
    check_trailer(last, lines=lines)
    if second[:2] == QUOTE:
        check_date(parse_date(second[2:10]), line=2, file=file)
    return Inspection(member_name=name, records=lines - 2, generated_on=parse_date(first[23:31]))


def line_blocks(read: Callable[[int], bytes], *, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The content in blocks of whole lines, each with its line break but the last, whose trailing blanks are cut."""
    held = carry = b""
    while data := read(size):
        carry += data
        cut = carry.rfind(b"\n") + 1
        if cut == 0:
            if len(carry) > MAX_LINE:
                raise BrokenFile(f"a line has more than {MAX_LINE:,} characters: this is no COTAHIST file")
            continue
        if held:
            yield held
        held, carry = carry[:cut], carry[cut:]
    rest = (held + carry).rstrip(LINE_ENDS)
    if rest:
        yield rest


def check_trailer(line: str, *, lines: int) -> int:
    """The number of lines in record 99, which must be the number of lines in the file. Raises `BrokenFile`."""
    if line[:2] != TRAILER:
        raise BrokenFile(
            f"the file ends without its trailer: the last line starts with {line[:2]!r}, file has {lines:,} lines",
            lines=lines,
        )
    count = line[31:42]
    if not (count.isascii() and count.isdigit()):
        raise BrokenFile(f"the trailer's record count is {count!r}, which is no number", lines=lines)
    if int(count) != lines:
        raise BrokenFile(
            f"trailer says {int(count):,} records, file has {lines:,} lines", trailer_records=int(count), lines=lines
        )
    return int(count)


def check_date(day: date | None, *, line: int, file: CotahistFile) -> None:
    """Raise `BrokenFile` for a record of another period than the file's."""
    if day is None or not file.covers(day):
        raise BrokenFile(
            f"line {line:,} is of {day.isoformat() if day else 'no valid date'}, but the file is {file}", line=line
        )


def parse_date(text: str) -> date | None:
    """AAAAMMDD, or None when it is no date."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a date has no zone
    except ValueError:
        return None


def _survey(blocks: Iterator[bytes]) -> tuple[str, str, str, int]:
    """The first, second and last line, and the number of lines."""
    head, last, lines = b"", b"", 0
    for block in blocks:
        if lines < 2:
            head += block[: 3 * MAX_LINE]
        lines += block.count(b"\n") + (not block.endswith(b"\n"))
        last = block
    if lines == 0:
        raise BrokenFile("the file has no lines")
    first, _, rest = head.partition(b"\n")
    second, last = rest.partition(b"\n")[0], last[last.rfind(b"\n") + 1 :]
    return first.decode("latin-1"), second.decode("latin-1"), last.decode("latin-1"), lines
