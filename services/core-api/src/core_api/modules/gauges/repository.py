"""Queries behind the gauges: set-based, in one read-only transaction, and one round trip to Redis."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import redis.asyncio
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import Date, DateTime, Double, Integer, Text, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.gauges.schemas import EventGroup, Streams
from shared_schemas.events.envelope import event_stream
from shared_schemas.jobs import work_stream

BANDS: Final = (1, 2, 3)
LOST_OF: Final = timedelta(hours=1)
DEAD_OF: Final = timedelta(days=7)
MOST_LAG: Final = 1000


class GaugeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def active(self, *, now: datetime) -> list[Row[Any]]:
        """Per band: since when the oldest handed out and the oldest running are so, and leases that ran out."""
        return list((await self._session.execute(_ACTIVE, {"now": now})).all())

    async def workers(self, *, now: datetime) -> Row[Any]:
        """Workers by state, slots of the live ones, and how many of these are free."""
        return (await self._session.execute(_WORKERS, {"now": now, "since": now - LOST_OF})).one()

    async def incidents(self) -> dict[str, int]:
        """Open incidents by kind."""
        return {row.kind: row.n for row in await self._session.execute(_INCIDENTS)}

    async def deliveries(self, *, now: datetime) -> Row[Any]:
        """Messages to people: how many wait, and how many no channel took lately."""
        return (await self._session.execute(_DELIVERIES, {"since": now - DEAD_OF})).one()

    async def loads(self, business_date: date) -> Row[Any]:
        """The newest date that was loaded, when `business_date` was last, and what its load had to leave out."""
        return (await self._session.execute(_LOADS, {"business_date": business_date})).one()

    async def server(self) -> Row[Any]:
        """Size and connections of the database, and the oldest open transaction of this role."""
        return (await self._session.execute(_SERVER)).one()


class StreamGauges:
    """The streams Redis. One that is away is an answer, too."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client

    async def read(self, queues: Iterable[str], event_types: Iterable[str]) -> Streams | None:
        """How the work streams of these queues and the streams of these events stand; None when Redis is away."""
        work = [(band, work_stream(name, band)) for name in queues for band in BANDS]
        events = [(event_type, event_stream(event_type)) for event_type in event_types]
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                pipeline.info("memory")
                for _, name in work:
                    pipeline.xlen(name)
                    pipeline.xinfo_groups(name)
                for _, name in events:
                    pipeline.xlen(name)
                    pipeline.xinfo_groups(name)
                    pipeline.xlen(f"{name}.dead")
                # Of a stream that is not there yet Redis gives no groups but an error, which is an answer here.
                memory, *answers = await pipeline.execute(raise_on_error=False)
            told = Streams(used_bytes=memory["used_memory"], max_bytes=memory.get("maxmemory", 0))
            for place, (band, _) in enumerate(work):
                _add_work(told, band, *answers[2 * place : 2 * place + 2])
            rest = answers[2 * len(work) :]
            for place, (event_type, _) in enumerate(events):
                _add_event(told, event_type, *rest[3 * place : 3 * place + 3])
            await self._count_lags(told)
        except (RedisError, OSError):
            return None
        return told

    async def _count_lags(self, told: Streams) -> None:
        """Redis before 7 counts no lag: what comes after the last entry that a group was given is counted here."""
        unknown = [group for group in told.groups if group.lag is None]
        if not unknown:
            return
        async with self._client.pipeline(transaction=False) as pipeline:
            for group in unknown:
                pipeline.xrange(event_stream(group.stream), min=f"({group.last_given}", count=MOST_LAG)
            for group, entries in zip(unknown, await pipeline.execute(), strict=True):
                group.lag = len(entries)


def _add_work(told: Streams, band: int, length: int, groups: Any) -> None:
    # From a work stream everything that is done is deleted: what is there and not given is what nobody has taken.
    for group in _known(groups):
        told.work_pending[band] += group["pending"]
        told.work_lag[band] += max(length - group["pending"], 0)


