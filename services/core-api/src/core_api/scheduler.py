"""The scheduler process: `python -m core_api.scheduler`. Any number may run; they take turns, there is no leader.

Its loops load days, hand work out, take up what silent workers held, relay the outbox and tidy up. Each outlives
restarts of PostgreSQL and Redis: it says so in the log, waits a moment and goes on.
"""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import redis.asyncio
import uvloop
from prometheus_client import REGISTRY
from pydantic import Field
from pydantic_settings import SettingsConfigDict
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from core_api import __version__
from core_api.database import CONTROL_CHANNEL, OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.modules.backfills.public import backfill_loop
from core_api.modules.daily_loads.public import load_loop
from core_api.modules.dispatch.public import DispatchLoop, RelayLoop, SweepLoop
from core_api.modules.heartbeat.public import heartbeat_loop
from core_api.modules.monitor.public import HealthLoop
from core_api.modules.notifications.public import courier
from core_api.modules.reactions.public import EventLoop, event_loop
from core_api.modules.schedulers.public import (
    ControlLoop,
    Instance,
    LogEvent,
    Loop,
    Note,
    PresenceLoop,
    Spaced,
    Supervisor,
    expose_loops,
    gone,
    note,
    seen,
)
from core_api.modules.stats.public import StatsLoop
from core_api.modules.upkeep.public import Keep, UpkeepLoop
from core_api.modules.watchdog.public import watch_loop
from core_api.settings import AlertSettings, ProbeSettings, RetentionSettings
from core_api.storage import FolderStore
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener, Wake
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.http.probes import probe_app
from shared_utils.http.server import serving
from shared_utils.logging import configure_logging, get_logger
from shared_utils.messaging.pause import wait_first
from shared_utils.messaging.streams import create_redis, refuse_evicting
from shared_utils.observability.errors import init_sentry
from shared_utils.observability.metrics import tell_build
from shared_utils.observability.tracing import close_tracing, open_tracing
from shared_utils.settings import DatabaseSettings, ServiceSettings, StreamsSettings

logger = get_logger(__name__)

SERVICE = "core-scheduler"
STOP_SECONDS = 10.0
DISPATCH_SPACING_SECONDS = 0.005
RELAY_SPACING_SECONDS = 0.05
RELAY_LIMIT_SECONDS = 10.0
FIRST_LOAD_SECONDS = 30.0

type Step = Callable[[], Awaitable[float]]


class SchedulerSettings(
    DatabaseSettings, StreamsSettings, RetentionSettings, AlertSettings, ProbeSettings, ServiceSettings
):
    """What the scheduler needs of `CORE_API_*`: neither the identity provider nor any service key."""

    model_config = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")

    lease_seconds: float = Field(default=9, ge=1, le=300)
    requeue_after_seconds: float = Field(default=5, ge=0.1, le=300)
    ageing_seconds: float = Field(default=0, ge=0, le=86_400)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the loops share."""

    settings: SchedulerSettings
    clock: Clock
    sessionmaker: SessionFactory
    streams: redis.asyncio.Redis
    relay_streams: redis.asyncio.Redis
    """Without a time limit per answer, which costs more than the answer: the relay's step has one for all of them."""
    event_streams: redis.asyncio.Redis
    """Its reads wait for events."""
    dispatch_wake: Wake
    outbox_wake: Wake
    control_wake: Wake
    handed_out: asyncio.Event
    """Set by a hand-out: the relay does not let it wait."""
    days_loaded: asyncio.Event
    """Set when the days that began while nobody was there are in the queue."""
    instance: Instance


def loops_of(wiring: Wiring, supervisor: Supervisor) -> Sequence[Loop]:
    """Every loop of a scheduler, as new: some of them may be begun anew while it runs."""
    return (*_working_loops(wiring, supervisor), *_watching_loops(wiring, supervisor))


