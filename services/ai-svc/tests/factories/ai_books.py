"""The ledger on a database of its own, and budgets and prices written straight into the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.brain.chat import CallContext, Usage
from ai_svc.brain.ledger import Reservation
from ai_svc.brain.schemas import ProviderName
from ai_svc.budgets.events import BookMetrics
from ai_svc.budgets.models import Budget, ModelPrice
from ai_svc.budgets.repository import LedgerRepository
from ai_svc.budgets.service import Books
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.ids import uuid7

NOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 12:00 in São Paulo
EXPIRES = timedelta(minutes=15)
OPENAI = ProviderName.OPENAI


class Shop:
    """The books, their clock and their metrics."""

    def __init__(self, engine: AsyncEngine, *, at_once: int = 5, start: datetime = NOON) -> None:
        self.engine = engine
        self.clock = FakeClock(start)
        self.registry = CollectorRegistry()
        self.books = Books(
            LedgerRepository(engine, at_once=at_once, wait_seconds=100),
            clock=self.clock,
            metrics=BookMetrics(self.registry),
            expires_after=EXPIRES,
        )

    async def budget(self, **changes: Any) -> UUID:
        values: dict[str, Any] = {
            "id": uuid7(),
            "name": f"budget {uuid7()}",
            "subject_kind": "everything",
            "period": "day",
            "limit_tokens": 1000,
            "hard": True,
            "created_at": NOON,
            "created_by": "adm",
            "updated_at": NOON,
            "updated_by": "adm",
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(Budget).values(**(values | changes)))
        return (values | changes)["id"]

    async def price(self, model: str = "*", *, input_usd: str = "1", output_usd: str = "2", **changes: Any) -> None:
        values: dict[str, Any] = {
            "provider": "openai",
            "model": model,
            "input_usd": Decimal(input_usd),
            "output_usd": Decimal(output_usd),
            "valid_from": NOON - timedelta(days=1),
            "source": "test",
            "created_at": NOON,
            "created_by": "adm",
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(ModelPrice).values(**(values | changes)))

    async def reserve(
        self, *, tokens: int = 100, output: int = 0, provider: ProviderName = OPENAI, model: str = "m-1", **context: Any
    ) -> Reservation:
        asked = CallContext(**({"purpose": "text.qa", "user": "ana"} | context))
        return await self.books.reserve(
            asked, provider=provider, model=model, input_tokens=tokens, output_tokens=output
        )

    async def settle(self, reservation: Reservation, *, tokens: int = 60, output: int = 0, outcome: str = "ok") -> None:
        await self.books.settle(
            reservation,
            usage=Usage(input_tokens=tokens, output_tokens=output),
            outcome=outcome,
            seconds=1.5,
            first_token_seconds=0.25,
        )

    async def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(statement), values)).mappings()]

    async def counters(self) -> list[tuple[Any, ...]]:
        """(subject, reserved, used, calls) of every counter."""
        rows = await self.rows(
            "SELECT subject, reserved_tokens, used_tokens, calls FROM ai.budget_usage ORDER BY subject, period_start"
        )
        return [tuple(row.values()) for row in rows]


@asynccontextmanager
async def shop(database: Any, *, pool: int = 5) -> AsyncIterator[Shop]:
    engine = create_engine(database.runtime_url, application_name="test-books", pool_size=pool, max_overflow=1)
    opened = Shop(engine, at_once=pool - 1)
    try:
        yield opened
    finally:
        await opened.books.close()
        await engine.dispose()
