"""The upkeep of a scheduler, what goes by age, and the events that have a contract."""

from datetime import date

from core_api.modules.upkeep.repository import UpkeepRepository
from core_api.modules.upkeep.schemas import MaintenanceRead
from core_api.modules.upkeep.service import RETENTIONS, Keep, Maintenance, UpkeepLoop, event_types, trim_events
from shared_utils.db.session import ReadSession

__all__ = [
    "RETENTIONS",
    "Keep",
    "Maintenance",
    "MaintenanceRead",
    "UpkeepLoop",
    "event_types",
    "last_month",
    "trim_events",
]


async def last_month(session: ReadSession) -> date | None:
    """The last month for which there are partitions."""
    return await UpkeepRepository(session).last_month()
