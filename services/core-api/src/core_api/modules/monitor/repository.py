"""Queries of the monitor on what belongs to no other module, or to several."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from time import perf_counter
from typing import Any, Final

import redis.asyncio
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import REAL, Date, DateTime, Double, Integer, Text, Uuid, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import PLAN_ONCE
from core_api.modules.monitor.schemas import GroupRead, StreamRead, StreamsRead
from shared_schemas.events.envelope import event_stream
from shared_schemas.jobs import work_stream

BANDS: Final = (1, 2, 3)


class MonitorRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def plan_once(self) -> None:
        """Statements of this transaction keep their plans from request to request."""
        await self._session.execute(PLAN_ONCE)

    async def outbox(self, *, now: datetime) -> Row[Any]:
        """How much waits, counted up to 10,000, and for how long the oldest has."""
        return (await self._session.execute(_OUTBOX, {"now": now})).one()

    async def bands(self, *, now: datetime) -> list[Row[Any]]:
        """Per queue and band: handed out, running, past due, and since when the oldest of these is due."""
        return list((await self._session.execute(_BANDS, {"now": now})).all())

    async def running(self, *, limit: int) -> list[Row[Any]]:
        """What workers are at, the oldest first."""
        return list((await self._session.execute(_RUNNING, {"limit": limit})).all())

    async def quarantined(self, *, since: datetime) -> int:
        """Executions that were given up since then because their workers were lost, counted up to 1,000."""
        return int(await self._session.scalar(_QUARANTINED, {"since": since}) or 0)

    async def dead_letters(self, *, since: datetime) -> int:
        """Messages to people that no channel took, counted up to 1,000."""
        return int(await self._session.scalar(_DEAD_LETTERS, {"since": since}) or 0)

    async def database(self, business_date: date) -> Row[Any]:
        """The server's version, and when a date was first loaded and anything last."""
        return (await self._session.execute(_DATABASE, {"business_date": business_date})).one()

    async def take_check(self, *, before: datetime) -> bool:
        """Whether a health check is due and nobody else makes it at this moment."""
        return bool(await self._session.scalar(_TAKE_CHECK, {"before": before}))


class StreamsRepository:
    """The streams Redis. One that is away is an answer, too."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client

    async def read(self, queues: Iterable[str], event_types: Iterable[str]) -> StreamsRead:
        """Length and groups of the work streams of these queues, and of the streams of these events."""
        work = [work_stream(name, band) for name in queues for band in BANDS]
        names = work + [event_stream(event_type) for event_type in event_types]
        began = perf_counter()
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                pipeline.ping()
                for name in names:
                    pipeline.xlen(name)
                    pipeline.xinfo_groups(name)
                # Of a stream that is not there yet Redis gives no groups but an error, which is an answer here.
                _, *answers = await pipeline.execute(raise_on_error=False)
        except (RedisError, OSError) as error:
            return StreamsRead(reachable=False, milliseconds=None, error=type(error).__name__, streams=[])
        milliseconds = round((perf_counter() - began) * 1000, 3)
        found = [_stream(name, *answers[2 * n : 2 * n + 2], work=n < len(work)) for n, name in enumerate(names)]
        there = [one for one in found if one.length or one.groups]
        return StreamsRead(reachable=True, milliseconds=milliseconds, error=None, streams=there)


def _stream(name: str, length: int, groups: Any, *, work: bool) -> StreamRead:
    known: list[Mapping[str, Any]] = [] if isinstance(groups, ResponseError) else groups
    return StreamRead(stream=name, length=length, groups=[_group(one, length, work=work) for one in known])


def _group(group: Mapping[str, Any], length: int, *, work: bool) -> GroupRead:
    # Redis before 7 counts no lag, and later ones lose count when entries are deleted. From a work stream everything
    # that is done is deleted: what is there and not delivered is what nobody has taken.
    lag = max(length - group["pending"], 0) if work else group.get("lag")
    return GroupRead(name=group["name"], consumers=group["consumers"], pending=group["pending"], lag=lag)


_OUTBOX: Final = text("""
    SELECT (SELECT count(*) FROM (SELECT 1 FROM core.outbox LIMIT 10000) AS counted) AS waiting,
        (SELECT extract(epoch FROM CAST(:now AS timestamptz) - created_at)
         FROM core.outbox ORDER BY id LIMIT 1) AS oldest_seconds
""").columns(column("waiting", Integer), column("oldest_seconds", Double))

_BANDS: Final = text("""
    WITH present AS (
        SELECT queue, priority, status, NULL::timestamptz AS due_at FROM core.executions
        WHERE status IN ('QUEUED', 'RUNNING')
        UNION ALL
        SELECT queue, priority, 'DUE', due_at FROM core.executions
        WHERE status IN ('PENDING', 'RECOVERY') AND due_at <= :now
    )
    SELECT queue, CASE WHEN priority <= 10 THEN 1 WHEN priority <= 20 THEN 2 ELSE 3 END AS band,
        count(*) FILTER (WHERE status = 'QUEUED') AS queued, count(*) FILTER (WHERE status = 'RUNNING') AS running,
        count(*) FILTER (WHERE status = 'DUE') AS due, min(due_at) AS oldest_due_at
    FROM present GROUP BY 1, 2 ORDER BY 1, 2
""").columns(
    column("queue", Text),
    column("band", Integer),
    column("queued", Integer),
    column("running", Integer),
    column("due", Integer),
    column("oldest_due_at", DateTime(timezone=True)),
)

_RUNNING: Final = text("""
    SELECT worker_id, id AS execution_id, routine_name, title, business_date, attempt, started_at, progress
    FROM core.executions WHERE status = 'RUNNING' ORDER BY started_at, id LIMIT :limit
""").columns(
    column("worker_id", Text),
    column("execution_id", Uuid),
    column("routine_name", Text),
    column("title", Text),
    column("business_date", Date),
    column("attempt", Integer),
    column("started_at", DateTime(timezone=True)),
    column("progress", REAL),
)

_QUARANTINED: Final = text("""
    SELECT count(*) FROM (
        SELECT 1 FROM core.executions
        WHERE status = 'FAILED' AND reason = 'WORKER_LOST'
          AND id >= core.partition_floor(CAST(CAST(:since AS timestamptz) AT TIME ZONE 'UTC' AS date))
        LIMIT 1000) AS counted
""")

_DEAD_LETTERS: Final = text("""
    SELECT count(*) FROM (
        SELECT 1 FROM core.deliveries WHERE status = 'DEAD' AND created_at > :since LIMIT 1000) AS counted
""")

_DATABASE: Final = text("""
    SELECT current_setting('server_version') AS version,
        EXISTS (SELECT 1 FROM core.daily_loads
                WHERE business_date = :business_date AND trigger <> 'routine_change') AS loaded,
        (SELECT max(finished_at) FROM core.daily_loads WHERE business_date = :business_date) AS last_loaded_at
""").columns(column("version", Text), column("loaded"), column("last_loaded_at", DateTime(timezone=True)))

_TAKE_CHECK: Final = text("""
    SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended('core.health_check', 0))
        THEN NOT EXISTS (SELECT 1 FROM core.scheduler_logs WHERE event = 'HEALTH_CHECK' AND at > :before) ELSE false END
""")
