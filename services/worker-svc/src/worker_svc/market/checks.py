"""Checks of loaded quotes. They find what a right parser still loads wrong, and end as warnings, not as failures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Date

from shared_utils.db.session import ReadSession

MAX_FINDINGS = 100
FEWER_ROWS_THAN = 0.5
"""Share of the usual number of quotes below which a session looks incomplete."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at."""

    code: str
    message: str
    context: dict[str, Any]
    day: date


async def find_overflown_trades(session: ReadSession, *, days: Collection[date]) -> list[Finding]:
    """Tickers whose number of trades has wrapped: TOTNEG has 5 digits (PETR4 of 2023-01-17: 80 for R$ 2,298 million).

    The volume over the ticker's usual volume per trade says how many trades there should be: near or over 100,000 while
    the field says less than half of that means that it wrapped. Without a history, a million reais per trade does.
    """
    rows = await session.execute(
        text(_OVERFLOWN).bindparams(bindparam("days", type_=ARRAY(Date))),
        {"days": sorted(days), "first": min(days), "last": max(days), "limit": MAX_FINDINGS},
    )
    return [_overflow(*row) for row in rows.all()]


async def find_missing_rows(session: ReadSession, *, dataset: str, day: date, rows: int) -> Finding | None:
    """Whether a session has far fewer quotes than the ones before it."""
    usual = (await session.execute(text(_USUAL_ROWS), {"dataset": dataset, "day": day})).scalar_one_or_none()
    if not usual or rows >= float(usual) * FEWER_ROWS_THAN:
        return None
    return Finding(
        code="FEWER_ROWS_THAN_USUAL",
        message=f"{day.isoformat()} has {rows:,} quotes; the sessions before it have {int(usual):,}",
        context={"rows": rows, "usual": int(usual)},
        day=day,
    )


def _overflow(day: date, ticker: str, trades: int, volume: Any, expected: Any) -> Finding:
    about = f", by its usual volume per trade about {int(expected):,}" if expected is not None else ""
    return Finding(
        code="TRADES_OVERFLOW",
        message=(
            f"{ticker} on {day.isoformat()}: {trades:,} trades for R$ {volume / 1_000_000:,.0f} million "
            f"are too few (the field has 5 digits and wraps at 100,000{about})"
        ),
        context={
            "ticker": ticker,
            "day": day.isoformat(),
            "trades": trades,
            "volume": str(volume),
            "expected_trades": None if expected is None else int(expected),
        },
        day=day,
    )


_OVERFLOWN = """
WITH candidates AS (
  SELECT trade_date, codneg, totneg, voltot FROM market.quotes
  WHERE trade_date = ANY(:days) AND tpmerc = 10 AND codbdi = '02' AND voltot >= 300000000
), usual AS (
  SELECT q.codneg,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY (q.voltot / q.totneg)::float8) AS per_trade,
         count(*) AS sessions
  FROM market.quotes AS q
  WHERE q.trade_date BETWEEN CAST(:first AS date) - 60 AND CAST(:last AS date) + 60
    AND q.codneg IN (SELECT codneg FROM candidates) AND q.tpmerc = 10 AND q.totneg > 0
  GROUP BY q.codneg
), judged AS (
  SELECT c.*, CASE WHEN u.sessions >= 4 THEN c.voltot::float8 / u.per_trade END AS expected
  FROM candidates AS c LEFT JOIN usual AS u USING (codneg)
)
SELECT trade_date, codneg, totneg, voltot, expected FROM judged
WHERE CASE WHEN expected IS NULL THEN voltot / greatest(totneg, 1) >= 1000000
           ELSE expected >= 80000 AND totneg < expected / 2 END
ORDER BY trade_date, codneg LIMIT :limit
"""

_USUAL_ROWS = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY rows) FROM (
  SELECT DISTINCT ON (reference_date) rows FROM market.loads
  WHERE dataset = :dataset AND reference_date < :day AND reference_date >= CAST(:day AS date) - 60
  ORDER BY reference_date DESC, loaded_at DESC LIMIT 20
) AS recent
"""
