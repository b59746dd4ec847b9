"""What other parts may ask of statistics."""

from datetime import date, datetime

from core_api.modules.stats.repository import StatsRepository
from core_api.modules.stats.service import StatsLoop, aggregate
from shared_utils.db.session import ReadSession, WriteSession

__all__ = ["StatsLoop", "aggregate", "made_until", "seal"]


async def made_until(session: ReadSession) -> datetime:
    """Up to which change of the queue the numbers are made."""
    return await StatsRepository(session).progress()


async def seal(session: WriteSession, month: date) -> None:
    """Fixes the numbers made from executions of a month, which are about to go."""
    await StatsRepository(session).seal(month)
