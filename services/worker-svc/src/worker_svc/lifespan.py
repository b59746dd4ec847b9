"""What the worker's process holds open: resources first, then the worker on top of them."""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TypedDict

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from rotina import JobRegistry
from rotina.registry import load_registry
from shared_schemas.jobs import WorkerRegistration
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for
from shared_utils.http.tls import trusted
from shared_utils.messaging.gauges import keep_gauges
from shared_utils.messaging.relay import OutboxRelay
from shared_utils.messaging.streams import create_redis, refuse_evicting
from shared_utils.security.oidc import OidcVerifier
from shared_utils.security.roles import roles_adapter
from worker_svc import __version__
from worker_svc.database import OUTBOX, SERVICE
from worker_svc.market.gauges import reading
from worker_svc.runtime.children import ChildPool
from worker_svc.runtime.core import CoreProtocol
from worker_svc.runtime.execution import Executor, clear_leftovers
from worker_svc.runtime.masking import RunSecrets
from worker_svc.runtime.reader import QueueReader
from worker_svc.runtime.worker import Worker, WorkerParts
from worker_svc.settings import Settings, as_environment

BUILT_IN_JOBS = "worker_svc.jobs.catalog:CATALOG"


class State(TypedDict):
    """Copied into `request.state` of every request."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    sessionmaker: SessionFactory
    streams: Redis
    oidc: OidcVerifier
    worker: Worker


def lifespan_for(
    settings: Settings, *, stopping: asyncio.Event, hurrying: asyncio.Event
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """The ASGI lifespan. The worker takes no work once `stopping` is set, and has drained when the lifespan ends.

    Once `hurrying` is set it hands back at once what it runs.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        async with AsyncExitStack() as stack:
            engine = _open_engine(stack, settings)
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=5, verify=trusted()))
            streams = await _open_streams(stack, settings)
            sessionmaker = sessionmaker_for(engine)
            worker = await open_worker(stack, settings, streams)
            await stack.enter_async_context(_relaying(OutboxRelay(sessionmaker, streams, OUTBOX)))
            await stack.enter_async_context(_telling(sessionmaker))
            await stack.enter_async_context(_working(worker, stopping, hurrying))
            yield State(
                settings=settings,
                clock=SystemClock(),
                engine=engine,
                sessionmaker=sessionmaker,
                streams=streams,
                oidc=_verifier(settings, http),
                worker=worker,
            )

    return lifespan


def registry_for(settings: Settings) -> JobRegistry:
    """The built-in jobs and the team's own. Raises `ValueError` naming what cannot be loaded."""
    registry = JobRegistry()
    for path in _registries(settings):
        registry.update(load_registry(path))
    return registry


def _registries(settings: Settings) -> tuple[str, ...]:
    return (BUILT_IN_JOBS, *settings.extra_jobs)


def _open_engine(stack: AsyncExitStack, settings: Settings) -> AsyncEngine:
    engine = create_engine(
        settings.database_url,
        application_name=SERVICE,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        statement_timeout_ms=settings.database_statement_timeout_ms,
    )
    stack.push_async_callback(engine.dispose)
    return engine


async def _open_streams(stack: AsyncExitStack, settings: Settings) -> Redis:
    redis = create_redis(settings.streams_url, name=SERVICE)
    stack.push_async_callback(redis.aclose)
    await refuse_evicting(redis)
    return redis


def _verifier(settings: Settings, http: httpx.AsyncClient) -> OidcVerifier:
    adapter = roles_adapter(settings.oidc_roles_provider, client_id=settings.oidc_client_id)
    return OidcVerifier(settings.oidc_issuer, settings.oidc_audience, roles_adapter=adapter, http=http)


async def open_worker(stack: AsyncExitStack, settings: Settings, streams: Redis) -> Worker:
    """Put a worker together; `run` starts it, and `stack` closes what it holds."""
    # Every start is a worker of its own: what an earlier process of the same name held is fenced from it.
    worker_id = f"{settings.worker_name or socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}"
    registry = registry_for(settings)
    blocking = create_redis(settings.streams_url, name=f"{SERVICE}-wait", blocking=True)
    stack.push_async_callback(blocking.aclose)
    core = CoreProtocol(settings.core_api_url, internal_key=settings.internal_key, service=SERVICE, worker_id=worker_id)
    await stack.enter_async_context(core)
    children = ChildPool(
        size=settings.slots,
        warm=settings.warm_children,
        registries=_registries(settings),
        environment=as_environment(settings),
    )
    temp_root = settings.storage_dir / "tmp"
    await asyncio.to_thread(clear_leftovers, temp_root, now=time.time())
    executor = Executor(
        registry=registry,
        children=children,
        temp_root=temp_root,
        kill_grace=settings.kill_grace_seconds,
    )
    registration = _registration(settings, worker_id, registry)
    return Worker(
        WorkerParts(
            registration=registration,
            registry=registry,
            core=core,
            reader=QueueReader(streams, blocking, queues=settings.queues, consumer=worker_id),
            children=children,
            executor=executor,
            clock=SystemClock(),
            secrets=RunSecrets({**os.environ, **as_environment(settings)}, registration.jobs),
            stop_grace=settings.stop_grace_seconds,
        )
    )


def _registration(settings: Settings, worker_id: str, registry: JobRegistry) -> WorkerRegistration:
    return WorkerRegistration(
        worker_id=worker_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        queues=settings.queues,
        slots=settings.slots,
        version=__version__,
        jobs=[spec.descriptor() for spec in registry],
    )


@asynccontextmanager
async def _relaying(relay: OutboxRelay) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop), name="outbox-relay")
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def _telling(sessionmaker: SessionFactory) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(keep_gauges(reading(sessionmaker, SystemClock()), stop), name="gauges")
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def _working(worker: Worker, stopping: asyncio.Event, hurrying: asyncio.Event) -> AsyncIterator[None]:
    async def stop_when_told() -> None:
        await stopping.wait()
        worker.stop()
        await hurrying.wait()
        worker.hurry()

    watching = asyncio.create_task(stop_when_told(), name="stop")
    task = asyncio.create_task(worker.run(), name="worker")
    # A worker that breaks must not leave a process behind that only looks alive.
    task.add_done_callback(lambda _: stopping.set())
    try:
        yield
    finally:
        worker.stop()
        try:
            await task
        finally:
            watching.cancel()
