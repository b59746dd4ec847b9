"""The system tidies up after itself: partitions for the months ahead, and history that is past its time goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

import redis.asyncio
from sqlalchemy.exc import DBAPIError

from core_api.database import INBOX
from core_api.modules.artifacts import public as artifacts
from core_api.modules.backfills import public as backfills
from core_api.modules.daily_loads import public as daily_loads
from core_api.modules.idempotency import public as idempotency
from core_api.modules.incidents import public as incidents
from core_api.modules.notifications import public as notifications
from core_api.modules.schedulers import public as schedulers
from core_api.modules.schedulers.public import LogEvent, Note, note
from core_api.modules.stats import public as stats
from core_api.modules.upkeep.repository import UpkeepRepository
from core_api.modules.upkeep.schemas import KeptBecause, MaintenanceRead, MonthRetention, OldMonth, TableRetention
from core_api.modules.workers import public as workers
from core_api.storage import ObjectStore
from shared_schemas.events.envelope import EventPayload, event_stream
from shared_utils.clock import Clock
from shared_utils.db.retention import Retention
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.logging import get_logger

logger = get_logger(__name__)

UPKEEP_SECONDS: Final = 3600.0
SOON_SECONDS: Final = 1.0
MONTHS_AHEAD: Final = 3
KEEP_EVENTS: Final = timedelta(hours=24)
BATCH: Final = 10_000
COUNTED: Final = 100_000
MONTHS_AT_ONCE: Final = 12
STATS_WITHIN: Final = timedelta(hours=1)

RETENTIONS: Final[tuple[Retention, ...]] = (
    Retention(table=INBOX, at="received_at", days=7),
    *idempotency.RETENTIONS,
    *daily_loads.RETENTIONS,
    *backfills.RETENTIONS,
    *notifications.RETENTIONS,
    *incidents.RETENTIONS,
    *schedulers.RETENTIONS,
    *workers.RETENTIONS,
)
"""Whatever goes by age and is not partitioned; a module lists its tables in its `public.py`. The audit log is kept."""

# What PostgreSQL says when a month may not go now: the lock was not there in time, or the function refused.
_NOT_NOW: Final = frozenset({"55P03", "55006", "40P01"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long what is kept: months of executions with attempts and logs, and days of the tables in `RETENTIONS`."""

    executions_months: int = 24
    retentions: tuple[Retention, ...] = RETENTIONS

    @classmethod
    def of(cls, *, executions_months: int, days: Mapping[str, int]) -> "Keep":
        """With other days for some tables. Raises `ValueError` for a table that nothing goes from."""
        known = {one.name for one in RETENTIONS}
        if unknown := sorted(days.keys() - known):
            raise ValueError(f"keep_days names {', '.join(unknown)}; rows go from {', '.join(sorted(known))}")
        return cls(
            executions_months=executions_months,
            retentions=tuple(replace(one, days=days.get(one.name, one.days)) for one in RETENTIONS),
        )


