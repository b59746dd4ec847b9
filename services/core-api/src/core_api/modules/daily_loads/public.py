"""What other parts may ask of daily loads: the scheduler its loop, the seed a first load, runs what a date may be."""

from datetime import date
from typing import Final

from core_api.modules.daily_loads.dependencies import load_loop, load_service
from core_api.modules.daily_loads.exceptions import DateTooFar
from core_api.modules.daily_loads.models import DailyLoad, UnplannedRoutine
from core_api.modules.daily_loads.repository import DailyLoadRepository
from core_api.modules.daily_loads.schemas import DailyLoadRead, Trigger, fields_when_asked, snapshot_fields
from core_api.modules.daily_loads.service import EARLIEST_DATE, LoadLoop, days_begun, near
from shared_utils.clock import Clock
from shared_utils.db.retention import Retention
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "EARLIEST_DATE",
    "RETENTIONS",
    "DailyLoadRead",
    "DateTooFar",
    "LoadLoop",
    "Trigger",
    "days_begun",
    "fields_when_asked",
    "load_day",
    "load_loop",
    "load_service",
    "loaded_days",
    "near",
    "snapshot_fields",
]

RETENTIONS: Final = (
    Retention(table=DailyLoad.__table__, at="started_at", days=730),
    Retention(table=UnplannedRoutine.__table__, at="noted_at", days=730),
)


async def load_day(
    session: WriteSession, business_date: date, *, trigger: Trigger, clock: Clock, requested_by: str | None = None
) -> DailyLoadRead:
    """Writes the executions of a date that are not in the queue yet; repeating it writes nothing."""
    return await load_service(session, clock=clock).load(business_date, trigger=trigger, requested_by=requested_by)


async def loaded_days(session: ReadSession, *, from_day: date) -> set[date]:
    """The dates from `from_day` on whose routines were all loaded once."""
    return set(await DailyLoadRepository(session).loaded_from(from_day))
