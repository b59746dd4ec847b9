"""Market data as the API shows it: English names, prices as exact decimal strings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

ExactDecimal = Annotated[Decimal, PlainSerializer(str, return_type=str), Field(examples=["37.95"])]
"""A decimal that JSON clients must not turn into a float."""


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True, populate_by_name=True)


class QuoteRead(Output):
    """A quote of one session. Prices are in reais for `quote_factor` units; `term_days` is set for forwards only."""

    trade_date: date
    ticker: str = Field(validation_alias="codneg", examples=["PETR4"])
    market_type: int = Field(validation_alias="tpmerc", description="10 cash, 20 odd lot, 30 forward, 70 call, 80 put")
    term_days: str = Field(validation_alias="prazot")
    bdi_code: str = Field(validation_alias="codbdi")
    short_name: str = Field(validation_alias="nomres")
    specification: str = Field(validation_alias="especi")
    currency: str = Field(validation_alias="modref")
    open: ExactDecimal = Field(validation_alias="preabe")
    high: ExactDecimal = Field(validation_alias="premax")
    low: ExactDecimal = Field(validation_alias="premin")
    average: ExactDecimal = Field(validation_alias="premed")
    close: ExactDecimal = Field(validation_alias="preult")
    best_bid: ExactDecimal = Field(validation_alias="preofc")
    best_ask: ExactDecimal = Field(validation_alias="preofv")
    trades: int = Field(validation_alias="totneg", description="Wraps at 100,000 in the source; see the load's checks")
    quantity: int = Field(validation_alias="quatot")
    volume: ExactDecimal = Field(validation_alias="voltot")
    strike_price: ExactDecimal = Field(validation_alias="preexe")
    strike_correction: int = Field(validation_alias="indopc")
    expires_on: date | None = Field(validation_alias="datven")
    quote_factor: int = Field(validation_alias="fatcot")
    strike_points: ExactDecimal = Field(validation_alias="ptoexe")
    isin: str = Field(validation_alias="codisi")
    distribution: int = Field(validation_alias="dismes")


class SessionRead(Output):
    """A loaded session: its rows, and what its last load did."""

    dataset: str
    session: date = Field(validation_alias="reference_date")
    rows: int
    warnings: int
    release_id: UUID
    loaded_at: datetime


class ReleaseRead(Output):
    """One content of one published file."""

    id: UUID
    dataset: str
    reference_date: date
    url: str
    etag: str | None
    last_modified: str | None
    sha256: str
    size_bytes: int
    member_name: str | None
    outcome: str
    detail: dict[str, Any]
    records: int | None
    seen_at: datetime
    last_checked_at: datetime


class CheckRead(Output):
    code: str
    message: str
    context: dict[str, Any]


class LoadRead(Output):
    """One load of one session."""

    id: UUID
    dataset: str
    release_id: UUID
    reference_date: date
    rows: int
    inserted: int
    updated: int
    deleted: int
    unchanged: int
    checks: list[CheckRead]
    execution_id: UUID | None
    attempt: int | None
    loaded_at: datetime
