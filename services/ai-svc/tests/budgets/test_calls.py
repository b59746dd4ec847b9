"""The books behind real calls: 200 at the same time on a budget for 50, over HTTP to a scripted model."""

import asyncio
from typing import Any

import ai_books
from model_calls import CONTEXT, asking, caller_over, provider_of

from ai_svc.brain import tokens
from ai_svc.brain.exceptions import BudgetExceeded
from ai_svc.brain.schemas import ProviderName
from ai_svc.budgets.public import BooksAway
from shared_utils.testing.model_server import Answer, Fault, ModelServer

REQUEST = asking(max_output_tokens=40)
INPUT = tokens.count_request(REQUEST, provider=ProviderName.OPENAI_COMPATIBLE)
COST = INPUT + 40


async def test_200_calls_on_a_budget_for_50(database: Any) -> None:
    """Every call uses all that it may: the 51st must not be made, whatever is settled in between."""

    async def call(caller: Any) -> bool:
        try:
            await caller.chat(REQUEST, context=CONTEXT)
        except BudgetExceeded:
            return False
        return True

    async with ai_books.shop(database, pool=10) as shop:
        await shop.budget(limit_tokens=50 * COST)
        async with ModelServer(lambda _call: Answer("São Luís.", usage=(INPUT, 40))) as server:
            caller = caller_over(provider_of(server), ledger=shop.books)
            made = await asyncio.gather(*(call(caller) for _ in range(200)))
            assert sum(made) == len(server.chats) == 50
            await caller.aclose()
        assert await shop.counters() == [("", 0, 50 * COST, 50)]


async def test_a_call_that_fails_costs_what_it_used(database: Any) -> None:
    async with ai_books.shop(database) as shop:
        await shop.budget(limit_tokens=10 * COST)
        async with ModelServer([Answer("x", Fault("status", status=400))]) as server:
            caller = caller_over(provider_of(server), ledger=shop.books)
            errors = await asyncio.gather(caller.chat(REQUEST, context=CONTEXT), return_exceptions=True)
            assert isinstance(errors[0], Exception)
            await caller.aclose()
        assert await shop.counters() == [("", 0, 0, 1)]
        assert [row["outcome"] for row in await shop.rows("SELECT outcome FROM ai.model_calls")] == ["MODEL_REFUSED"]


async def test_nobody_is_asked_while_the_books_are_away(database: Any) -> None:
    class Gone:
        runtime_url = database.runtime_url.rsplit("/", 1)[0] + "/rotina_test_not_there"

    async with ai_books.shop(Gone()) as shop, ModelServer(["São Luís."]) as server:
        caller = caller_over(provider_of(server), ledger=shop.books)
        errors = await asyncio.gather(caller.chat(REQUEST, context=CONTEXT), return_exceptions=True)
        assert isinstance(errors[0], BooksAway)
        assert server.chats == []
        await caller.aclose()