class Maintenance:
    """Removes what is past its time, in short transactions of its own: nobody waits for a whole clean-up."""

    def __init__(
        self, sessionmaker: SessionFactory, clock: Clock, keep: Keep, *, store: ObjectStore | None = None
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._keep = keep
        self._store = store

    async def preview(self) -> MaintenanceRead:
        """What would go now."""
        now = self._clock.now()
        async with transaction(self._sessionmaker) as session:
            rows = [await one.count_old(session, now=now, most=COUNTED) for one in self._keep.retentions]
            old = await self._old_months(UpkeepRepository(session), now)
        return self._read(rows, [_month(one, _objection(one)) for one in old], dry_run=True, more=False)

    async def run(self) -> MaintenanceRead:
        """Removes a batch of every table's old rows, and old months; `more` when some are left for the next go."""
        now = self._clock.now()
        async with transaction(self._sessionmaker) as session:
            rows = [await one.forget(session, now=now, limit=BATCH) for one in self._keep.retentions]
        months = await self._drop_months(now)
        gone = [one for one in months if one.kept_because is None]
        if gone or any(rows):
            await self._note(gone, sum(rows), now=now)
        return self._read(rows, months, dry_run=False, more=BATCH in rows or len(gone) == MONTHS_AT_ONCE)

    async def _drop_months(self, now: datetime) -> list[MonthRetention]:
        async with transaction(self._sessionmaker) as session:
            old = await self._old_months(UpkeepRepository(session), now)
            ready = await stats.made_until(session) >= now - STATS_WITHIN
        done = [_month(one, _objection(one)) for one in old if _objection(one)]
        free = [one for one in old if not _objection(one)][:MONTHS_AT_ONCE]
        done += [_month(one, await self._drop(one.month) if ready else KeptBecause.STATS_BEHIND) for one in free]
        return sorted(done, key=lambda one: one.month)

    async def _drop(self, month: date) -> KeptBecause | None:
        """The daily numbers are fixed in the transaction in which what they were made from goes.

        Artifacts go before: what is interrupted in between is found again as long as the month is there.
        """
        await artifacts.drop_month(self._sessionmaker, self._store, month=month)
        try:
            async with transaction(self._sessionmaker) as session:
                await stats.seal(session, month)
                await UpkeepRepository(session).drop_month(month)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _NOT_NOW:
                raise
            logger.warning("a month stays", extra={"fields": {"month": month.isoformat(), "error": str(error.orig)}})
            return KeptBecause.BUSY
        return None

    async def _old_months(self, upkeep: UpkeepRepository, now: datetime) -> list[OldMonth]:
        first = months_before(now.date(), self._keep.executions_months)
        ended_before = now - timedelta(days=30 * self._keep.executions_months)
        return await upkeep.old_months(before=first, ended_before=ended_before)

    async def _note(self, gone: Sequence[MonthRetention], rows: int, *, now: datetime) -> None:
        names = [f"{one.month:%Y-%m}" for one in gone]
        message = f"Retention removed {rows} rows and the months: {', '.join(names) or 'none'}."
        line = Note(event=LogEvent.MAINTENANCE, message=message, fields={"rows": rows, "months": names})
        async with transaction(self._sessionmaker) as session:
            await note(session, [line], now=now)

    def _read(self, rows: Sequence[int], months: list[MonthRetention], *, dry_run: bool, more: bool) -> MaintenanceRead:
        tables = [
            TableRetention(table=one.name, keep_days=one.days, rows=n)
            for one, n in zip(self._keep.retentions, rows, strict=True)
        ]
        return MaintenanceRead(
            dry_run=dry_run,
            keep_executions_months=self._keep.executions_months,
            tables=tables,
            months=months,
            more=more,
        )


def months_before(day: date, months: int) -> date:
    """The first day of the month that was so many months before that of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _objection(old: OldMonth) -> KeptBecause | None:
    if old.unfinished:
        return KeptBecause.UNFINISHED
    return KeptBecause.RECENT if old.recent else None


def _month(old: OldMonth, kept_because: KeptBecause | None) -> MonthRetention:
    return MonthRetention(month=old.month, executions=old.executions, bytes=old.bytes, kept_because=kept_because)


class UpkeepLoop:
    """Partitions for the months ahead; old months, rows and events go."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        streams: redis.asyncio.Redis,
        clock: Clock,
        *,
        keep: Keep | None = None,
        store: ObjectStore | None = None,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._streams = streams
        self._clock = clock
        self._maintenance = Maintenance(sessionmaker, clock, keep or Keep(), store=store)

    async def step(self) -> float:
        now = self._clock.now()
        await self._partitions(now)
        done = await self._maintenance.run()
        await trim_events(self._streams, now=now)
        return SOON_SECONDS if done.more else UPKEEP_SECONDS

    async def _partitions(self, now: datetime) -> None:
        last = now.date() + timedelta(days=31 * MONTHS_AHEAD)
        async with transaction(self._sessionmaker) as session:
            upkeep = UpkeepRepository(session)
            await upkeep.ensure_partitions(now.date() - timedelta(days=31), last)
            for month in await upkeep.months_without_partition():
                await upkeep.ensure_partitions(month, month)


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
