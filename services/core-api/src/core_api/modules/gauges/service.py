"""Keeps the metrics of an API process up to date with how the engine stands."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import redis.asyncio
from sqlalchemy.engine import Row

from core_api.database import OUTBOX
from core_api.modules.daily_loads.public import days_begun
from core_api.modules.gauges.events import STATUSES, EngineGauges, engine_gauges
from core_api.modules.gauges.repository import BANDS, GaugeRepository, StreamGauges
from core_api.modules.gauges.schemas import Streams
from core_api.modules.incidents.public import Kind
from core_api.modules.monitor import public as monitor
from core_api.modules.queue import public as queue
from core_api.modules.schedulers import public as schedulers
from core_api.modules.upkeep import public as upkeep
from shared_utils.clock import HOME_ZONE, Clock, home_date
from shared_utils.db.outbox import waiting
from shared_utils.db.session import ReadSession, SessionFactory, read_transaction
from shared_utils.observability.metrics import outbox_gauges
from shared_utils.observability.refreshing import REFRESH_SECONDS, refreshing

SLOW_EVERY: Final = 3
"""What costs more than a look at an index is read with every third refresh."""

type Answers = Callable[[], Awaitable[bool]]


class GaugeLoop:
    """Reads everything in one transaction, at most every ten seconds. What fails is told by the next refresh."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        streams: redis.asyncio.Redis,
        clock: Clock,
        *,
        cache_answers: Answers,
        gauges: EngineGauges | None = None,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._streams = StreamGauges(streams)
        self._clock = clock
        self._cache_answers = cache_answers
        self._gauges = gauges or engine_gauges()
        self._turn = 0
        self._queues: list[str] = []

    async def step(self) -> float:
        slow = self._turn % SLOW_EVERY == 0
        self._turn += 1
        try:
            async with refreshing(), read_transaction(self._sessionmaker) as session:
                await self._show_queue(session)
                await self._show_engine(session)
                if slow:
                    await self._show_database(session)
        finally:  # PostgreSQL may be away and Redis there
            show_streams(self._gauges, await self._streams.read(self._queues, upkeep.event_types()))
            self._gauges.cache_up.set(await self._cache_answers())
        return REFRESH_SECONDS

    async def _show_queue(self, session: ReadSession) -> None:
        now = self._clock.now()
        queues = await monitor.queues(session, now=now)
        show_queues(self._gauges, queues)
        show_active(self._gauges, await GaugeRepository(session).active(now=now), now=now)
        self._queues = [one.queue for one in queues]

    async def _show_engine(self, session: ReadSession) -> None:
        now, own, gauges = self._clock.now(), GaugeRepository(session), self._gauges
        show_workers(gauges, await own.workers(now=now))
        show_schedulers(gauges, await schedulers.instances(session, clock=self._clock), now=now)
        [today] = days_begun({HOME_ZONE.key}, now)
        loads = await own.loads(today)
        gauges.load_date.set(_midnight(loads.last_date))
        gauges.load_finished.set(loads.finished_at.timestamp() if loads.finished_at else 0)
        gauges.load_due.set(monitor.load_instant(today).timestamp())
        gauges.unplanned.set(loads.unplanned)
        incidents = await own.incidents()
        for kind in Kind:
            gauges.incidents.labels(kind.value).set(incidents.get(kind, 0))
        deliveries = await own.deliveries(now=now)
        gauges.deliveries.set(deliveries.waiting)
        gauges.dead_deliveries.set(deliveries.dead)
        outbox = await waiting(session, OUTBOX)
        outbox_gauges().waiting.set(outbox.rows)
        outbox_gauges().oldest.set(_age(outbox.oldest_at, now))

    async def _show_database(self, session: ReadSession) -> None:
        gauges, now = self._gauges, self._clock.now()
        today = home_date(now)
        counts = (await queue.day_counts(session, today, now=now)).counts
        for status in STATUSES:
            gauges.day.labels(status).set(counts.get(status, 0))
        server = await GaugeRepository(session).server()
        gauges.size.set(server.size)
        gauges.connections.set(server.connections)
        gauges.max_connections.set(server.most)
        gauges.oldest_transaction.set(server.oldest)
        last = await upkeep.last_month(session)
        following = (last.replace(day=1) + timedelta(days=32)).replace(day=1) if last else None
        gauges.partitions.set(_midnight(following))


def show_queues(gauges: EngineGauges, queues: Sequence[monitor.QueueRead]) -> None:
    """Depth and age by band; a band in which nothing waits is told as zero."""
    for band in BANDS:
        of_band = [item for one in queues for item in one.bands if item.band == band]
        due, oldest = sum(item.due for item in of_band), max((i.oldest_due_seconds or 0 for i in of_band), default=0)
        queued, running = sum(item.queued for item in of_band), sum(item.running for item in of_band)
        gauges.due.labels(band).set(due)
        gauges.oldest_due.labels(band).set(oldest)
        gauges.handed.labels(band).set(queued)
        gauges.running.labels(band).set(running)
        gauges.executions.labels(band, "due").set(due)
        gauges.executions.labels(band, "queued").set(queued)
        gauges.executions.labels(band, "running").set(running)
        gauges.oldest.labels(band, "due").set(oldest)
    gauges.unserved.set(sum(one.due for one in queues if not one.workers))


def show_active(gauges: EngineGauges, rows: Sequence[Row[Any]], *, now: datetime) -> None:
    """How long the oldest handed out and the oldest running are so, and leases that ran out."""
    by_band = {row.band: row for row in rows}
    for band in BANDS:
        row = by_band.get(band)
        gauges.oldest.labels(band, "queued").set(_age(row.queued_since, now) if row else 0)
        gauges.oldest.labels(band, "running").set(_age(row.running_since, now) if row else 0)
    gauges.expired.set(sum(row.expired for row in rows))


def show_workers(gauges: EngineGauges, row: Row[Any]) -> None:
    """Workers by state, and their slots."""
    for state in ("alive", "draining", "lost"):
        gauges.workers.labels(state).set(getattr(row, state))
    gauges.slots.set(row.slots)
    gauges.free_slots.set(row.free)


def show_schedulers(gauges: EngineGauges, known: Sequence[schedulers.SchedulerRead], *, now: datetime) -> None:
    """Schedulers that are there, and how their loops are doing."""
    alive = [one for one in known if one.alive]
    loops = [loop for one in alive for loop in one.loops]
    gauges.schedulers.set(len(alive))
    gauges.loops_failing.set(sum(loop.failing for loop in loops))
    late = [(now - loop.next_run_at).total_seconds() for loop in loops if loop.next_run_at is not None]
    gauges.loop_late.set(max([0.0, *late]))


def show_streams(gauges: EngineGauges, told: Streams | None) -> None:
    """The streams Redis; while it is away the last values stay, and `streams_redis_up` says why."""
    gauges.streams_up.set(told is not None)
    if told is None:
        return
    gauges.streams_used.set(told.used_bytes)
    gauges.streams_max.set(told.max_bytes)
    for band in BANDS:
        gauges.work_lag.labels(band).set(told.work_lag[band])
        gauges.work_pending.labels(band).set(told.work_pending[band])
    for event_type, length in told.lengths.items():
        gauges.event_entries.labels(event_type).set(length)
        gauges.event_dead.labels(event_type).set(told.dead[event_type])
    for group in told.groups:
        gauges.event_lag.labels(group.stream, group.group).set(group.lag or 0)
        gauges.event_pending.labels(group.stream, group.group).set(group.pending)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)


def _midnight(day: date | None) -> float:
    return 0.0 if day is None else datetime.combine(day, time(), UTC).timestamp()
