"""The system tidies up after itself: partitions for the months ahead, and rows that have served go."""

from datetime import datetime, timedelta
from typing import Final

import redis.asyncio

from core_api.modules.idempotency.public import forget_keys
from core_api.modules.schedulers.public import forget_old
from core_api.modules.upkeep.repository import UpkeepRepository
from core_api.modules.workers.public import forget_lost
from shared_schemas.events.envelope import EventPayload, event_stream
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, transaction

UPKEEP_SECONDS: Final = 3600.0
MONTHS_AHEAD: Final = 3
KEEP_EVENTS: Final = timedelta(hours=24)
KEEP_INBOX: Final = timedelta(days=7)
KEEP_KEYS: Final = timedelta(hours=24)
_BATCH: Final = 10_000


class UpkeepLoop:
    """Partitions for the months ahead; old events, inbox rows and log lines go."""

    def __init__(self, sessionmaker: SessionFactory, streams: redis.asyncio.Redis, clock: Clock) -> None:
        self._sessionmaker = sessionmaker
        self._streams = streams
        self._clock = clock

    async def step(self) -> float:
        now = self._clock.now()
        await self._partitions(now)
        await self._forget(now)
        await trim_events(self._streams, now=now)
        return UPKEEP_SECONDS

    async def _partitions(self, now: datetime) -> None:
        last = now.date() + timedelta(days=31 * MONTHS_AHEAD)
        async with transaction(self._sessionmaker) as session:
            upkeep = UpkeepRepository(session)
            await upkeep.ensure_partitions(now.date() - timedelta(days=31), last)
            for month in await upkeep.months_without_partition():
                await upkeep.ensure_partitions(month, month)

    async def _forget(self, now: datetime) -> None:
        async with transaction(self._sessionmaker) as session:
            await UpkeepRepository(session).forget_inbox(before=now - KEEP_INBOX, limit=_BATCH)
            await forget_old(session, now=now)
            await forget_lost(session, now=now)
            await forget_keys(session, before=now - KEEP_KEYS)


async def trim_events(streams: redis.asyncio.Redis, *, now: datetime) -> None:
    """Drops events older than a day from every event stream. Work streams are never trimmed."""
    oldest = int((now - KEEP_EVENTS).timestamp() * 1000)
    async with streams.pipeline(transaction=False) as pipeline:
        for event_type in event_types():
            pipeline.xtrim(event_stream(event_type), minid=str(oldest), approximate=True)
        await pipeline.execute()


def event_types() -> list[str]:
    """Every event type that has a contract."""
    found: set[str] = set()
    pending = list(EventPayload.__subclasses__())
    while pending:
        payload = pending.pop()
        pending += payload.__subclasses__()
        if hasattr(payload, "event_type"):
            found.add(payload.event_type)
    return sorted(found)
