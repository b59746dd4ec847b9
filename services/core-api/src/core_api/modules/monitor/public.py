"""The monitor's loop, and what it reads that metrics tell, too."""

from datetime import datetime

from core_api.modules.monitor.repository import MonitorRepository
from core_api.modules.monitor.schemas import QueueRead
from core_api.modules.monitor.service import HealthLoop, load_instant, read_queues
from shared_utils.db.session import ReadSession

__all__ = ["HealthLoop", "QueueRead", "load_instant", "queues"]


async def queues(session: ReadSession, *, now: datetime) -> list[QueueRead]:
    """Every queue that has work or workers, with its bands."""
    own = MonitorRepository(session)
    await own.plan_once()
    return await read_queues(session, own, now=now)
