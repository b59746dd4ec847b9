"""What core-api's processes hold open: built in order, closed in reverse, nothing at module level."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypedDict

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from core_api.database import SERVICE
from core_api.modules.gauges.public import GaugeLoop
from core_api.modules.live.public import EventFeed, running_feed, stop_on_signals
from core_api.modules.notifications.public import courier
from core_api.modules.schedulers.public import Instance, Loop, present
from core_api.modules.upkeep.public import event_types
from core_api.modules.watchdog.public import running, standby, watch_loop
from core_api.settings import Settings
from core_api.storage import FolderStore, ObjectStore
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, sessionmaker_for
from shared_utils.http.rate_limit import RateLimiter
from shared_utils.http.tls import trusted
from shared_utils.messaging.streams import create_redis, refuse_evicting
from shared_utils.security.internal_key import InternalKeyring
from shared_utils.security.oidc import OidcVerifier
from shared_utils.security.roles import roles_adapter


class State(TypedDict):
    """Copied into `request.state` of every request."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    sessionmaker: SessionFactory
    streams: Redis
    oidc: OidcVerifier
    internal_keyring: InternalKeyring
    rate_limiter: RateLimiter
    listener: Listener
    event_feed: EventFeed
    artifact_store: ObjectStore | None
    stopping: asyncio.Event
    """Set as soon as the process is asked to end: live streams end by it."""


async def _open_engine(stack: AsyncExitStack, settings: Settings, *, process: str) -> AsyncEngine:
    engine = create_engine(
        settings.database_url.get_secret_value(),
        application_name=process,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        statement_timeout_ms=settings.database_statement_timeout_ms,
    )
    stack.push_async_callback(engine.dispose)
    return engine


async def _open_streams(stack: AsyncExitStack, settings: Settings, *, process: str) -> Redis:
    redis = create_redis(settings.streams_url.get_secret_value(), name=process)
    stack.push_async_callback(redis.aclose)
    await refuse_evicting(redis)
    return redis


async def _open_feed(stack: AsyncExitStack, settings: Settings, *, process: str) -> EventFeed:
    redis = create_redis(settings.streams_url.get_secret_value(), name=f"{process}-feed", blocking=True)
    stack.push_async_callback(redis.aclose)
    return await stack.enter_async_context(running_feed(EventFeed(redis, event_types())))


def _open_stopping(stack: AsyncExitStack) -> asyncio.Event:
    stopping = asyncio.Event()
    stack.callback(stopping.set)
    stack.enter_context(stop_on_signals(stopping))
    return stopping


def _open_rate_limiter(stack: AsyncExitStack, settings: Settings) -> RateLimiter:
    limiter = RateLimiter(settings.cache_url)
    stack.push_async_callback(limiter.aclose)
    return limiter


@asynccontextmanager
async def open_state(settings: Settings, *, process: str = SERVICE, clock: Clock | None = None) -> AsyncIterator[State]:
    """Open everything for one process; `process` is its name in PostgreSQL and Redis."""
    async with AsyncExitStack() as stack:
        engine = await _open_engine(stack, settings, process=process)
        clock = clock or SystemClock()
        sessionmaker = sessionmaker_for(engine)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=5, verify=trusted()))
        yield State(
            settings=settings,
            clock=clock,
            engine=engine,
            sessionmaker=sessionmaker,
            streams=await _open_streams(stack, settings, process=process),
            oidc=OidcVerifier(
                settings.oidc_issuer,
                settings.oidc_audience,
                roles_adapter=roles_adapter(settings.oidc_roles_provider, client_id=settings.oidc_client_id),
                http=http,
            ),
            internal_keyring=InternalKeyring(settings.internal_keys),
            rate_limiter=_open_rate_limiter(stack, settings),
            listener=await stack.enter_async_context(Listener(settings.database_url, application_name=process)),
            event_feed=await _open_feed(stack, settings, process=process),
            artifact_store=FolderStore(settings.artifacts_dir) if settings.artifacts_dir is not None else None,
            stopping=_open_stopping(stack),
        )


def _beside(state: State) -> list[Loop]:
    """What an API process does beside answering: metrics, and what schedulers do about trouble, if none is there."""
    settings, sessions, clock = state["settings"], state["sessionmaker"], state["clock"]
    watch = watch_loop(sessions, clock, start_limit=timedelta(seconds=settings.start_limit_seconds))
    messages = courier(
        sessions,
        clock,
        keys=settings.secrets_keys,
        public_url=settings.public_url,
        allow_private=settings.allow_private_webhooks,
    )
    return [
        Loop(
            name="gauges",
            step=GaugeLoop(sessions, state["streams"], clock, cache_answers=state["rate_limiter"].answers).step,
        ),
        Loop(name="standby watchdog", step=standby(sessions, clock, watch.step, rest=watch.rest).step),
        Loop(name="standby courier", step=standby(sessions, clock, messages.step).step),
    ]


def lifespan_for(
    settings: Settings, *, clock: Clock | None = None
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """The ASGI lifespan of the API."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        instance = Instance(socket.gethostname(), os.getpid(), "api")
        # Without an API no heartbeat can arrive: the sweep counts leases only while one is there.
        async with (
            open_state(settings, clock=clock) as state,
            present(state["sessionmaker"], state["clock"], instance),
            running(state["sessionmaker"], state["clock"], _beside(state) if settings.watchdog else ()),
        ):
            yield state

    return lifespan
