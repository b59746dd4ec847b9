"""COTAHIST days in B3's exact layout, for a machine that cannot or should not ask the exchange.

Layout: B3's manual "SeriesHistoricas", revisions 00 (2005) and 02 (2020). Lines of 245 characters and CRLF: one header (00), one
line per instrument (01), one trailer (99) whose count includes header and trailer. The numbers are invented; the same
date always gives the same bytes, so a file can be downloaded again and be found unchanged.
"""

import io
import json
import math
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zlib import crc32

from local_stack.instruments import INSTRUMENTS, Instrument

LINE_LENGTH = 245
SERIES_PATH = Path("InstDados", "SerHist")
NO_EXPIRY = "99991231"
CALL_LETTERS, PUT_LETTERS = "ABCDEFGHIJKL", "MNOPQRSTUVWX"
STRIKES_PER_SERIES = 20
FORWARD_DAYS = (30, 60, 90)


@dataclass(frozen=True)
class Quote:
    """What varies of one 01 line. Prices and volume in cents."""

    bdi: str
    code: str
    market: str
    name: str
    kind: str
    last: int
    trades: int
    quantity: int
    isin: str
    term: str = ""
    strike: int = 0
    expiry: str = NO_EXPIRY
    factor: int = 1


def file_name(day: date) -> str:
    """The name of a day's file at B3: COTAHIST_D{ddMMyyyy}.ZIP."""
    return f"COTAHIST_D{day:%d%m%Y}.ZIP"


def third_friday(year: int, month: int) -> date:
    """Expiry of the month's stock options since 2021."""
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def next_expiries(day: date, count: int) -> list[date]:
    """The next `count` monthly expiries that are not over on `day`."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = third_friday(year, month)
        if expiry > day:
            found.append(expiry)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def price_on(instrument: Instrument, day: date) -> int:
    """A slow wave around the base price with a daily wobble, so that neighbouring days look like one market."""
    seed = crc32(instrument.code.encode())
    wave = 0.12 * math.sin(day.toordinal() / 29 + seed % 628 / 100)
    wobble = (crc32(f"{instrument.code}{day.isoformat()}".encode()) % 4001 - 2000) / 100_000
    return max(2, round(instrument.price * (1 + wave + wobble)))


def format_quote(day: str, quote: Quote, random: Random) -> str:
    """One 01 line. `day` is AAAAMMDD."""
    last = quote.last
    spread = max(1, last // 60)
    opening = max(1, last + random.randint(-spread, spread))
    highest = max(last, opening) + random.randint(0, spread)
    lowest = max(1, min(last, opening) - random.randint(0, spread))
    average = (highest + lowest + 2 * last) // 4
    volume = quote.quantity * average // quote.factor
    # TOTNEG has five digits and wraps in the real file too: PETR4 of 2023-01-17 shows 80 trades.
    return (
        f"01{day}{quote.bdi}{quote.code:<12}{quote.market}{quote.name:<12}{quote.kind:<10}{quote.term:<3}R$  "
        f"{opening:013d}{highest:013d}{lowest:013d}{average:013d}{last:013d}{max(1, last - 1):013d}{last + 1:013d}"
        f"{quote.trades % 100_000:05d}{quote.quantity:018d}{volume:018d}{quote.strike:013d}0{quote.expiry}"
        f"{quote.factor:07d}{0:013d}{quote.isin:<12}{crc32(quote.isin.encode()) % 900 + 100:03d}"
    )


def cash_quotes(day: date, random: Random) -> Iterator[Quote]:
    for one in INSTRUMENTS:
        last = price_on(one, day)
        trades = random.randint(2_000, 90_000) if one.options else random.randint(1, 12_000)
        lot = 100 if one.bdi == "02" else 1
        yield Quote(
            one.bdi,
            one.code,
            "010",
            one.name,
            one.kind,
            last,
            trades,
            trades * lot * random.randint(1, 9),
            one.isin,
            factor=one.factor,
        )
        if one.odd_lot and random.random() < 0.95:
            count = random.randint(1, 6_000)
            shown = max(1, last + random.randint(-1, 1))
            yield Quote(
                "96", f"{one.code}F", "020", one.name, one.kind, shown, count, count * random.randint(1, 40), one.isin
            )


def forward_quotes(day: date, random: Random) -> Iterator[Quote]:
    """Several lines share one CODNEG: only PRAZOT tells them apart."""
    for one in INSTRUMENTS:
        if not one.options:
            continue
        for days in FORWARD_DAYS:
            if random.random() < 0.8:
                last = price_on(one, day) * (10_000 + 9 * days) // 10_000
                quantity = 100 * random.randint(1, 900)
                yield Quote(
                    "62",
                    f"{one.code}T",
                    "030",
                    one.name,
                    one.kind,
                    last,
                    random.randint(1, 9),
                    quantity,
                    one.isin,
                    term=f"{days:03d}",
                )


def option_quotes(day: date, random: Random) -> Iterator[Quote]:
    for one in INSTRUMENTS:
        if not one.options:
            continue
        spot = price_on(one, day)
        step = max(10, spot // 50)
        for expiry in next_expiries(day, 2):
            for step_number in range(STRIKES_PER_SERIES):
                strike = max(step, (spot // step + step_number - STRIKES_PER_SERIES // 2) * step)
                yield option_quote(one, spot, strike, expiry, "070", step_number, random)
                yield option_quote(one, spot, strike, expiry, "080", step_number, random)


def option_quote(
    one: Instrument, spot: int, strike: int, expiry: date, market: str, number: int, random: Random
) -> Quote:
    call = market == "070"
    letter = (CALL_LETTERS if call else PUT_LETTERS)[expiry.month - 1]
    intrinsic = max(0, spot - strike if call else strike - spot)
    trades = random.randint(1, 800)
    return Quote(
        bdi="78" if call else "82",
        # The series' digits come from the root's own digit and the strike's place: unique among PETR3 and PETR4.
        code=f"{one.code[:4]}{letter}{one.code[4:]}{number + 10}",
        market=market,
        name=f"{one.code[:4]}E",
        kind=one.kind,
        last=intrinsic + random.randint(1, max(2, spot // 40)),
        trades=trades,
        quantity=trades * 100 * random.randint(1, 30),
        isin=one.isin,
        term="000",
        strike=strike,
        expiry=f"{expiry:%Y%m%d}",
    )


def generate_day(day: date) -> bytes:
    """The whole text file of one session."""
    random = Random(f"cotahist {day.isoformat()}")  # noqa: S311  (numbers to look at, not secrets)
    stamp = f"{day:%Y%m%d}"
    quotes = [*cash_quotes(day, random), *forward_quotes(day, random), *option_quotes(day, random)]
    head = f"00COTAHIST.{day.year}BOVESPA {stamp}"
    tail = f"99COTAHIST.{day.year}BOVESPA {stamp}{len(quotes) + 2:011d}"
    lines = [
        f"{head:<{LINE_LENGTH}}",
        *(format_quote(stamp, quote, random) for quote in quotes),
        f"{tail:<{LINE_LENGTH}}",
    ]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def zip_member(day: date, content: bytes) -> bytes:
    """A zip with one TXT member, stamped with the hour at which B3 publishes; the same content gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        member = zipfile.ZipInfo(f"COTAHIST_D{day:%d%m%Y}.TXT", (day.year, day.month, day.day, 20, 31, 18))
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, content, compresslevel=1)
    return buffer.getvalue()


