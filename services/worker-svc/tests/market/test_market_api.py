"""The read API of market data: exact prices, keyset pages, who may read, and plans that use the key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared_schemas.auth import Role
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory
from shared_utils.security.oidc import OidcVerifier
from shared_utils.security.roles import roles_adapter
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.oidc_issuer import AUDIENCE, OidcIssuer
from shared_utils.testing.sessions import savepoint_sessionmaker
from worker_svc.main import create_app
from worker_svc.market.gauges import DatasetGauges, reading
from worker_svc.market.models import Load, Quote, Release
from worker_svc.settings import Settings

DAY = date(2024, 11, 8)


def quote(day: date, ticker: str, **fields: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(("preabe", "premax", "premin", "premed", "preult", "preofc", "preofv", "preexe"), "37.10")
    return {
        "trade_date": day,
        "codneg": ticker,
        "tpmerc": 10,
        "prazot": "",
        "codbdi": "02",
        "nomres": "PETROBRAS",
        "especi": "PN",
        "modref": "R$",
        "totneg": 100,
        "quatot": 999_999_999_999_999_999,
        "voltot": "9999999999999999.99",
        "indopc": 0,
        "datven": None,
        "fatcot": 1,
        "ptoexe": "0.000001",
        "codisi": "BRPETRACNPR6",
        "dismes": 1,
        **numbers,
        **fields,
    }


@pytest.fixture(scope="module")
async def engine(market_database: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    made = create_engine(market_database.runtime_url, application_name="test")
    yield made
    await made.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> AsyncIterator[SessionFactory]:
    async with savepoint_sessionmaker(engine) as made:
        yield made


@pytest.fixture
async def as_caller(settings: Settings, sessions: SessionFactory, oidc_issuer: OidcIssuer) -> AsyncIterator[Any]:
    """`async with as_caller(role) as client`; None is nobody."""
    app = create_app(settings)
    async with httpx.AsyncClient() as http:
        verifier = OidcVerifier(oidc_issuer.issuer, AUDIENCE, roles_adapter=roles_adapter("generic"), http=http)
        state = {"sessionmaker": sessions, "oidc": verifier}

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        @asynccontextmanager
        async def caller(role: Role | None) -> AsyncIterator[httpx.AsyncClient]:
            headers = {"Authorization": f"Bearer {oidc_issuer.token('someone', roles=[role])}"} if role else {}
            transport = httpx.ASGITransport(app=serve)
            async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as client:
                yield client

        yield caller


@pytest.fixture
async def viewer(as_caller: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with as_caller(Role.VIEWER) as client:
        yield client


@pytest.fixture
async def data(sessions: SessionFactory) -> SimpleNamespace:
    """Three sessions of three tickers, a forward, an option, and the records of their loads."""
    days = [DAY - timedelta(days=number) for number in range(3)]
    rows = [quote(day, ticker) for day in days for ticker in ("ABEV3", "PETR4", "VALE3")]
    rows.append(quote(DAY, "PETR4T", tpmerc=30, prazot="030"))
    rows.append(quote(DAY, "PETRK385", tpmerc=70, prazot="000", datven=date(2024, 11, 15), fatcot=1000))
    release = uuid7()
    async with sessions() as session:
        await session.execute(insert(Quote), rows)
        await session.execute(
            insert(Release).values(
                id=release, dataset="b3.cotahist", reference_date=DAY, url="http://b3/x.ZIP", sha256="ab", size_bytes=10,
                storage_path="raw/x", outcome="got", detail={}, records=5,
            )
        )  # fmt: skip
        for number, day in enumerate([*days, DAY]):
            await session.execute(
                insert(Load).values(
                    dataset="b3.cotahist", release_id=release, reference_date=day, rows=3 + number, inserted=3,
                    updated=0, deleted=0, unchanged=0, checks=[{"code": "X", "message": "y", "context": {}}],
                    loaded_at=datetime(2024, 11, 9, number, tzinfo=UTC),
                )
            )  # fmt: skip
        await session.commit()
    return SimpleNamespace(days=days, release=release)


async def pages(client: httpx.AsyncClient, path: str, **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = await client.get(path, params={**params, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        rows += body["data"]
        assert len(body["data"]) <= params["limit"]
        cursor = body["meta"]["next_cursor"]
        if cursor is None:
            return rows


async def test_prices_are_exact_strings(viewer: httpx.AsyncClient, data: Any) -> None:
    answer = await viewer.get("/api/v1/market/quotes", params={"ticker": "petrk385"})
    (row,) = answer.json()["data"]
    assert (row["close"], row["volume"], row["strike_points"]) == ("37.10", "9999999999999999.99", "0.000001")
    assert (row["quantity"], row["quote_factor"]) == (999_999_999_999_999_999, 1000)
    assert (row["ticker"], row["market_type"], row["expires_on"]) == ("PETRK385", 70, "2024-11-15")


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
async def test_pages_put_together_are_the_whole_list_newest_first(
    viewer: httpx.AsyncClient, data: Any, limit: int
) -> None:
    rows = await pages(viewer, "/api/v1/market/quotes", limit=limit)
    keys = [(row["trade_date"], row["ticker"]) for row in rows]
    assert len(keys) == 11
    assert keys == sorted(keys, reverse=True)


async def test_filters(viewer: httpx.AsyncClient, data: Any) -> None:
    async def tickers(**params: Any) -> list[tuple[str, str]]:
        answer = await viewer.get("/api/v1/market/quotes", params=params)
        assert answer.status_code == 200, answer.text
        return [(row["trade_date"], row["ticker"]) for row in answer.json()["data"]]

    assert await tickers(date="2024-11-07", ticker="PETR4") == [("2024-11-07", "PETR4")]
    window = {"from": "2024-11-06", "to": "2024-11-07"}
    assert {day for day, _ in await tickers(**window)} == {"2024-11-06", "2024-11-07"}
    assert await tickers(market_type=30) == [("2024-11-08", "PETR4T")]
    assert await tickers(ticker="NONE1") == []


async def test_contradictions_and_nonsense_are_refused(viewer: httpx.AsyncClient) -> None:
    for params, code in [
        ({"date": "2024-11-08", "from": "2024-11-01"}, "CONTRADICTORY_DATES"),
        ({"from": "2024-11-08", "to": "2024-11-01"}, "CONTRADICTORY_DATES"),
        ({"cursor": "bm9uc2Vuc2U"}, "INVALID_CURSOR"),
        ({"cursor": "eyJ0cmFkZV9kYXRlIjoieCJ9"}, "INVALID_CURSOR"),
    ]:
        answer = await viewer.get("/api/v1/market/quotes", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await viewer.get("/api/v1/market/quotes", params={"ticker": "a'; DROP"})).status_code == 422


async def test_the_latest_quote(viewer: httpx.AsyncClient, data: Any) -> None:
    answer = await viewer.get("/api/v1/market/quotes/petr4/latest")
    assert (answer.json()["data"]["trade_date"], answer.json()["meta"]) == ("2024-11-08", None)
    missing = await viewer.get("/api/v1/market/quotes/NONE1/latest")
    assert (missing.status_code, missing.json()["code"]) == (404, "QUOTE_NOT_FOUND")


async def test_sessions_show_their_last_load(viewer: httpx.AsyncClient, data: Any) -> None:
    rows = await pages(viewer, "/api/v1/market/sessions", limit=2)
    assert [row["session"] for row in rows] == [day.isoformat() for day in data.days]
    assert (rows[0]["rows"], rows[0]["warnings"]) == (6, 1)
    assert [row["session"] for row in await pages(viewer, "/api/market/sessions", limit=9, to="2024-11-06")] == [
        "2024-11-06"
    ]


async def test_releases_and_loads(viewer: httpx.AsyncClient, data: Any) -> None:
    releases = await pages(viewer, "/api/v1/market/releases", limit=10, dataset="b3.cotahist")
    assert [row["id"] for row in releases] == [str(data.release)]
    loads = await pages(viewer, "/api/v1/market/loads", limit=1, reference_date=DAY.isoformat())
    assert [row["rows"] for row in loads] == [6, 3]
    assert loads[0]["checks"] == [{"code": "X", "message": "y", "context": {}}]
    assert await pages(viewer, "/api/v1/market/loads", limit=5, dataset="other") == []


PATHS = ["quotes", "quotes/PETR4/latest", "sessions", "releases", "loads"]


@pytest.mark.parametrize("path", PATHS)
async def test_only_people_with_a_role_may_read(as_caller: Any, path: str) -> None:
    async with as_caller(None) as nobody:
        answer = await nobody.get(f"/api/v1/market/{path}")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    async with as_caller("stranger") as stranger:
        assert (await stranger.get(f"/api/v1/market/{path}")).status_code == 403


async def test_a_tickers_history_uses_the_key_and_not_the_table(market_database: ServiceDatabase) -> None:
    """The key starts with the day; PostgreSQL 18 skips through it, so a ticker needs no index of its own."""
    engine = create_engine(market_database.owner_url, application_name="test", statement_timeout_ms=0)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT market.ensure_quote_partitions(2019, 2019)"))
            await connection.execute(
                text(
                    """
                    INSERT INTO market.quotes
                    SELECT date '2019-01-01' + day, 'T' || ticker, 10, '', '02', 'n', 'e', 'R$', 1, 1, 1, 1, 1, 1, 1, 1,
                           1, 1, 1, 0, NULL, 1, 1, 'x', 1
                    FROM generate_series(1, 60) AS day, generate_series(1, 2000) AS ticker
                    """
                )
            )
            await connection.execute(text("ANALYZE market.quotes_y2019"))
            plan = await connection.execute(
                text(
                    """
                    EXPLAIN (ANALYZE, BUFFERS OFF) SELECT * FROM market.quotes
                    WHERE codneg = 'T77' AND trade_date BETWEEN '2019-01-01' AND '2019-12-31'
                    ORDER BY trade_date DESC, codneg DESC, tpmerc DESC, prazot DESC LIMIT 50
                    """
                )
            )
            lines = "\n".join(plan.scalars())
            await connection.rollback()
    finally:
        await engine.dispose()
    assert "Index Scan Backward using quotes_y2019_pkey" in lines
    assert "Seq Scan" not in lines
    assert "Rows Removed by Filter" not in lines


async def test_how_fresh_each_dataset_is_is_told_as_metrics(data: SimpleNamespace, sessions: SessionFactory) -> None:
    registry = CollectorRegistry()
    await reading(sessions, FakeClock(datetime(2024, 11, 12, tzinfo=UTC)), registry=registry)()

    def told(name: str) -> float | None:
        return registry.get_sample_value(name, {"dataset": "b3.cotahist"})

    midnight = datetime.combine(DAY, time(), UTC).timestamp()
    assert told("dataset_newest_business_date_timestamp_seconds") == midnight
    instants = [told(f"dataset_{what}_timestamp_seconds") for what in ("loaded", "released", "checked")]
    assert all(instant is not None and instant > midnight for instant in instants)
    assert (registry.get_sample_value("outbox_waiting_rows"), registry.get_sample_value("outbox_oldest_seconds")) == (
        0,
        0,
    )


def test_very_many_datasets_make_no_more_series() -> None:
    registry = CollectorRegistry()
    gauges = DatasetGauges(registry)
    for number in range(200):
        row: Any = SimpleNamespace(dataset=f"d{number}", newest=DAY, loaded_at=None, seen_at=None, checked_at=None)
        gauges.show(row)
    names = {sample.labels["dataset"] for family in registry.collect() for sample in family.samples}
    assert (len(names), "other" in names) == (51, True)
