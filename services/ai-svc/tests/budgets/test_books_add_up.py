"""Whatever is reserved, settled, lost and swept, in any order and at the same time: the counters are the sums."""

import asyncio
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ai_books import EXPIRES, Shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ai_svc.brain.exceptions import BudgetExceeded
from shared_utils.clock import home_date

USERS = ["ana", "bia", "caio"]
LIMITS = {"everything": 900, "user": 400}
USD_LIMIT = Decimal("0.0009")

reserve = st.tuples(
    st.just("reserve"),
    st.sampled_from(USERS),
    st.sampled_from([None, "mesa"]),
    st.integers(0, 250),
    st.integers(0, 100),
)
settle = st.tuples(st.just("settle"), st.integers(0, 50), st.integers(0, 300), st.integers(0, 120))
together = st.tuples(st.just("together"), st.lists(st.integers(0, 200), min_size=2, max_size=5))
advance = st.tuples(st.just("advance"), st.sampled_from([timedelta(minutes=6), EXPIRES, timedelta(hours=13)]))
sweep = st.tuples(st.just("sweep"))
steps = st.lists(
    st.one_of(reserve, reserve, reserve, settle, settle, together, advance, sweep), min_size=5, max_size=25
)


class Ledger:
    """What the books should say: (reserved, used) per budget, subject and day."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.open: dict[Any, Any] = {}
        self.reserved: Counter[Any] = Counter()
        self.used: Counter[Any] = Counter()
        self.usd: Counter[Any] = Counter()

    def keys(self, user: str, team: str | None) -> list[Any]:
        day = home_date(self.shop.clock.now())
        keys = [("everything", "", day), ("user", user, day)]
        return keys + ([("team", team, day.replace(day=1))] if team else [])

    def fits(self, keys: list[Any], tokens: int, usd: Decimal) -> bool:
        for kind, subject, start in keys:
            key = (kind, subject, start)
            if kind == "team":
                if self.usd[key] + usd > USD_LIMIT:
                    return False
            elif self.reserved[key] + self.used[key] + tokens > LIMITS[kind]:
                return False
        return True

    def take(self, reservation: Any, keys: list[Any], input_tokens: int, output_tokens: int) -> None:
        expires = self.shop.clock.now() + EXPIRES
        self.open[reservation.id] = (reservation, keys, input_tokens, output_tokens, expires)
        for key in keys:
            self.reserved[key] += input_tokens + output_tokens
            self.usd[key] += money(input_tokens, output_tokens)

    def book(self, call_id: Any, input_tokens: int, output_tokens: int) -> None:
        _, keys, reserved_input, reserved_output, _ = self.open.pop(call_id)
        for key in keys:
            self.reserved[key] -= reserved_input + reserved_output
            self.used[key] += input_tokens + output_tokens
            self.usd[key] += money(input_tokens, output_tokens) - money(reserved_input, reserved_output)


def money(input_tokens: int, output_tokens: int) -> Decimal:
    return Decimal(input_tokens + 2 * output_tokens) / 1_000_000


async def run(ledger: Ledger, step: Any) -> None:
    shop = ledger.shop
    match step:
        case ("reserve", user, team, input_tokens, output_tokens):
            keys = ledger.keys(user, team)
            fits = ledger.fits(keys, input_tokens + output_tokens, money(input_tokens, output_tokens))
            try:
                reservation = await shop.reserve(tokens=input_tokens, output=output_tokens, user=user, team=team)
            except BudgetExceeded:
                assert not fits
            else:
                assert fits
                ledger.take(reservation, keys, input_tokens, output_tokens)
        case ("settle", which, input_tokens, output_tokens) if ledger.open:
            reservation = list(ledger.open.values())[which % len(ledger.open)][0]
            await shop.settle(reservation, tokens=input_tokens, output=output_tokens)
            ledger.book(reservation.id, input_tokens, output_tokens)
        case ("together", sizes):
            results = await asyncio.gather(*(shop.reserve(tokens=size) for size in sizes), return_exceptions=True)
            for size, result in zip(sizes, results, strict=True):
                if isinstance(result, BaseException):
                    assert isinstance(result, BudgetExceeded)
                else:
                    ledger.take(result, ledger.keys("ana", None), size, 0)
            # A call may have used more than it reserved; nothing is let in beyond the limit after that.
            if not all(isinstance(result, BudgetExceeded) for result in results):
                for key in ledger.keys("ana", None):
                    assert ledger.reserved[key] + ledger.used[key] <= LIMITS[key[0]]
        case ("advance", by):
            shop.clock.advance(by)
        case ("sweep",):
            late = [key for key, one in ledger.open.items() if one[4] < shop.clock.now()]
            assert await shop.books.sweep() == len(late)
            for call_id in late:
                _, _, input_tokens, output_tokens, _ = ledger.open[call_id]
                ledger.book(call_id, input_tokens, output_tokens)


async def agree(ledger: Ledger) -> None:
    rows = await ledger.shop.rows(
        "SELECT b.subject_kind, u.subject, u.period_start, u.reserved_tokens, u.used_tokens, u.reserved_usd + u.used_usd AS usd "
        "FROM ai.budget_usage u JOIN ai.budgets b ON b.id = u.budget_id"
    )
    seen = {(row["subject_kind"], row["subject"], row["period_start"]): row for row in rows}
    for key, row in seen.items():
        assert (row["reserved_tokens"], row["used_tokens"]) == (ledger.reserved[key], ledger.used[key])
        assert row["usd"] == ledger.usd[key]
    for counts in (ledger.reserved, ledger.used):
        assert {key for key, value in counts.items() if value} <= set(seen)
    open_now = await ledger.shop.rows("SELECT id FROM ai.call_reservations")
    assert {row["id"] for row in open_now} == set(ledger.open)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=steps)
async def test_counters_are_sums(shop: Shop, plan: list[Any]) -> None:
    async with shop.engine.begin() as connection:
        await connection.execute(
            text(
                "WITH a AS (DELETE FROM ai.budgets), b AS (DELETE FROM ai.budget_usage), c AS (DELETE FROM ai.call_reservations), "
                "d AS (DELETE FROM ai.model_calls) DELETE FROM ai.model_prices"
            )
        )
    await shop.price()
    await shop.budget(subject_kind="everything", limit_tokens=LIMITS["everything"])
    await shop.budget(subject_kind="user", limit_tokens=LIMITS["user"])
    await shop.budget(subject_kind="team", limit_tokens=None, limit_usd=USD_LIMIT, period="month")
    ledger = Ledger(shop)
    for step in plan:
        await run(ledger, step)
    await agree(ledger)
    # In the end everything that was lost is booked, and the log says the same as the counters.
    shop.clock.advance(EXPIRES + timedelta(seconds=1))
    await run(ledger, ("sweep",))
    await agree(ledger)
    assert not ledger.open
    logged = await shop.rows("SELECT COALESCE(sum(input_tokens + output_tokens), 0) AS tokens FROM ai.model_calls")
    assert logged[0]["tokens"] == sum(value for key, value in ledger.used.items() if key[0] == "everything")
