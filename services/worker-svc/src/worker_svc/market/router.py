"""The read API of market data, under `/api/v1/market`."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypedDict
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Invalid, NotFound, Unauthenticated
from shared_utils.http.dependencies import ReadSessionDep
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit, cursor_meta, decode_cursor
from shared_utils.http.security import Viewer
from worker_svc.market.repository import QuoteKey, find_loads, find_quotes, find_releases, find_sessions
from worker_svc.market.schemas import LoadRead, QuoteRead, ReleaseRead, SessionRead

router = APIRouter(prefix="/market", tags=["market"], responses=problems(Unauthenticated, Forbidden, InvalidCursor))

Ticker = Annotated[str, Query(pattern=r"^[A-Za-z0-9]{1,12}$", description="Trading code, for example PETR4.")]
Day = Annotated[date | None, Query()]
Dataset = Annotated[str | None, Query(max_length=60, description="For example b3.cotahist.")]
MarketType = Annotated[int | None, Query(ge=0, le=999, description="10 cash, 20 odd lot, 30 forward, 70 call, 80 put.")]


class _SessionKey(TypedDict):
    day: date


class _IdKey(TypedDict):
    id: UUID


class ContradictoryDates(Invalid):
    """`date` names one session: leave out `from` and `to`. `from` may not be after `to`."""

    code = "CONTRADICTORY_DATES"


class QuoteNotFound(NotFound):
    """No quote of this ticker is loaded."""

    code = "QUOTE_NOT_FOUND"


@router.get("/quotes", summary="Quotes", responses=problems(ContradictoryDates))
async def list_quotes(
    session: ReadSessionDep,
    _: Viewer,
    ticker: Ticker | None = None,
    day: Annotated[date | None, Query(alias="date", description="One session.")] = None,
    first: Annotated[date | None, Query(alias="from", description="First session.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last session.")] = None,
    market_type: MarketType = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[QuoteRead], CursorMeta]:
    """Quotes, newest session first. Prices are decimal strings, in reais for `quote_factor` units."""
    if (day and (first or last)) or (first and last and first > last):
        raise ContradictoryDates
    rows = await find_quotes(
        session,
        limit=limit + 1,
        ticker=ticker.upper() if ticker else None,
        first=day or first,
        last=day or last,
        market_type=market_type,
        before=_key(cursor, QuoteKey),
    )
    return _page(rows, limit, QuoteRead, _quote_key)


@router.get("/quotes/{ticker}/latest", summary="A ticker's last quote", responses=problems(QuoteNotFound))
async def latest_quote(
    session: ReadSessionDep,
    _: Viewer,
    ticker: Annotated[str, Path(pattern=r"^[A-Za-z0-9]{1,12}$")],
    market_type: MarketType = None,
) -> ApiResponse[QuoteRead, None]:
    """The newest session's quote of a ticker."""
    rows = await find_quotes(session, limit=1, ticker=ticker.upper(), market_type=market_type)
    if not rows:
        raise QuoteNotFound(f"No quote of {ticker.upper()} is loaded.")
    return ok(QuoteRead.model_validate(rows[0]))


@router.get("/sessions", summary="Loaded sessions")
async def list_sessions(
    session: ReadSessionDep,
    _: Viewer,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[SessionRead], CursorMeta]:
    """Sessions that are loaded, newest first, each with its rows and the number of its checks' warnings."""
    before = _key(cursor, _SessionKey)
    rows = await find_sessions(session, limit=limit + 1, first=first, last=last, before=before and before["day"])
    return _page(rows, limit, SessionRead, lambda row: {"day": row.reference_date.isoformat()})


@router.get("/releases", summary="Downloaded files")
async def list_releases(
    session: ReadSessionDep,
    _: Viewer,
    dataset: Dataset = None,
    reference_date: Day = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[ReleaseRead], CursorMeta]:
    """Every content that was ever downloaded, broken ones too, newest first."""
    before = _key(cursor, _IdKey)
    rows = await find_releases(
        session, limit=limit + 1, dataset=dataset, reference_date=reference_date, before=before and before["id"]
    )
    return _page(rows, limit, ReleaseRead, lambda row: {"id": str(row.id)})


@router.get("/loads", summary="Loads")
async def list_loads(
    session: ReadSessionDep,
    _: Viewer,
    dataset: Dataset = None,
    reference_date: Day = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[LoadRead], CursorMeta]:
    """What each load changed and what its checks found, newest first."""
    before = _key(cursor, _IdKey)
    rows = await find_loads(
        session, limit=limit + 1, dataset=dataset, reference_date=reference_date, before=before and before["id"]
    )
    return _page(rows, limit, LoadRead, lambda row: {"id": str(row.id)})


def _key[KeyT](cursor: str | None, kind: type[KeyT]) -> KeyT | None:
    """The sort key in a cursor, checked: a client can write what it likes."""
    if cursor is None:
        return None
    try:
        key: KeyT = TypeAdapter(kind).validate_python(decode_cursor(cursor))
    except ValidationError as error:
        raise InvalidCursor from error
    return key


def _quote_key(row: Any) -> dict[str, Any]:
    return {
        "trade_date": row.trade_date.isoformat(),
        "codneg": row.codneg,
        "tpmerc": row.tpmerc,
        "prazot": row.prazot,
    }


def _page[RowT, ReadT: BaseModel](
    rows: Sequence[RowT], limit: int, schema: type[ReadT], key: Callable[[RowT], dict[str, Any]]
) -> ApiResponse[list[ReadT], CursorMeta]:
    """A page of at most `limit` rows out of `limit + 1`."""
    shown = rows[:limit]
    next_key = key(shown[-1]) if len(rows) > limit else None
    return ok([schema.model_validate(row) for row in shown], meta=cursor_meta(limit=limit, next_key=next_key))
