"""The books in PostgreSQL. What must be atomic is one statement: see the functions of migration 0005."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    cast,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ai_svc.brain.chat import CallContext, Usage
from ai_svc.budgets.models import Budget, BudgetUsage, CallReservation, ModelCall, ModelPrice
from ai_svc.budgets.schemas import UsageBy
from shared_utils.clock import HOME_ZONE
from shared_utils.db.session import ReadSession

ZONE: Final = HOME_ZONE.key
BIGGEST_SPENDERS: Final = 10
AT_ONCE: Final = 4
WAIT_SECONDS: Final = 10.0

_RESERVE: Final = text("""
    SELECT * FROM ai.reserve_call(
        :id, :at, :expires_at, :purpose, :user, :api_key, :team, :agent, :prompt_name, :prompt_version, :prompt_sha256,
        :provider, :model, :input_tokens, :output_tokens, :exempt)
""")
_BOOK: Final = text("""
    SELECT * FROM ai.book_calls(
        :ids, :input_tokens, :output_tokens, :estimated, :outcome, :seconds, :first_token_seconds)
""")
_SPENT: Final = text("""
    SELECT budget_id, subject, used_tokens, reserved_tokens, used_usd, reserved_usd, calls
    FROM (
        SELECT u.*, row_number() OVER (
            PARTITION BY u.budget_id ORDER BY u.used_tokens + u.reserved_tokens DESC, u.subject) AS place
        FROM ai.budget_usage u JOIN ai.budgets b ON b.id = u.budget_id
        WHERE u.budget_id = ANY (:ids)
          AND u.period_start = CAST(date_trunc(b.period, CAST(:now AS timestamptz) AT TIME ZONE :zone) AS date)
    ) ranked WHERE place <= :most ORDER BY budget_id, place
""")
_MINE: Final = text("""
    SELECT b.name, b.subject_kind, b.period, b.hard, b.limit_tokens, b.limit_usd, p.resets_at,
        COALESCE(u.used_tokens + u.reserved_tokens, 0) AS tokens, COALESCE(u.used_usd + u.reserved_usd, 0) AS usd
    FROM ai.budgets b
    CROSS JOIN LATERAL (
        SELECT date_trunc(b.period, CAST(:now AS timestamptz) AT TIME ZONE :zone) AS start
    ) s
    CROSS JOIN LATERAL (
        SELECT (s.start + CAST('1 ' || b.period AS interval)) AT TIME ZONE :zone AS resets_at
    ) p
    LEFT JOIN ai.budget_usage u ON u.budget_id = b.id AND u.period_start = CAST(s.start AS date)
        AND u.subject = CASE b.subject_kind WHEN 'everything' THEN '' ELSE :user END
    WHERE b.subject_kind = 'everything' OR (b.subject_kind = 'user' AND COALESCE(b.subject, :user) = :user)
    ORDER BY b.name
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that wants to be made."""

    id: UUID
    at: datetime
    expires_at: datetime
    context: CallContext
    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    exempt: bool


class LedgerRepository:
    """Each method is one statement in a transaction of its own.

    `at_once` of them are under way; the others wait their turn for up to `wait_seconds`, so that a burst of calls is a
    queue of milliseconds and a database that hangs is an error.
    """

    def __init__(self, engine: AsyncEngine, *, at_once: int = AT_ONCE, wait_seconds: float = WAIT_SECONDS) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turns = asyncio.Semaphore(at_once)
        self._wait_seconds = wait_seconds

    async def reserve(self, asked: Asked) -> Row[Any]:
        """Sets aside what a call may use on every budget that applies, or on none and says which one refuses."""
        context, prompt = asked.context, asked.context.prompt
        values = {
            "id": asked.id,
            "at": asked.at,
            "expires_at": asked.expires_at,
            "purpose": str(context.purpose),
            "user": context.user,
            "api_key": context.api_key,
            "team": context.team,
            "agent": context.agent,
            "prompt_name": prompt.name if prompt else None,
            "prompt_version": prompt.version if prompt else None,
            "prompt_sha256": prompt.sha256 if prompt else None,
            "provider": asked.provider,
            "model": asked.model,
            "input_tokens": asked.input_tokens,
            "output_tokens": asked.output_tokens,
            "exempt": asked.exempt,
        }
        async with self._turn() as connection:
            return (await connection.execute(_RESERVE, values)).one()

    async def book(
        self,
        ids: Sequence[UUID],
        *,
        usage: Usage | None,
        outcome: str,
        seconds: float | None,
        first_token_seconds: float | None,
    ) -> Sequence[Row[Any]]:
        """Books calls and gives back what is left of their reservations; without `usage`, all that was set aside."""
        values = {
            "ids": list(ids),
            "input_tokens": usage.input_tokens if usage else None,
            "output_tokens": usage.output_tokens if usage else None,
            "estimated": usage.estimated if usage else True,
            "outcome": outcome,
            "seconds": seconds,
            "first_token_seconds": first_token_seconds,
        }
        async with self._turn() as connection:
            return (await connection.execute(_BOOK, values)).all()

    async def expired(self, *, now: datetime, limit: int) -> list[UUID]:
        """Reservations that nobody has settled in time, the oldest first."""
        query = (
            select(CallReservation.id)
            .where(CallReservation.expires_at < now)
            .order_by(CallReservation.expires_at)
            .limit(limit)
        )
        async with self._turn() as connection:
            return list((await connection.scalars(query)).all())

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[AsyncConnection]:
        async with asyncio.timeout(self._wait_seconds):
            await self._turns.acquire()
        try:
            async with self._engine.connect() as connection:
                yield connection
        finally:
            self._turns.release()


class BudgetRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def all(self) -> list[Budget]:
        return list(await self._session.scalars(select(Budget).order_by(Budget.name)))

    async def get(self, budget_id: UUID, *, lock: bool = False) -> Budget | None:
        query = select(Budget).where(Budget.id == budget_id)
        if lock:
            query = query.with_for_update(key_share=True)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def add(self, values: Mapping[str, Any]) -> Budget | None:
        """Insert a budget; None when the name is taken."""
        statement = insert(Budget).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(Budget)
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, budget_id: UUID, values: Mapping[str, Any]) -> Budget | None:
        """Change a budget; None when the new name is another one's."""
        statement = update(Budget).where(Budget.id == budget_id).values(**values).returning(Budget)
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one()
        except IntegrityError:
            return None

    async def delete(self, budget_id: UUID) -> None:
        """Removes a budget and its counters."""
        await self._session.execute(delete(Budget).where(Budget.id == budget_id))
        await self._session.execute(delete(BudgetUsage).where(BudgetUsage.budget_id == budget_id))

    async def spent(self, ids: Sequence[UUID], *, now: datetime) -> Sequence[Row[Any]]:
        """The counters of the running periods, at most ten for each budget, those that used most first."""
        values = {"ids": list(ids), "now": now, "zone": ZONE, "most": BIGGEST_SPENDERS}
        return (await self._session.execute(_SPENT, values)).all()

    async def mine(self, user: str, *, now: datetime) -> Sequence[Row[Any]]:
        """The budgets that apply to a user's calls, with what is used and set aside."""
        return (await self._session.execute(_MINE, {"user": user, "now": now, "zone": ZONE})).all()

    async def forget_counters(self, *, before: date) -> None:
        """Removes counters of periods that began before a day and have nothing set aside."""
        await self._session.execute(
            delete(BudgetUsage).where(BudgetUsage.period_start < before, BudgetUsage.reserved_tokens == 0)
        )


class PriceRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def all(self) -> list[ModelPrice]:
        order = (ModelPrice.provider, ModelPrice.model, ModelPrice.valid_from.desc())
        return list(await self._session.scalars(select(ModelPrice).order_by(*order)))

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> list[ModelPrice]:
        """Inserts prices; those of a model that has one from that moment on already are left out."""
        statement = insert(ModelPrice).values(list(rows)).on_conflict_do_nothing().returning(ModelPrice)
        return list(await self._session.scalars(statement))

    async def delete(self, price_id: UUID) -> bool:
        """Removes a price; says whether it was there."""
        statement = delete(ModelPrice).where(ModelPrice.id == price_id).returning(ModelPrice.id)
        return await self._session.scalar(statement) is not None


_DAY: Final = cast(func.timezone(ZONE, ModelCall.at), Date)
_GROUPS: Final[Mapping[UsageBy, ColumnElement[Any]]] = {
    UsageBy.DAY: cast(_DAY, String),
    UsageBy.PURPOSE: ModelCall.purpose.expression,
    UsageBy.PROVIDER: ModelCall.provider.expression,
    UsageBy.MODEL: ModelCall.model.expression,
    UsageBy.USER: ModelCall.user_id.expression,
    UsageBy.API_KEY: ModelCall.api_key.expression,
    UsageBy.TEAM: ModelCall.team.expression,
    UsageBy.AGENT: ModelCall.agent.expression,
    UsageBy.PROMPT: ModelCall.prompt_name + literal(" v") + cast(ModelCall.prompt_version, String),
    UsageBy.OUTCOME: ModelCall.outcome.expression,
}


class UsageRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def sums(
        self, group_by: Sequence[UsageBy], *, since: datetime, until: datetime, user: str | None, limit: int
    ) -> Sequence[Row[Any]]:
        """Sums of the calls in a range, per group: groups with the most tokens first, days in their order."""
        groups = [_GROUPS[one].label(f"group_{number}") for number, one in enumerate(group_by)]
        tokens = func.sum(ModelCall.input_tokens + ModelCall.output_tokens)
        query: Select[Any] = select(
            *groups,
            func.count().label("calls"),
            func.count().filter(ModelCall.outcome != "ok").label("failed_calls"),
            func.coalesce(func.sum(ModelCall.input_tokens), 0).label("input_tokens"),
            func.coalesce(func.sum(ModelCall.output_tokens), 0).label("output_tokens"),
            func.count().filter(ModelCall.estimated).label("estimated_calls"),
            func.coalesce(func.sum(ModelCall.usd), Decimal(0)).label("usd"),
            func.count().filter(~ModelCall.priced).label("unpriced_calls"),
            func.coalesce(func.sum(ModelCall.seconds), 0.0).label("seconds"),
        ).where(ModelCall.at >= since, ModelCall.at < until)
        if user is not None:
            query = query.where(ModelCall.user_id == user)
        if groups:
            first = [groups[group_by.index(UsageBy.DAY)]] if UsageBy.DAY in group_by else []
            query = query.group_by(*groups).order_by(*first, tokens.desc(), *groups)
        rows: Sequence[Row[Any]] = (await self._session.execute(query.limit(limit))).all()
        return rows


@cache
def release_prices() -> tuple[Mapping[str, Any], ...]:
    """The prices in this release's file."""
    file = resources.files("ai_svc.budgets").joinpath("prices.toml")
    return tuple(
        row | {"input_usd": Decimal(row["input_usd"]), "output_usd": Decimal(row["output_usd"])}
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["prices"]
    )
