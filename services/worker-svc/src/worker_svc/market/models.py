"""Tables of market data: what was downloaded (releases), what was loaded (loads), and the quotes themselves."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared_utils.db.ids import uuid7
from worker_svc.database import Base

PRICE = Numeric(13, 2)
VOLUME = Numeric(18, 2)
POINTS = Numeric(13, 6)


class Release(Base):
    """One content of one published file. The raw bytes are kept, whether or not they can be loaded."""

    __tablename__ = "releases"
    __table_args__ = (
        UniqueConstraint("dataset", "reference_date", "sha256"),
        CheckConstraint("outcome IN ('got', 'broken')", name="outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dataset: Mapped[str]
    reference_date: Mapped[date]
    url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    storage_path: Mapped[str]
    member_name: Mapped[str | None]
    outcome: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    records: Mapped[int | None] = mapped_column(Integer)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_checked_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Quote(Base):
    """A COTAHIST record of type 01. Columns keep B3's field names; prices are exact and per `fatcot` units.

    Unique by day, ticker, market and forward days: only forwards repeat a ticker on a day. One partition per year.
    """

    __tablename__ = "quotes"
    __table_args__ = ({"postgresql_partition_by": "RANGE (trade_date)"},)

    trade_date: Mapped[date] = mapped_column(Date, primary_key=True)
    codneg: Mapped[str] = mapped_column(primary_key=True)
    tpmerc: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    prazot: Mapped[str] = mapped_column(primary_key=True, server_default="")
    codbdi: Mapped[str]
    nomres: Mapped[str]
    especi: Mapped[str]
    modref: Mapped[str]
    preabe: Mapped[Decimal] = mapped_column(PRICE)
    premax: Mapped[Decimal] = mapped_column(PRICE)
    premin: Mapped[Decimal] = mapped_column(PRICE)
    premed: Mapped[Decimal] = mapped_column(PRICE)
    preult: Mapped[Decimal] = mapped_column(PRICE)
    preofc: Mapped[Decimal] = mapped_column(PRICE)
    preofv: Mapped[Decimal] = mapped_column(PRICE)
    totneg: Mapped[int] = mapped_column(Integer)
    quatot: Mapped[int]
    voltot: Mapped[Decimal] = mapped_column(VOLUME)
    preexe: Mapped[Decimal] = mapped_column(PRICE)
    indopc: Mapped[int] = mapped_column(SmallInteger)
    datven: Mapped[date | None] = mapped_column(Date)
    fatcot: Mapped[int] = mapped_column(Integer)
    ptoexe: Mapped[Decimal] = mapped_column(POINTS)
    codisi: Mapped[str]
    dismes: Mapped[int] = mapped_column(SmallInteger)


class Load(Base):
    """One load of one session: what it changed, and what its checks found."""

    __tablename__ = "loads"
    __table_args__ = (Index("ix_loads_dataset_reference_date", "dataset", "reference_date", "loaded_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dataset: Mapped[str]
    release_id: Mapped[UUID] = mapped_column(ForeignKey(Release.id))
    reference_date: Mapped[date]
    rows: Mapped[int] = mapped_column(Integer)
    inserted: Mapped[int] = mapped_column(Integer)
    updated: Mapped[int] = mapped_column(Integer)
    deleted: Mapped[int] = mapped_column(Integer)
    unchanged: Mapped[int] = mapped_column(Integer)
    checks: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    execution_id: Mapped[UUID | None]
    attempt: Mapped[int | None] = mapped_column(Integer)
    loaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
