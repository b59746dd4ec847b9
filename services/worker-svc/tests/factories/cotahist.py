"""COTAHIST files for tests: real layout, any content, and every way of being broken."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

LENGTH = 245


def quote(day: date, ticker: str = "PETR4", **fields: object) -> str:
    """A record 01; fields are given as they stand in the file (prices in cents)."""
    values: dict[str, object] = {
        "codbdi": "02",
        "tpmerc": 10,
        "nomres": "PETROBRAS",
        "especi": "PN      N2",
        "prazot": "",
        "modref": "R$",
        "preabe": 3650,
        "premax": 3702,
        "premin": 3611,
        "premed": 3655,
        "preult": 3695,
        "preofc": 3694,
        "preofv": 3695,
        "totneg": 12345,
        "quatot": 40_000_000,
        "voltot": 146_200_000_000,
        "preexe": 0,
        "indopc": 0,
        "datven": "99991231",
        "fatcot": 1,
        "ptoexe": 0,
        "codisi": "BRPETRACNPR6",
        "dismes": 100,
    } | fields
    prices = "".join(
        f"{values[name]:013d}" for name in ("preabe", "premax", "premin", "premed", "preult", "preofc", "preofv")
    )
    line = (
        f"01{day:%Y%m%d}{values['codbdi']:<2}{ticker:<12}{values['tpmerc']:03d}{values['nomres']:<12}"
        f"{values['especi']:<10}{values['prazot']:<3}{values['modref']:<4}{prices}{values['totneg']:05d}"
        f"{values['quatot']:018d}{values['voltot']:018d}{values['preexe']:013d}{values['indopc']:01d}{values['datven']}"
        f"{values['fatcot']:07d}{values['ptoexe']:013d}{values['codisi']:<12}{values['dismes']:03d}"
    )
    assert len(line) == LENGTH
    return line


def text(day: date, quotes: Sequence[str], *, count: int | None = None, end: str = "\r\n") -> bytes:
    """A whole file; `count` overrides the trailer's number of records."""
    head = f"00COTAHIST.{day.year}BOVESPA {day:%Y%m%d}".ljust(LENGTH)
    total = len(quotes) + 2 if count is None else count
    tail = f"99COTAHIST.{day.year}BOVESPA {day:%Y%m%d}{total:011d}".ljust(LENGTH)
    return "".join(line + end for line in (head, *quotes, tail)).encode("latin-1")


def zipped(content: bytes, *, name: str = "COTAHIST.TXT", others: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """The content as the member of a zip, with `others` beside it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in ((name, content), *others):
            archive.writestr(member, data)
    return buffer.getvalue()


def session_zip(day: date, quotes: Sequence[str], *, count: int | None = None) -> bytes:
    """A session's file as B3 publishes it."""
    return zipped(text(day, quotes, count=count), name=f"COTAHIST_D{day:%d%m%Y}.TXT")


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
"""The 22 bytes of a valid zip without members: one of B3's ways of saying "nothing here"."""
