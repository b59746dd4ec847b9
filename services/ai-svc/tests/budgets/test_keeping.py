"""Beside the API: lost calls are booked, old ones go, and the release's prices are there."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from ai_books import EXPIRES, NOON, Shop
from sqlalchemy import text

from ai_svc.budgets import public
from ai_svc.budgets.public import BookKeeping
from shared_utils.db.session import sessionmaker_for


def keeping(shop: Shop, *, keep_days: int = 180) -> BookKeeping:
    return BookKeeping(shop.books, sessionmaker_for(shop.engine), shop.clock, keep_days=keep_days)


async def test_a_release_brings_one_price_once(shop: Shop) -> None:
    await keeping(shop).begin()
    await keeping(shop).begin()
    rows = await shop.rows("SELECT provider, model, input_usd, output_usd, created_by FROM ai.model_prices")
    assert rows == [
        {"provider": "local", "model": "*", "input_usd": Decimal(0), "output_usd": Decimal(0), "created_by": "release"}
    ]


async def test_old_calls_and_counters_go(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "BATCH", 2)
    await shop.budget()
    for days in (500, 181, 181, 181, 179):
        shop.clock.set(NOON - timedelta(days=days))
        await shop.settle(await shop.reserve())
    shop.clock.set(NOON)
    keeper = keeping(shop)
    assert [await keeper.forget() for _ in range(3)] == [2, 2, 0]
    assert len(await shop.rows("SELECT 1 FROM ai.model_calls")) == 1
    assert len(await shop.rows("SELECT 1 FROM ai.budget_usage")) == 2


async def test_one_process_at_a_time_removes(shop: Shop) -> None:
    shop.clock.set(NOON - timedelta(days=200))
    await shop.settle(await shop.reserve())
    shop.clock.set(NOON)
    async with shop.engine.connect() as other, other.begin():
        await other.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('ai.book_keeping', 0))"))
        assert await keeping(shop).forget() == 0
    assert await keeping(shop).forget() == 1


async def test_a_round_books_what_was_lost(shop: Shop) -> None:
    await shop.budget()
    await shop.reserve()
    shop.clock.advance(EXPIRES + timedelta(seconds=1))
    await keeping(shop).step()
    assert await shop.counters() == [("", 0, 100, 1)]


async def test_the_loop_outlives_a_database_that_is_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "SWEEP_SECONDS", 0.001)
    keeper, stop, rounds = keeping(shop), asyncio.Event(), 0

    async def step() -> None:
        nonlocal rounds
        rounds += 1
        if rounds > 2:
            stop.set()
        raise OSError("gone")

    monkeypatch.setattr(keeper, "step", step)
    await keeper.run(stop)
    assert rounds == 3


async def test_the_log_is_read_through_an_index(shop: Shop) -> None:
    async with shop.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO ai.model_calls (id, at, purpose, user_id, provider, model, input_tokens, output_tokens, usd,"
                " estimated, priced, outcome) SELECT gen_random_uuid(), now() - n * interval '1 minute', 'text.qa',"
                " 'u' || n % 100, 'openai', 'm', 1, 1, 0, false, true, 'ok' FROM generate_series(1, 20000) n"
            )
        )
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plans = [
            "\n".join((await connection.execute(text("EXPLAIN " + query))).scalars())
            for query in (
                "SELECT sum(usd) FROM ai.model_calls WHERE at >= now() - interval '1 day' AND at < now()",
                "SELECT sum(usd) FROM ai.model_calls WHERE at >= now() - interval '1 day' AND user_id = 'u1'",
                "SELECT id FROM ai.call_reservations WHERE expires_at < now() ORDER BY expires_at LIMIT 500",
            )
        ]
    indexes: list[Any] = ["ix_model_calls_at", "ix_model_calls_user_id_at", "ix_call_reservations_expires_at"]
    assert all(index in plan for index, plan in zip(indexes, plans, strict=True))