def _watching_loops(wiring: Wiring, supervisor: Supervisor) -> Iterator[Loop]:
    """Trouble is noticed and told (E16)."""
    sessions, clock, settings = wiring.sessionmaker, wiring.clock, wiring.settings
    start_limit = timedelta(seconds=settings.start_limit_seconds)
    yield Loop(name="watchdog", step=watch_loop(sessions, clock, start_limit=start_limit).step)
    messages = courier(
        sessions,
        clock,
        keys=settings.secrets_keys,
        public_url=settings.public_url,
        allow_private=settings.allow_private_webhooks,
    )
    yield Loop(name="courier", step=messages.step)
    if settings.heartbeat_url:
        url, states = settings.heartbeat_url, supervisor.states
        beat = heartbeat_loop(url, clock, states=states, sessionmaker=sessions, streams=wiring.streams)
        yield Loop(name="heartbeat", step=beat.step)


def _working_loops(wiring: Wiring, supervisor: Supervisor) -> Sequence[Loop]:
    sessions, clock, settings = wiring.sessionmaker, wiring.clock, wiring.settings
    keep = Keep.of(executions_months=settings.keep_executions_months, days=settings.keep_days)
    store = FolderStore(settings.artifacts_dir) if settings.artifacts_dir is not None else None
    dispatch = DispatchLoop(sessions, clock, relay=wiring.handed_out, ageing_seconds=settings.ageing_seconds)
    sweep = SweepLoop(
        sessions,
        clock,
        lease_seconds=settings.lease_seconds,
        requeue_after_seconds=settings.requeue_after_seconds,
    )
    return (
        Loop(
            name="dispatch",
            step=_once_loaded(wiring.days_loaded, dispatch.step),
            wake=Spaced(wiring.dispatch_wake, seconds=DISPATCH_SPACING_SECONDS),
        ),
        # Work goes out at once; what is only news may gather for a moment.
        Loop(
            name="relay",
            step=RelayLoop(sessions, wiring.relay_streams).step,
            wake=Spaced(wiring.outbox_wake, seconds=RELAY_SPACING_SECONDS, urgent=wiring.handed_out),
            limit_seconds=RELAY_LIMIT_SECONDS,
        ),
        Loop(name="backfills", step=backfill_loop(sessions, clock).step),
        Loop(name="daily load", step=_telling(wiring.days_loaded, load_loop(sessions, clock).step), limit_seconds=300),
        Loop(name="sweep", step=sweep.step),
        Loop(
            name=EventLoop.name,
            step=event_loop(sessions, wiring.event_streams, clock, consumer=wiring.instance.id).step,
        ),
        Loop(name="presence", step=PresenceLoop(sessions, clock, wiring.instance, states=supervisor.states).step),
        Loop(
            name=ControlLoop.name,
            step=ControlLoop(sessions, clock, wiring.instance, supervisor).step,
            wake=wiring.control_wake,
        ),
        Loop(name="health", step=HealthLoop(sessions, wiring.streams, clock).step),
        Loop(name="stats", step=StatsLoop(sessions, clock).step),
        Loop(
            name="upkeep",
            step=UpkeepLoop(sessions, wiring.streams, clock, keep=keep, store=store).step,
            limit_seconds=300,
        ),
    )


def _telling(loaded: asyncio.Event, step: Step) -> Step:
    """The load's step, which tells when it was there for the first time, be it that it failed."""

    async def load() -> float:
        try:
            return await step()
        finally:
            loaded.set()

    return load


def _once_loaded(loaded: asyncio.Event, step: Step) -> Step:
    """The dispatcher's step, which waits for a scheduler's first load.

    Which of a routine's missed slots is the newest (E11) is known only when the missed days are in the queue. A load
    that takes very long holds nothing up.
    """

    async def dispatch() -> float:
        if not loaded.is_set():
            await wait_first(loaded, timeout=FIRST_LOAD_SECONDS)
            loaded.set()
        return await step()

    return dispatch


