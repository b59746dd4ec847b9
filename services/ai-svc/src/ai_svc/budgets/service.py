"""The books: what calls may cost is set aside before, and booked after. Everything fails closed."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from ai_svc.brain.chat import CallContext, Usage
from ai_svc.brain.ledger import Reservation
from ai_svc.brain.schemas import ProviderName
from ai_svc.budgets.events import BookMetrics
from ai_svc.budgets.exceptions import (
    BooksAway,
    BudgetExceeded,
    BudgetNameTaken,
    BudgetNotFound,
    PriceNotFound,
    PriceTaken,
    PriceUnknown,
    UsageOfOthers,
    UsageRange,
)
from ai_svc.budgets.models import Budget
from ai_svc.budgets.repository import (
    ZONE,
    Asked,
    BudgetRepository,
    LedgerRepository,
    PriceRepository,
    UsageRepository,
    release_prices,
)
from ai_svc.budgets.schemas import (
    BudgetMine,
    BudgetRead,
    BudgetWrite,
    Period,
    PriceRead,
    PriceWrite,
    Spent,
    UsageBy,
    UsageMeta,
    UsageRow,
)
from ai_svc.database import DATABASE_AWAY
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.http.etag import require_if_match
from shared_utils.logging import get_logger

logger = get_logger(__name__)

MAX_RANGE: Final = timedelta(days=400)
DEFAULT_RANGE: Final = timedelta(days=30)
MAX_GROUPS: Final = 1000
SWEEP_BATCH: Final = 500


class Books:
    """The ledger of calls to models (`ai_svc.brain.ledger.Ledger`).

    `local` is no model and costs nothing: its calls are logged, budgets do not count them. A call that is not settled
    within `expires_after`, because its process died or the database was away, is booked as all that was set aside.
    """

    def __init__(
        self, ledger: LedgerRepository, *, clock: Clock, metrics: BookMetrics, expires_after: timedelta
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._expires_after = expires_after
        self._working: set[asyncio.Task[Any]] = set()

    async def reserve(
        self, context: CallContext, *, provider: ProviderName, model: str, input_tokens: int, output_tokens: int
    ) -> Reservation:
        """Sets aside the most that the call may use, in one statement over every budget that applies.

        Raises `BudgetExceeded`, `PriceUnknown` when a budget in money applies to a model without a price, and
        `BooksAway` when the database does not answer.
        """
        now = self._clock.now()
        asked = Asked(
            id=uuid7(),
            at=now,
            expires_at=now + self._expires_after,
            context=context,
            provider=provider.value,
            model=model,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            exempt=provider is ProviderName.LOCAL,
        )
        task: asyncio.Task[Row[Any]] = self._started(self._ledger.reserve(asked))
        try:
            row = await asyncio.shield(task)
        except asyncio.CancelledError:
            # What may have been set aside for nobody is given back at once.
            self._started(self._give_back(task, asked.id))
            raise
        except DATABASE_AWAY as error:
            self._metrics.refused("unavailable")
            logger.warning("the books do not answer", extra={"fields": {"error": _kind(error)}})
            raise BooksAway from error
        if row.refusal is not None:
            self._metrics.refused(row.refusal)
            raise _refusal(row, now)
        return Reservation(id=asked.id, tokens=input_tokens + output_tokens, money=row.usd)

    async def settle(
        self, reservation: Reservation, *, usage: Usage, outcome: str, seconds: float, first_token_seconds: float | None
    ) -> None:
        """Books what was really used and gives back the rest. Settling twice books once.

        It does not raise when the database is away: the answer is there and paid for. The call is then booked as all
        that was set aside, when its reservation expires. It ends even when the caller is cancelled.
        """
        booking = self._book(
            reservation.id, usage=usage, outcome=outcome, seconds=seconds, first_token_seconds=first_token_seconds
        )
        await asyncio.shield(self._started(booking))

    async def sweep(self) -> int:
        """Books calls whose reservation has expired; returns how many there were."""
        ids = await self._ledger.expired(now=self._clock.now(), limit=SWEEP_BATCH)
        if not ids:
            return 0
        rows = await self._ledger.book(ids, usage=None, outcome="expired", seconds=None, first_token_seconds=None)
        self._count(rows, "expired")
        logger.warning("calls were never settled: booked as reserved", extra={"fields": {"calls": len(rows)}})
        return len(rows)

    async def close(self) -> None:
        """Waits for what is being booked."""
        if self._working:
            await asyncio.wait(self._working)

    async def _book(
        self, call_id: UUID, *, usage: Usage, outcome: str, seconds: float | None, first_token_seconds: float | None
    ) -> None:
        try:
            rows = await self._ledger.book(
                [call_id], usage=usage, outcome=outcome, seconds=seconds, first_token_seconds=first_token_seconds
            )
        except DATABASE_AWAY as error:
            self._metrics.unsettled()
            logger.warning(
                "a call is not settled: it will be booked as reserved",
                extra={"fields": {"call": str(call_id), "error": _kind(error)}},
            )
            return
        if not rows:
            logger.warning("a call was settled already, or has expired", extra={"fields": {"call": str(call_id)}})
        self._count(rows, outcome)

    async def _give_back(self, reserving: asyncio.Task[Row[Any]], call_id: UUID) -> None:
        done, _ = await asyncio.wait([reserving])
        if not any(task.exception() for task in done) and reserving.result().refusal is None:
            nothing = Usage(input_tokens=0, output_tokens=0)
            await self._book(call_id, usage=nothing, outcome="cancelled", seconds=None, first_token_seconds=None)

    def _count(self, rows: Sequence[Row[Any]], outcome: str) -> None:
        for row in rows:
            self._metrics.booked(
                purpose=row.purpose,
                provider=row.provider,
                model=row.model,
                outcome=outcome,
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                usd=float(row.usd),
            )

    def _started[T](self, work: Any) -> asyncio.Task[T]:
        task: asyncio.Task[T] = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task


def _refusal(row: Row[Any], now: datetime) -> BudgetExceeded | PriceUnknown:
    about = {"budget": row.budget_name, "subject_kind": row.subject_kind, "period": row.period}
    if row.refusal == "price_unknown":
        return PriceUnknown(details=about)
    return BudgetExceeded(
        f"The budget {row.budget_name!r} for calls to models is used up until {row.resets_at:%Y-%m-%dT%H:%M%z}; "
        "ask an administrator to raise it, or wait.",
        details=about | {"resets_at": row.resets_at.isoformat()},
        retry_after=max(1.0, (row.resets_at - now).total_seconds()),
    )


def _kind(error: BaseException) -> str:
    """The error's class and SQLSTATE: its text may repeat what was sent."""
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


