"""What other parts may use of the books: the ledger that every call goes through, and its upkeep."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.budgets.events import book_metrics
from ai_svc.budgets.exceptions import BooksAway, PriceUnknown
from ai_svc.budgets.models import ModelCall
from ai_svc.budgets.repository import BudgetRepository, LedgerRepository, PriceRepository
from ai_svc.budgets.service import Books, PriceService
from ai_svc.database import DATABASE_AWAY
from ai_svc.listening import Listening
from shared_utils.clock import Clock
from shared_utils.db.retention import Retention
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import wait_first

__all__ = ["BookKeeping", "Books", "BooksAway", "PriceUnknown", "open_books"]

logger = get_logger(__name__)

SWEEP_SECONDS: Final = 30.0
RETENTION_SECONDS: Final = 3600.0
BATCH: Final = 10_000
KEEP_COUNTERS: Final = timedelta(days=400)
_ONE_AT_A_TIME: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('ai.book_keeping', 0))")


class BookKeeping:
    """Books what was never settled, and removes calls that are past their time. Any number of processes may do it."""

    def __init__(self, books: Books, sessionmaker: SessionFactory, clock: Clock, *, keep_days: int) -> None:
        self._books = books
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._retention = Retention(table=ModelCall.__table__, at="at", days=keep_days)
        self._forget_after = clock.monotonic()

    async def begin(self) -> None:
        """Adds the release's prices."""
        async with transaction(self._sessionmaker) as session:
            await PriceService(PriceRepository(session), self._clock).add_release()

    async def step(self) -> None:
        """One round; the log is looked at once an hour, and again at once while there is more to remove."""
        await self._books.sweep()
        if self._clock.monotonic() >= self._forget_after and await self.forget() < BATCH:
            self._forget_after = self._clock.monotonic() + RETENTION_SECONDS

    async def forget(self) -> int:
        """Removes one batch of old calls, and old counters; returns how many calls went."""
        now = self._clock.now()
        async with transaction(self._sessionmaker) as session:
            if not await session.scalar(_ONE_AT_A_TIME):
                return 0
            await BudgetRepository(session).forget_counters(before=(now - KEEP_COUNTERS).date())
            return await self._retention.forget(session, now=now, limit=BATCH)

    async def run(self, stop: asyncio.Event) -> None:
        """Rounds until `stop` is set. A database that is away is waited for."""
        begun = False
        while not stop.is_set():
            try:
                if not begun:
                    await self.begin()
                    begun = True
                await self.step()
            except DATABASE_AWAY as error:
                logger.warning("the books wait for the database", extra={"fields": {"error": type(error).__name__}})
            await wait_first(stop, timeout=SWEEP_SECONDS)


@asynccontextmanager
async def open_books(
    engine: AsyncEngine, clock: Clock, *, expires_after: timedelta, keep_days: int
) -> AsyncIterator[Books]:
    """The ledger, with its upkeep running beside it. `engine` should have connections that no request waits with."""
    books = Books(LedgerRepository(engine), clock=clock, metrics=book_metrics(), expires_after=expires_after)
    stop = asyncio.Event()
    keeping = BookKeeping(books, sessionmaker_for(engine), clock, keep_days=keep_days)
    async with Listening(keeping.run(stop), stop, name="book-keeping"):
        try:
            yield books
        finally:
            await books.close()
