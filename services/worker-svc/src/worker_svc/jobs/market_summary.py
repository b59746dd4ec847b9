"""`market.daily_summary`: what a session looked like, from the quotes that were loaded."""

from datetime import date
from typing import Any

from rotina import JobContext, TransientError
from shared_utils.db.session import read_transaction
from worker_svc.jobs.b3.sessions import find_session
from worker_svc.jobs.environment import open_environment
from worker_svc.jobs.params import OnMissing, SummaryParams
from worker_svc.market.repository import count_by_market, largest_volumes


async def run(ctx: JobContext[SummaryParams]) -> dict[str, Any]:
    """Counts per market and the largest volumes of the cash market."""
    async with open_environment() as env:
        session_day = await find_session(ctx, env, ctx.params.reference)
        if session_day is None:
            return {"outcome": "not_a_session", "session": None}
        day = session_day.day
        async with read_transaction(env.sessionmaker) as session:
            markets = await count_by_market(session, day=day)
            top = await largest_volumes(session, day=day, limit=ctx.params.top)
    if not markets:
        return _nothing_loaded(ctx, day)
    for place, quote in enumerate(top, start=1):
        facts = {"ticker": quote.codneg, "volume": str(quote.voltot), "close": str(quote.preult)}
        ctx.log.info("largest volumes", place=place, **facts)
    return {
        "outcome": "summarised",
        "session": day.isoformat(),
        "quotes": sum(market.quotes for market in markets),
        "volume": str(sum(market.volume for market in markets)),
        "markets": [{"market_type": m.market_type, "quotes": m.quotes, "volume": str(m.volume)} for m in markets],
        "largest_volumes": [
            {"ticker": q.codneg, "close": str(q.preult), "volume": str(q.voltot), "trades": q.totneg} for q in top
        ],
    }


def _nothing_loaded(ctx: JobContext[SummaryParams], day: date) -> dict[str, Any]:
    message = f"no quotes of {day.isoformat()} are loaded; run b3.cotahist.load for it first"
    if ctx.params.on_missing is OnMissing.FAIL:
        raise TransientError(message, code="NOT_LOADED", detail={"session": day.isoformat()})
    ctx.warn("NOT_LOADED", message, session=day.isoformat())
    return {"outcome": "not_loaded", "session": day.isoformat()}
