"""What other modules may ask about the queue."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Row

from core_api.modules.queue.dependencies import reads_for
from core_api.modules.queue.exceptions import SearchInvalid
from core_api.modules.queue.repository import Filter, QueueRepository
from core_api.modules.queue.schemas import DayCounts, ExecutionRead
from core_api.modules.queue.service import page_filter
from shared_utils.db.session import ReadSession

__all__ = [
    "DayCounts",
    "ExecutionRead",
    "Filter",
    "SearchInvalid",
    "day_counts",
    "matching_ids",
    "page_filter",
    "queue_states",
    "reads_for",
    "running_by_worker",
    "start_delays",
]


async def day_counts(session: ReadSession, business_date: date, *, now: datetime) -> DayCounts:
    """How a business date stands."""
    queue = QueueRepository(session)
    counts = await queue.counts(business_date)
    next_due_at = await queue.next_due(business_date, now=now)
    return DayCounts(counts=counts, total=sum(counts.values()), next_due_at=next_due_at)


async def running_by_worker(session: ReadSession) -> dict[str, int]:
    """How many runs each worker has."""
    return await QueueRepository(session).running_by_worker()


async def queue_states(session: ReadSession, *, now: datetime) -> list[Row[Any]]:
    """Per queue: workers, slots, queued, running, due and the oldest due instant."""
    return await QueueRepository(session).queue_states(now=now)


async def start_delays(session: ReadSession, *, since: datetime, now: datetime) -> Row[Any]:
    """Starts since an instant, with the median and the 99th percentile of seconds from due to start."""
    return await QueueRepository(session).start_delays(since=since, now=now)


async def matching_ids(session: ReadSession, wanted: Filter, *, limit: int) -> list[UUID]:
    """The ids of executions that a filter finds, in the order of lists; at most `limit`."""
    return [row.id for row in await QueueRepository(session).page(wanted, after=None, limit=limit)]
