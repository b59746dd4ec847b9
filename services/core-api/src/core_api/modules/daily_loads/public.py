"""What other parts may ask of daily loads: the scheduler its loop, the seed a first load."""

from datetime import date, datetime

from core_api.modules.daily_loads.dependencies import load_loop, load_service
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.schemas import DailyLoadRead, Trigger
from core_api.modules.daily_loads.service import LoadLoop, days_begun
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

__all__ = ["DailyLoadRead", "LoadLoop", "Trigger", "days_begun", "forget_keys", "load_day", "load_loop", "load_service"]


async def load_day(
    session: WriteSession, business_date: date, *, trigger: Trigger, clock: Clock, requested_by: str | None = None
) -> DailyLoadRead:
    """Writes the executions of a date that are not in the queue yet; repeating it writes nothing."""
    return await load_service(session, clock=clock).load(business_date, trigger=trigger, requested_by=requested_by)


async def forget_keys(session: WriteSession, *, before: datetime) -> None:
    """Removes idempotency keys that are older."""
    await DailyLoadRepository(session).forget_keys(before=before)