class BudgetService:
    """What people decide about budgets."""

    def __init__(self, budgets: BudgetRepository, clock: Clock) -> None:
        self._budgets = budgets
        self._clock = clock

    async def listing(self) -> list[BudgetRead]:
        """All budgets by name, with what is used in the running period."""
        return await self._read(await self._budgets.all())

    async def get(self, budget_id: UUID) -> BudgetRead:
        """One budget. Raises `BudgetNotFound`."""
        return (await self._read([await self._existing(budget_id)]))[0]

    async def mine(self, user: str) -> list[BudgetMine]:
        """The budgets that apply to a user, and what is left of them."""
        return [
            BudgetMine(
                name=row.name,
                subject_kind=row.subject_kind,
                period=row.period,
                limit_tokens=row.limit_tokens,
                left_tokens=None if row.limit_tokens is None else max(0, row.limit_tokens - row.tokens),
                limit_usd=row.limit_usd,
                left_usd=None if row.limit_usd is None else max(Decimal(0), row.limit_usd - row.usd),
                hard=row.hard,
                resets_at=row.resets_at,
            )
            for row in await self._budgets.mine(user, now=self._clock.now())
        ]

    async def create(self, write: BudgetWrite, *, by: AuthContext) -> BudgetRead:
        """Adds a budget. It counts from now on: calls that were made before are not in it."""
        columns = self._columns(write, by=by)
        created = {"created_at": columns["updated_at"], "created_by": columns["updated_by"]}
        budget = await self._budgets.add(columns | created)
        if budget is None:
            raise BudgetNameTaken(write.name)
        return (await self._read([budget]))[0]

    async def change(self, budget_id: UUID, write: BudgetWrite, *, if_match: str | None, by: AuthContext) -> BudgetRead:
        """Replaces a budget; its counters stay."""
        budget = await self._existing(budget_id, lock=True)
        require_if_match(if_match, budget.version)
        changed = await self._budgets.change(budget_id, self._columns(write, by=by) | {"version": budget.version + 1})
        if changed is None:
            raise BudgetNameTaken(write.name)
        return (await self._read([changed]))[0]

    async def delete(self, budget_id: UUID) -> None:
        """Removes a budget and its counters; the log of calls stays."""
        await self._existing(budget_id, lock=True)
        await self._budgets.delete(budget_id)

    def _columns(self, write: BudgetWrite, *, by: AuthContext) -> dict[str, Any]:
        return write.model_dump() | {"updated_at": self._clock.now(), "updated_by": by.subject}

    async def _existing(self, budget_id: UUID, *, lock: bool = False) -> Budget:
        budget = await self._budgets.get(budget_id, lock=lock)
        if budget is None:
            raise BudgetNotFound(budget_id)
        return budget

    async def _read(self, budgets: Sequence[Budget]) -> list[BudgetRead]:
        now = self._clock.now()
        spent: dict[UUID, list[Spent]] = {}
        for row in await self._budgets.spent([budget.id for budget in budgets], now=now):
            spent.setdefault(row.budget_id, []).append(Spent.model_validate(row))
        return [_budget_read(budget, spent.get(budget.id, []), now) for budget in budgets]


