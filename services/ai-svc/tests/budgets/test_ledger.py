"""What a call may cost is set aside before and booked after: no overspend, nothing lost, everything closed when in doubt."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import ai_books
import pytest
from ai_books import EXPIRES, NOON, Shop
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ai_svc.brain.chat import PromptRef
from ai_svc.brain.exceptions import BudgetExceeded
from ai_svc.brain.schemas import ProviderName
from ai_svc.budgets.exceptions import BooksAway, PriceUnknown


async def test_the_rest_of_a_reservation_comes_back(shop: Shop) -> None:
    await shop.budget(limit_tokens=100)
    reservation = await shop.reserve(tokens=70, output=30)
    assert reservation.tokens == 100
    assert await shop.counters() == [("", 100, 0, 0)]
    await shop.settle(reservation, tokens=40, output=10)
    assert await shop.counters() == [("", 0, 50, 1)]
    await shop.reserve(tokens=50)


async def test_what_does_not_fit_is_refused_and_changes_nothing(shop: Shop) -> None:
    await shop.budget(limit_tokens=1000)
    await shop.budget(name="pequeno", limit_tokens=99)
    with pytest.raises(BudgetExceeded, match=r"'pequeno' .* until 2026-11-21T03:00") as caught:
        await shop.reserve(tokens=100)
    assert caught.value.details["budget"] == "pequeno"
    assert caught.value.retry_after == timedelta(hours=12).total_seconds()
    assert await shop.counters() == [("", 0, 0, 0), ("", 0, 0, 0)]
    assert await shop.rows("SELECT 1 FROM ai.call_reservations") == []


async def test_200_calls_at_the_same_time_on_a_budget_for_50(database: Any) -> None:
    """Twelve connections, six budgets on every call, made and used in different orders by different users."""
    async with ai_books.shop(database, pool=12) as shop:
        await shop.price()
        await shop.budget(limit_tokens=5000)
        await shop.budget(limit_tokens=10_000, limit_usd=Decimal("0.02"), period="month")
        await shop.budget(subject_kind="user", limit_tokens=100_000)
        await shop.budget(subject_kind="team", limit_tokens=100_000)
        await shop.budget(subject_kind="agent", subject="a1", limit_tokens=100_000)
        await shop.budget(subject_kind="api_key", subject=None, limit_tokens=100_000)

        async def call(number: int) -> bool:
            who = {
                "user": f"u{number % 7}",
                "team": f"t{number % 3}",
                "agent": f"a{number % 2}",
                "api_key": f"k{number % 5}",
            }
            try:
                reservation = await shop.reserve(tokens=50, output=50, **who)
            except BudgetExceeded:
                return False
            if number % 2:
                await shop.settle(reservation, tokens=50, output=50)
            return True

        made = sum(await asyncio.gather(*(call(number) for number in range(200))))
        assert made == 50
        everything = await shop.rows(
            "SELECT DISTINCT sum(used_tokens + reserved_tokens) AS tokens, sum(used_usd + reserved_usd) AS usd "
            "FROM ai.budget_usage u JOIN ai.budgets b ON b.id = u.budget_id WHERE b.subject_kind <> 'agent' GROUP BY b.id"
        )
        assert everything == [{"tokens": 5000, "usd": Decimal("0.0075")}]


async def test_calls_that_begin_a_period_together_share_one_counter(database: Any) -> None:
    async with ai_books.shop(database, pool=10) as shop:
        await shop.budget(limit_tokens=300)
        results = await asyncio.gather(*(shop.reserve() for _ in range(10)), return_exceptions=True)
        assert sum(isinstance(result, BudgetExceeded) for result in results) == 7
        assert await shop.counters() == [("", 300, 0, 0)]


@pytest.mark.parametrize(
    ("budget", "applies"),
    [
        ({"subject_kind": "everything"}, True),
        ({"subject_kind": "user", "subject": "ana"}, True),
        ({"subject_kind": "user", "subject": "bia"}, False),
        ({"subject_kind": "user", "subject": None}, True),
        ({"subject_kind": "team", "subject": "mesa"}, True),
        ({"subject_kind": "team", "subject": "risco"}, False),
        ({"subject_kind": "api_key", "subject": None}, False),
        ({"subject_kind": "agent", "subject": "operations"}, True),
    ],
)
async def test_whose_calls_a_budget_is_about(shop: Shop, budget: dict[str, Any], applies: bool) -> None:
    await shop.budget(limit_tokens=0, **budget)
    who = {"user": "ana", "team": "mesa", "agent": "operations"}
    if applies:
        with pytest.raises(BudgetExceeded):
            await shop.reserve(**who)
    else:
        await shop.reserve(**who)


async def test_each_user_has_the_limit_for_themselves(shop: Shop) -> None:
    await shop.budget(subject_kind="user", limit_tokens=100)
    await shop.reserve(user="ana")
    await shop.reserve(user="bia")
    with pytest.raises(BudgetExceeded):
        await shop.reserve(user="ana", tokens=1)


async def test_a_soft_budget_counts_and_does_not_refuse(shop: Shop) -> None:
    await shop.budget(limit_tokens=10, hard=False, limit_usd=Decimal(0))
    await shop.settle(await shop.reserve(), tokens=100)
    assert await shop.counters() == [("", 0, 100, 1)]


@pytest.mark.parametrize(
    ("period", "last", "fresh"),
    [
        ("day", datetime(2026, 11, 21, 2, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 3, 0, tzinfo=UTC)),
        ("month", datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, 3, 0, tzinfo=UTC)),
    ],
)
async def test_a_period_begins_at_midnight_in_sao_paulo(
    shop: Shop, period: str, last: datetime, fresh: datetime
) -> None:
    await shop.budget(limit_tokens=100, period=period)
    before = await shop.reserve()
    shop.clock.set(last)
    with pytest.raises(BudgetExceeded):
        await shop.reserve()
    shop.clock.set(fresh)
    await shop.reserve()
    # A call is booked in the period in which it began.
    await shop.settle(before, tokens=70)
    assert await shop.counters() == [("", 0, 70, 1), ("", 100, 0, 0)]


async def test_money_is_what_the_price_list_said_when_the_call_began(shop: Shop) -> None:
    await shop.price("*", input_usd="9", output_usd="9")
    await shop.price("m-*", input_usd="1", output_usd="2")
    await shop.price("m-1", input_usd="0.5", output_usd="0.25", valid_from=NOON + timedelta(days=1))
    await shop.price("m_1", input_usd="7", output_usd="7")
    await shop.budget(limit_tokens=None, limit_usd=Decimal(1))
    reservation = await shop.reserve(tokens=1000, output=500)
    assert reservation.money == Decimal("0.002")
    await shop.price("m-1", input_usd="5", output_usd="5")
    await shop.settle(reservation, tokens=1000, output=1)
    rows = await shop.rows("SELECT usd, priced FROM ai.model_calls")
    assert rows == [{"usd": Decimal("0.001002"), "priced": True}]
    assert (await shop.reserve(tokens=1_000)).money == Decimal("0.005")
    shop.clock.advance(timedelta(days=1))
    assert (await shop.reserve(tokens=1_000)).money == Decimal("0.0005")


async def test_a_budget_in_money_refuses_a_call_that_is_too_dear(shop: Shop) -> None:
    await shop.price(input_usd="1000000", output_usd="0")
    await shop.budget(limit_tokens=None, limit_usd=Decimal(5))
    await shop.reserve(tokens=5)
    with pytest.raises(BudgetExceeded):
        await shop.reserve(tokens=1)


async def test_parts_of_a_billionth_of_a_dollar_are_rounded_up(shop: Shop) -> None:
    await shop.price(input_usd="0.0001", output_usd="0")
    assert (await shop.reserve(tokens=1)).money == Decimal("0.000000001")


async def test_without_a_price_tokens_count_and_budgets_in_money_refuse(shop: Shop) -> None:
    await shop.budget(limit_tokens=1000)
    await shop.settle(await shop.reserve(), tokens=100)
    assert await shop.rows("SELECT usd, priced FROM ai.model_calls") == [{"usd": Decimal(0), "priced": False}]
    await shop.budget(name="em dinheiro", limit_tokens=None, limit_usd=Decimal(1000))
    with pytest.raises(PriceUnknown, match="ai/prices") as caught:
        await shop.reserve()
    assert caught.value.details["budget"] == "em dinheiro"
    assert await shop.counters() == [("", 0, 100, 1)]


async def test_local_is_no_model_and_never_refused(shop: Shop) -> None:
    await shop.budget(limit_tokens=0, limit_usd=Decimal(0))
    await shop.settle(await shop.reserve(provider=ProviderName.LOCAL, model="local"), tokens=3)
    assert await shop.counters() == []
    assert await shop.rows("SELECT provider, input_tokens FROM ai.model_calls") == [
        {"provider": "local", "input_tokens": 3}
    ]


async def test_the_log_says_for_whom_and_for_what(shop: Shop) -> None:
    prompt = PromptRef(name="text.qa", version=3, sha256="ab" * 32)
    reservation = await shop.reserve(
        user="ana", team="mesa", agent="operations", api_key="k1", prompt=prompt, tokens=7, output=9
    )
    await shop.settle(reservation, tokens=5, output=6, outcome="MODEL_TIMED_OUT")
    rows = await shop.rows("SELECT * FROM ai.model_calls")
    assert rows == [
        {
            "id": reservation.id,
            "at": NOON,
            "purpose": "text.qa",
            "user_id": "ana",
            "api_key": "k1",
            "team": "mesa",
            "agent": "operations",
            "prompt_name": "text.qa",
            "prompt_version": 3,
            "prompt_sha256": "ab" * 32,
            "provider": "openai",
            "model": "m-1",
            "input_tokens": 5,
            "output_tokens": 6,
            "usd": Decimal(0),
            "estimated": False,
            "priced": False,
            "outcome": "MODEL_TIMED_OUT",
            "seconds": 1.5,
            "first_token_seconds": 0.25,
        }
    ]
    async with shop.engine.connect() as connection:
        with pytest.raises(IntegrityError, match="written once"):
            await connection.execute(text("UPDATE ai.model_calls SET input_tokens = 0"))


async def test_settling_twice_books_once(shop: Shop) -> None:
    await shop.budget()
    reservation = await shop.reserve()
    await asyncio.gather(*(shop.settle(reservation) for _ in range(4)))
    assert await shop.counters() == [("", 0, 60, 1)]


async def test_what_was_really_used_is_booked_even_beyond_the_reservation(shop: Shop) -> None:
    await shop.budget(limit_tokens=100)
    await shop.settle(await shop.reserve(), tokens=130)
    assert await shop.counters() == [("", 0, 130, 1)]
    with pytest.raises(BudgetExceeded):
        await shop.reserve(tokens=0)


async def test_a_call_whose_process_died_is_booked_as_reserved(shop: Shop) -> None:
    await shop.budget()
    late = await shop.reserve(tokens=70, output=30)
    shop.clock.advance(EXPIRES)
    await shop.reserve(tokens=11)
    assert await shop.books.sweep() == 0
    shop.clock.advance(timedelta(seconds=1))
    assert await asyncio.gather(shop.books.sweep(), shop.books.sweep()) in ([1, 0], [0, 1])
    assert await shop.counters() == [("", 11, 100, 1)]
    rows = await shop.rows("SELECT input_tokens, output_tokens, estimated, outcome, seconds FROM ai.model_calls")
    assert rows == [{"input_tokens": 70, "output_tokens": 30, "estimated": True, "outcome": "expired", "seconds": None}]
    # Whoever comes too late changes nothing.
    await shop.settle(late, tokens=1)
    assert await shop.counters() == [("", 11, 100, 1)]


async def test_a_cancelled_reservation_is_given_back(shop: Shop) -> None:
    await shop.budget()
    async with shop.engine.begin() as blocker:
        await blocker.execute(text("LOCK TABLE ai.call_reservations IN ACCESS EXCLUSIVE MODE"))
        asking = asyncio.create_task(shop.reserve())
        await waiting_for_a_lock(shop)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    await shop.books.close()
    await shop.books.close()
    assert await shop.counters() == [("", 0, 0, 1)]
    assert await shop.rows("SELECT outcome, input_tokens FROM ai.model_calls") == [
        {"outcome": "cancelled", "input_tokens": 0}
    ]


async def waiting_for_a_lock(shop: Shop) -> None:
    """Returns when a statement of the books waits."""
    async with asyncio.timeout(20):
        while not await shop.rows(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%reserve_call%'"
        ):
            await asyncio.sleep(0)


async def test_settling_ends_though_the_caller_is_cancelled(shop: Shop) -> None:
    await shop.budget()
    reservation = await shop.reserve()
    settling = asyncio.create_task(shop.settle(reservation))
    await asyncio.sleep(0)
    settling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await settling
    await shop.books.close()
    assert await shop.counters() == [("", 0, 60, 1)]


async def test_a_budget_may_go_while_calls_are_being_made(shop: Shop) -> None:
    budget = await shop.budget(limit_tokens=100)
    reservation = await shop.reserve()
    async with shop.engine.begin() as connection:
        await connection.execute(text("DELETE FROM ai.budgets WHERE id = :id"), {"id": budget})
        await connection.execute(text("DELETE FROM ai.budget_usage WHERE budget_id = :id"), {"id": budget})
    await shop.settle(reservation)
    assert len(await shop.rows("SELECT 1 FROM ai.model_calls")) == 1


async def test_without_the_database_nothing_is_set_aside(database: Any, caplog: pytest.LogCaptureFixture) -> None:
    class Gone:
        runtime_url = database.runtime_url.rsplit("/", 1)[0] + "/rotina_test_not_there"

    async with ai_books.shop(Gone()) as shop:
        with pytest.raises(BooksAway):
            await shop.reserve(user="canary-user")
        assert shop.registry.get_sample_value("ai_budget_refusals_total", {"reason": "unavailable"}) == 1
    assert "canary-user" not in caplog.text


async def test_an_answer_is_not_lost_because_the_books_are_away(database: Any) -> None:
    """The call is booked as reserved when its reservation expires."""

    class Gone:
        runtime_url = database.runtime_url.rsplit("/", 1)[0] + "/rotina_test_not_there"

    async with ai_books.shop(database) as there, ai_books.shop(Gone()) as shop:
        await there.budget()
        reservation = await there.reserve()
        await shop.settle(reservation)
        assert shop.registry.get_sample_value("ai_unsettled_calls_total") == 1
        there.clock.advance(EXPIRES + timedelta(seconds=1))
        assert await there.books.sweep() == 1
        assert await there.counters() == [("", 0, 100, 1)]


async def test_metrics_have_closed_labels(shop: Shop) -> None:
    await shop.price()
    for number in range(60):
        await shop.settle(
            await shop.reserve(model=f"m-{number}", purpose="nonsense"), tokens=1, output=2, outcome="MODEL_FAILED"
        )
    value = shop.registry.get_sample_value
    labels = {"purpose": "other", "provider": "openai", "model": "other"}
    assert value("ai_calls_total", labels | {"outcome": "failed"}) == 10
    assert value("ai_tokens_total", labels | {"direction": "output"}) == 20
    assert value("ai_cost_usd_total", labels) == pytest.approx(10 * 5e-6)