def publish(folder: Path, day: date, archive: bytes) -> Path:
    """Puts a day's zip in its place at once, dated 20:31:45 in São Paulo as the real one is."""
    target = folder / SERIES_PATH / file_name(day)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(archive)
    published = datetime(day.year, day.month, day.day, 23, 31, 45, tzinfo=UTC).timestamp()
    os.utime(partial, (published, published))
    partial.replace(target)
    return target


def load_holidays(calendar_file: Path) -> frozenset[date]:
    """Weekdays without a session, from the calendar that the product ships."""
    data = json.loads(calendar_file.read_text(encoding="utf-8"))
    return frozenset(date.fromisoformat(day) for day in data["holidays"])


def last_sessions(today: date, count: int, holidays: frozenset[date]) -> list[date]:
    """The last `count` sessions up to and including `today`, oldest first."""
    found: list[date] = []
    day = today
    while len(found) < count:
        if day.weekday() < 5 and day not in holidays:
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def fill_mirror(
    folder: Path, *, today: date, holidays: frozenset[date], shared_data: Path, sessions: int = 10
) -> list[Path]:
    """Writes what the mirror does not have yet: the last sessions, and the real files when they are at hand. Returns the new ones."""
    written = []
    for day in last_sessions(today, sessions, holidays):
        if not (folder / SERIES_PATH / file_name(day)).exists():
            written.append(publish(folder, day, zip_member(day, generate_day(day))))
    return written + copy_real_files(folder, shared_data)


def copy_real_files(folder: Path, shared_data: Path) -> list[Path]:
    """One complete real session, and one that was cut on purpose: its trailer says 1,745 lines, it has 506."""
    complete, cut = (
        shared_data / "b3" / "b3cotahist" / "cotahist.ZIP",
        shared_data / "b3" / "rb3" / "COTAHIST_D04012016.TXT",
    )
    written = []
    day = date(2024, 11, 8)
    if complete.is_file() and not (folder / SERIES_PATH / file_name(day)).exists():
        written.append(publish(folder, day, complete.read_bytes()))
    day = date(2016, 1, 4)
    if cut.is_file() and not (folder / SERIES_PATH / file_name(day)).exists():
        written.append(publish(folder, day, zip_member(day, cut.read_bytes())))
    return written