@asynccontextmanager
async def open_wiring(settings: SchedulerSettings, *, clock: Clock) -> AsyncIterator[Wiring]:
    """Opens what the loops share, and closes it after them."""
    async with AsyncExitStack() as stack:
        engine = create_engine(
            settings.database_url,
            application_name=SERVICE,
            pool_size=settings.database_pool_size,
            max_overflow=settings.database_max_overflow,
            statement_timeout_ms=settings.database_statement_timeout_ms,
        )
        stack.push_async_callback(engine.dispose)
        streams = create_redis(settings.streams_url, name=SERVICE)
        stack.push_async_callback(streams.aclose)
        relay_streams = create_redis(settings.streams_url, name=f"{SERVICE}-relay", blocking=True)
        stack.push_async_callback(relay_streams.aclose)
        event_streams = create_redis(settings.streams_url, name=f"{SERVICE}-events", blocking=True)
        stack.push_async_callback(event_streams.aclose)
        await _check_streams(streams)
        listener = await stack.enter_async_context(Listener(settings.database_url, application_name=SERVICE))
        yield Wiring(
            settings=settings,
            clock=clock,
            sessionmaker=sessionmaker_for(engine),
            streams=streams,
            relay_streams=relay_streams,
            event_streams=event_streams,
            dispatch_wake=await stack.enter_async_context(listener.subscribe(WAKE_CHANNEL)),
            outbox_wake=await stack.enter_async_context(listener.subscribe(OUTBOX_CHANNEL)),
            control_wake=await stack.enter_async_context(listener.subscribe(CONTROL_CHANNEL)),
            handed_out=asyncio.Event(),
            days_loaded=asyncio.Event(),
            instance=Instance(socket.gethostname(), os.getpid()),
        )


async def _check_streams(streams: redis.asyncio.Redis) -> None:
    """A Redis that may evict stops the start; one that is away does not: the relay waits for it."""
    try:
        await refuse_evicting(streams)
    except (RedisError, OSError) as error:
        logger.warning("the streams Redis is away", extra={"fields": {"error": repr(error)}})


async def run(settings: SchedulerSettings, *, stop: asyncio.Event, clock: Clock | None = None) -> None:
    """Runs a scheduler until `stop` is set, and lets the steps at hand end."""
    async with open_wiring(settings, clock=clock or SystemClock()) as wiring:
        logger.info("scheduler started", extra={"fields": {"id": wiring.instance.id}})
        await _announce(wiring, started=True)
        supervisor = Supervisor(wiring.sessionmaker, wiring.clock, lambda: loops_of(wiring, supervisor))
        async with _probes(settings, supervisor, wiring.clock):
            await supervisor.run(stop, limit_seconds=STOP_SECONDS)
        await _announce(wiring, started=False)
        logger.info("scheduler stopped", extra={"fields": {"id": wiring.instance.id}})


@asynccontextmanager
async def _probes(settings: SchedulerSettings, supervisor: Supervisor, clock: Clock) -> AsyncIterator[None]:
    """For the time of the block health and metrics are served, if there is a port for them.

    A port that is taken stops the start: whoever watches would go on watching somebody else.
    """
    if settings.scheduler_http_port is None:
        yield
        return
    collector = expose_loops(supervisor.states, clock)
    try:
        app = probe_app(service=SERVICE, version=__version__)
        async with serving(app, host=settings.scheduler_http_host, port=settings.scheduler_http_port):
            yield
    finally:
        REGISTRY.unregister(collector)


async def _announce(wiring: Wiring, *, started: bool) -> None:
    """Notes start and stop. PostgreSQL may be away at either, which must not keep a scheduler from it."""
    event = LogEvent.SCHEDULER_STARTED if started else LogEvent.SCHEDULER_STOPPED
    instance, now = wiring.instance, wiring.clock.now()
    line = Note(
        event=event,
        message=f"Scheduler {instance.id[:8]} on {instance.host} {'started' if started else 'stopped'}.",
        fields={"id": instance.id, "host": instance.host, "pid": instance.pid},
    )
    try:
        async with asyncio.timeout(3), transaction(wiring.sessionmaker) as session:
            await note(session, [line], now=now)
            if started:
                await seen(session, instance, now=now)
            else:
                await gone(session, instance)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        logger.warning("could not be noted", extra={"fields": {"event": event, "error": repr(error)}})


async def main() -> None:
    settings = SchedulerSettings()
    configure_logging(service=SERVICE, level=settings.log_level, fmt=settings.log_format)
    init_sentry(settings.sentry_dsn, service=SERVICE, environment=settings.environment, release=__version__)
    tell_build(service=SERVICE, version=__version__)
    tracing = open_tracing(
        settings.traces_endpoint,
        headers=settings.traces_headers,
        service=SERVICE,
        version=__version__,
        environment=settings.environment,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await run(settings, stop=stop)
    finally:
        await close_tracing(tracing)


if __name__ == "__main__":
    uvloop.run(main())
