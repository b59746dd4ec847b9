"""A COTAHIST day and a year of about three million lines to load: the real session when it is at hand, else a made-up one."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from local_stack.cotahist import LINE_LENGTH, generate_day, load_holidays, zip_member
from local_stack.tools import CALENDAR_FILE, shared_data_dir

REAL_DAY = date(2024, 11, 8)
YEAR = 2023
LINES_PER_SESSION = 12_200
RECORD = LINE_LENGTH + 2  # CRLF
CODE = slice(12, 24)


@dataclass(frozen=True)
class Session:
    """One day's quotes, 247 bytes each, without header and trailer."""

    day: date
    quotes: bytes
    origin: str

    @property
    def lines(self) -> int:
        return len(self.quotes) // RECORD


def base_session() -> Session:
    """The real session of 2024-11-08 (12,226 records), or a generated one that is filled up to the same size."""
    real = shared_data_dir() / "b3" / "b3cotahist" / "cotahist.ZIP"
    if real.is_file():
        with zipfile.ZipFile(real) as archive:
            text = archive.read(archive.namelist()[0])
        return Session(REAL_DAY, _quotes_of(text), "the real session of 2024-11-08")
    generated = _quotes_of(generate_day(REAL_DAY))
    return Session(REAL_DAY, b"".join(_filled(generated)), "a generated session")


def day_archive(session: Session) -> bytes:
    """The day's zip, as the exchange would publish it."""
    head, tail = _frame(session.day.year, session.day, session.lines)
    return zip_member(session.day, head + session.quotes + tail)


def write_year(path: Path, session: Session) -> int:
    """Writes the year's zip: the session's quotes on every session of 2023. Returns the number of quotes."""
    days = list(sessions_of(YEAR))
    count = len(days) * session.lines
    head, tail = _frame(YEAR, days[-1], count)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        info = zipfile.ZipInfo(f"COTAHIST_A{YEAR}.TXT", (YEAR, 12, 29, 20, 31, 18))
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as member:
            member.write(head)
            for day in days:
                member.write(on_day(session, day).quotes)
            member.write(tail)
    return count


def on_day(session: Session, day: date) -> Session:
    """The same quotes on another date. Only line starts are touched, since a record begins right after a line's end."""
    old, new = f"01{session.day:%Y%m%d}".encode(), f"01{day:%Y%m%d}".encode()
    quotes = (b"\r\n" + session.quotes).replace(b"\r\n" + old, b"\r\n" + new)[2:]
    return Session(day, quotes, session.origin)


def _quotes_of(text: bytes) -> bytes:
    quotes = io.BytesIO()
    for start in range(0, len(text), RECORD):
        record = text[start : start + RECORD]
        if record[:2] == b"01":
            quotes.write(record)
    return quotes.getvalue()


def _filled(quotes: bytes) -> Iterator[bytes]:
    """The quotes, and copies under other codes until there are as many as in a real session."""
    records = [quotes[start : start + RECORD] for start in range(0, len(quotes), RECORD)]
    for number in range(LINES_PER_SESSION):
        copy, place = divmod(number, len(records))
        record = records[place]
        if copy:
            code = record[CODE].rstrip() + f"${copy}".encode()
            record = record[: CODE.start] + code.ljust(12)[:12] + record[CODE.stop :]
        yield record


def _frame(year: int, day: date, quotes: int) -> tuple[bytes, bytes]:
    head = f"00COTAHIST.{year}BOVESPA {day:%Y%m%d}"
    tail = f"99COTAHIST.{year}BOVESPA {day:%Y%m%d}{quotes + 2:011d}"
    return f"{head:<{LINE_LENGTH}}\r\n".encode(), f"{tail:<{LINE_LENGTH}}\r\n".encode()


def sessions_of(year: int) -> Iterator[date]:
    """B3's sessions of a year, in order."""
    holidays = load_holidays(CALENDAR_FILE)
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() < 5 and day not in holidays:
            yield day
        day += timedelta(days=1)