def _budget_read(budget: Budget, spent: list[Spent], now: datetime) -> BudgetRead:
    start, end = running_period(Period(budget.period), now)
    names = BudgetRead.model_fields.keys() - {"period_start", "resets_at", "spent"}
    values = {name: getattr(budget, name) for name in names}
    return BudgetRead(**values, period_start=start, resets_at=end, spent=spent)


def running_period(period: Period, now: datetime) -> tuple[date, datetime]:
    """The first day of the running period and the instant at which it ends, in the zone of the budgets."""
    zone = ZoneInfo(ZONE)
    today = now.astimezone(zone).date()
    start = today if period is Period.DAY else today.replace(day=1)
    following = start + timedelta(days=1) if period is Period.DAY else (start + timedelta(days=31)).replace(day=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=zone)


class PriceService:
    """What calls cost: a price list that operators keep. A release brings one entry: `local`, for nothing."""

    def __init__(self, prices: PriceRepository, clock: Clock) -> None:
        self._prices = prices
        self._clock = clock

    async def listing(self) -> list[PriceRead]:
        """All prices by provider and model, the newest first."""
        return [PriceRead.model_validate(price) for price in await self._prices.all()]

    async def add(self, write: PriceWrite, *, by: AuthContext) -> PriceRead:
        """Adds a price. Calls that were reserved before keep theirs."""
        now = self._clock.now()
        row = write.model_dump() | {"valid_from": write.valid_from or now, "created_at": now, "created_by": by.subject}
        added = await self._prices.add([row | {"provider": write.provider.value}])
        if not added:
            raise PriceTaken
        return PriceRead.model_validate(added[0])

    async def add_release(self) -> None:
        """Adds the prices that this release brings, where there is none."""
        created = {"created_at": self._clock.now(), "created_by": "release"}
        await self._prices.add([{**row, **created} for row in release_prices()])

    async def delete(self, price_id: UUID) -> None:
        """Removes a price; what was booked with it stays booked."""
        if not await self._prices.delete(price_id):
            raise PriceNotFound(price_id)


class UsageService:
    """What was used. A viewer sees their own calls, an administrator everybody's."""

    def __init__(self, usage: UsageRepository, clock: Clock) -> None:
        self._usage = usage
        self._clock = clock

    async def report(
        self,
        group_by: Sequence[UsageBy],
        *,
        since: datetime | None,
        until: datetime | None,
        user: str | None,
        caller: AuthContext,
    ) -> tuple[list[UsageRow], UsageMeta]:
        """Sums per group; the last 30 days unless a range is given. Raises `UsageRange`."""
        until = until or self._clock.now()
        since = since or until - DEFAULT_RANGE
        if not timedelta(0) < until - since <= MAX_RANGE:
            raise UsageRange
        if user not in {None, caller.subject} and not caller.may(Role.ADMIN):
            raise UsageOfOthers
        only = user if caller.may(Role.ADMIN) else caller.subject
        rows = await self._usage.sums(group_by, since=since, until=until, user=only, limit=MAX_GROUPS + 1)
        meta = UsageMeta(
            since=since,
            until=until,
            group_by=list(group_by),
            user=only,
            currency="USD",
            truncated=len(rows) > MAX_GROUPS,
        )
        return [_usage_row(row, group_by) for row in rows[:MAX_GROUPS]], meta


def _usage_row(row: Row[Any], group_by: Sequence[UsageBy]) -> UsageRow:
    values = row._asdict()
    group = {one.value: values.pop(f"group_{number}") for number, one in enumerate(group_by)}
    return UsageRow(group=group, **values)
