"""Reads of market data: keyset pages along the indexes, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, tuple_

from shared_utils.db.session import ReadSession
from worker_svc.market.models import Load, Quote, Release

CASH_MARKET = 10


@dataclass(frozen=True, slots=True)
class QuoteKey:
    """The sort key of a quote."""

    trade_date: date
    codneg: str
    tpmerc: int
    prazot: str


@dataclass(frozen=True, slots=True)
class MarketCount:
    market_type: int
    quotes: int
    volume: Decimal


async def find_quotes(
    session: ReadSession,
    *,
    limit: int,
    ticker: str | None = None,
    first: date | None = None,
    last: date | None = None,
    market_type: int | None = None,
    before: QuoteKey | None = None,
) -> Sequence[Quote]:
    """Quotes, newest session first, then by ticker, market and forward days from the end. `before` continues a page."""
    query = select(Quote)
    if ticker is not None:
        query = query.where(Quote.codneg == ticker)
    if first is not None:
        query = query.where(Quote.trade_date >= first)
    if last is not None:
        query = query.where(Quote.trade_date <= last)
    if market_type is not None:
        query = query.where(Quote.tpmerc == market_type)
    key = (Quote.trade_date, Quote.codneg, Quote.tpmerc, Quote.prazot)
    if before is not None:
        # The date alone as well: it lets PostgreSQL leave out the partitions of later years.
        query = query.where(Quote.trade_date <= before.trade_date)
        query = query.where(tuple_(*key) < tuple_(before.trade_date, before.codneg, before.tpmerc, before.prazot))
    query = query.order_by(*(column.desc() for column in key)).limit(limit)
    return (await session.execute(query)).scalars().all()


async def count_by_market(session: ReadSession, *, day: date) -> Sequence[MarketCount]:
    """Quotes and volume of each market of a session."""
    query = (
        select(Quote.tpmerc, func.count(), func.sum(Quote.voltot))
        .where(Quote.trade_date == day)
        .group_by(Quote.tpmerc)
        .order_by(Quote.tpmerc)
    )
    return [MarketCount(*row) for row in (await session.execute(query)).all()]


async def largest_volumes(session: ReadSession, *, day: date, limit: int) -> Sequence[Quote]:
    """The cash market's quotes with the largest volume."""
    query = select(Quote).where(Quote.trade_date == day, Quote.tpmerc == CASH_MARKET)
    return (await session.execute(query.order_by(Quote.voltot.desc(), Quote.codneg).limit(limit))).scalars().all()


async def find_sessions(
    session: ReadSession, *, limit: int, first: date | None, last: date | None, before: date | None
) -> Sequence[Any]:
    """The last load of each session that is loaded, newest session first; a session may come from several datasets."""
    rows = await session.execute(text(_SESSIONS), {"limit": limit, "first": first, "last": last, "before": before})
    return rows.all()


async def find_releases(
    session: ReadSession, *, limit: int, dataset: str | None, reference_date: date | None, before: UUID | None
) -> Sequence[Release]:
    """Releases, the one seen last first (ids sort by time)."""
    query = select(Release).where(*_filters(Release, dataset, reference_date, before))
    return (await session.execute(query.order_by(Release.id.desc()).limit(limit))).scalars().all()


async def find_loads(
    session: ReadSession, *, limit: int, dataset: str | None, reference_date: date | None, before: UUID | None
) -> Sequence[Load]:
    """Loads, the newest first."""
    query = select(Load).where(*_filters(Load, dataset, reference_date, before))
    return (await session.execute(query.order_by(Load.id.desc()).limit(limit))).scalars().all()


def _filters(
    model: type[Release | Load], dataset: str | None, reference_date: date | None, before: UUID | None
) -> Iterator[ColumnElement[bool]]:
    if dataset is not None:
        yield model.dataset == dataset
    if reference_date is not None:
        yield model.reference_date == reference_date
    if before is not None:
        yield model.id < before


# A session belongs to its own file as to the month's and the year's: the newest load of any of them tells its state.
_SESSIONS = """
SELECT DISTINCT ON (reference_date)
       dataset, reference_date, rows, jsonb_array_length(checks) AS warnings, release_id, loaded_at
FROM market.loads
WHERE (CAST(:first AS date) IS NULL OR reference_date >= :first)
  AND (CAST(:last AS date) IS NULL OR reference_date <= :last)
  AND (CAST(:before AS date) IS NULL OR reference_date < :before)
ORDER BY reference_date DESC, loaded_at DESC
LIMIT :limit
"""
