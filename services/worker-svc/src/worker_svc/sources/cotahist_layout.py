"""COTAHIST, B3's file of historical quotes: its record layout and its names.

Manual rev. 02 of 2020-10-05; the positions agree with rev. 00 of 2005.

Fixed width, 245 characters a line. Record 00 is the header, 01 a quote, 99 the trailer with the number of all lines.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

RECORD_LENGTH = 245
HEADER, QUOTE, TRAILER = "00", "01", "99"
NO_EXPIRY = "99991231"


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL_2 = "decimal_2"
    DECIMAL_6 = "decimal_6"
    DATE = "date"
    EXPIRY = "expiry"
    """A date in which 99991231 stands for none."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of record 01; `start` counts from 0."""

    name: str
    start: int
    length: int
    kind: Kind


FIELDS = (
    Field("trade_date", 2, 8, Kind.DATE),
    Field("codbdi", 10, 2, Kind.TEXT),
    Field("codneg", 12, 12, Kind.TEXT),
    Field("tpmerc", 24, 3, Kind.INTEGER),
    Field("nomres", 27, 12, Kind.TEXT),
    Field("especi", 39, 10, Kind.TEXT),
    Field("prazot", 49, 3, Kind.TEXT),
    Field("modref", 52, 4, Kind.TEXT),
    Field("preabe", 56, 13, Kind.DECIMAL_2),
    Field("premax", 69, 13, Kind.DECIMAL_2),
    Field("premin", 82, 13, Kind.DECIMAL_2),
    Field("premed", 95, 13, Kind.DECIMAL_2),
    Field("preult", 108, 13, Kind.DECIMAL_2),
    Field("preofc", 121, 13, Kind.DECIMAL_2),
    Field("preofv", 134, 13, Kind.DECIMAL_2),
    Field("totneg", 147, 5, Kind.INTEGER),
    Field("quatot", 152, 18, Kind.INTEGER),
    Field("voltot", 170, 18, Kind.DECIMAL_2),
    Field("preexe", 188, 13, Kind.DECIMAL_2),
    Field("indopc", 201, 1, Kind.INTEGER),
    Field("datven", 202, 8, Kind.EXPIRY),
    Field("fatcot", 210, 7, Kind.INTEGER),
    Field("ptoexe", 217, 13, Kind.DECIMAL_6),
    Field("codisi", 230, 12, Kind.TEXT),
    Field("dismes", 242, 3, Kind.INTEGER),
)
COLUMNS = tuple(field.name for field in FIELDS)


class Granularity(StrEnum):
    """Which COTAHIST: one session, a month, a year."""

    DAILY = "daily"
    MONTHLY = "monthly"
    ANNUAL = "annual"


@dataclass(frozen=True, slots=True)
class CotahistFile:
    """One published file: the period that it covers and where it is."""

    granularity: Granularity
    day: date

    @property
    def dataset(self) -> str:
        """`b3.cotahist` for a session, with the period's name behind it for the longer ones."""
        if self.granularity is Granularity.DAILY:
            return "b3.cotahist"
        return f"b3.cotahist.{self.granularity.value}"

    @property
    def reference_date(self) -> date:
        """The session, or the first day of the month or year."""
        if self.granularity is Granularity.DAILY:
            return self.day
        return date(self.day.year, self.day.month if self.granularity is Granularity.MONTHLY else 1, 1)

    @property
    def stem(self) -> str:
        """`COTAHIST_D08112024`, `COTAHIST_M112024`, `COTAHIST_A2024`."""
        match self.granularity:
            case Granularity.DAILY:
                return f"COTAHIST_D{self.day:%d%m%Y}"
            case Granularity.MONTHLY:
                return f"COTAHIST_M{self.day:%m%Y}"
            case Granularity.ANNUAL:
                return f"COTAHIST_A{self.day:%Y}"

    @property
    def path(self) -> str:
        """Where it is under the exchange's base URL."""
        return f"/InstDados/SerHist/{self.stem}.ZIP"

    def covers(self, day: date) -> bool:
        """Whether a record of `day` belongs into this file."""
        match self.granularity:
            case Granularity.DAILY:
                return day == self.day
            case Granularity.MONTHLY:
                return (day.year, day.month) == (self.day.year, self.day.month)
            case Granularity.ANNUAL:
                return day.year == self.day.year

    def __str__(self) -> str:
        return self.stem