def _add_event(told: Streams, event_type: str, length: int, groups: Any, dead: int) -> None:
    if not length and not _known(groups):
        return
    told.lengths[event_type] = length
    told.dead[event_type] = dead
    told.groups += [
        EventGroup(
            stream=event_type,
            group=group["name"],
            pending=group["pending"],
            lag=group.get("lag"),
            last_given=group["last-delivered-id"],
        )
        for group in _known(groups)
    ]


def _known(groups: Any) -> list[Mapping[str, Any]]:
    return [] if isinstance(groups, ResponseError) else groups


_INSTANT: Final = DateTime(timezone=True)

_ACTIVE: Final = text("""
    SELECT CASE WHEN priority <= 10 THEN 1 WHEN priority <= 20 THEN 2 ELSE 3 END AS band,
        min(queued_at) FILTER (WHERE status = 'QUEUED') AS queued_since,
        min(started_at) FILTER (WHERE status = 'RUNNING') AS running_since,
        count(*) FILTER (WHERE status = 'RUNNING' AND lease_until < :now) AS expired
    FROM core.executions WHERE status IN ('QUEUED', 'RUNNING') GROUP BY 1
""").columns(
    column("band", Integer), column("queued_since", _INSTANT), column("running_since", _INSTANT),
    column("expired", Integer),
)  # fmt: skip

_WORKERS: Final = text("""
    SELECT count(*) FILTER (WHERE live AND NOT draining) AS alive,
        count(*) FILTER (WHERE live AND draining) AS draining,
        count(*) FILTER (WHERE lost_at > :since) AS lost, coalesce(sum(slots) FILTER (WHERE live), 0) AS slots,
        coalesce(sum(greatest(slots - busy, 0)) FILTER (WHERE live AND NOT draining), 0) AS free
    FROM (
        SELECT w.draining, w.lost_at, w.slots, w.lost_at IS NULL AND w.lease_until > :now AS live,
            coalesce(r.busy, 0) AS busy
        FROM core.workers AS w LEFT JOIN (
            SELECT worker_id, count(*) AS busy FROM core.executions WHERE status = 'RUNNING' GROUP BY worker_id
        ) AS r ON r.worker_id = w.id) AS known
""").columns(*(column(name, Integer) for name in ("alive", "draining", "lost", "slots", "free")))

_INCIDENTS: Final = text("""
    SELECT kind, count(*) AS n FROM core.incidents WHERE resolved_at IS NULL GROUP BY kind
""").columns(column("kind", Text), column("n", Integer))

_DELIVERIES: Final = text("""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM core.deliveries WHERE status = 'PENDING' LIMIT 10000) AS w) AS waiting,
        (SELECT count(*) FROM (
            SELECT 1 FROM core.deliveries WHERE status = 'DEAD' AND created_at > :since LIMIT 1000) AS d) AS dead
""").columns(column("waiting", Integer), column("dead", Integer))

_LOADS: Final = text("""
    SELECT
        (SELECT max(business_date) FROM core.daily_loads WHERE trigger <> 'routine_change') AS last_date,
        (SELECT max(finished_at) FROM core.daily_loads
         WHERE business_date = :business_date AND trigger <> 'routine_change') AS finished_at,
        (SELECT count(*) FROM core.unplanned_routines WHERE business_date = :business_date) AS unplanned
""").columns(column("last_date", Date), column("finished_at", _INSTANT), column("unplanned", Integer))

_SERVER: Final = text("""
    SELECT pg_database_size(current_database()) AS size,
        (SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database) AS connections,
        CAST(current_setting('max_connections') AS integer) AS most,
        (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
         WHERE usename = current_user AND pid <> pg_backend_pid()) AS oldest
""").columns(column("size", Double), column("connections", Integer), column("most", Integer), column("oldest", Double))
