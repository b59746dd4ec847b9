"""What the process holds open: built in order, closed in reverse, nothing at module level."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypedDict

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.brain.caller import ModelCaller
from ai_svc.brain.calls import Caller
from ai_svc.brain.ledger import Ledger
from ai_svc.brain.providers import chain_of, steps_of
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.tracing import open_telemetry
from ai_svc.budgets.public import Books, open_books
from ai_svc.database import INBOX, OUTBOX, SERVICE
from ai_svc.embeddings.dense import Dense
from ai_svc.embeddings.embedders import Embedders
from ai_svc.embeddings.upkeep import Upkeep
from ai_svc.gauges import reading
from ai_svc.listening import Listening
from ai_svc.live.runs import Runs
from ai_svc.memory.consumers import STREAMS, remember
from ai_svc.prompts.public import Prompts, open_prompts
from ai_svc.rag.documents.public import CHANNEL as DOCUMENTS_CHANNEL
from ai_svc.rag.indexing.gathering import Gathering
from ai_svc.rag.indexing.running import indexer_of
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.parsers import Parsers
from ai_svc.rag.search.public import Finders
from ai_svc.settings import Settings
from ai_svc.tasks.consumers import TaskRunner
from ai_svc.tasks.public import OUTBOX_CHANNEL, WAKE_CHANNEL, Handler, RunnerLimits
from ai_svc.texts.consumers import handlers as text_handlers
from ai_svc.texts.dependencies import limits_of
from ai_svc.texts.service import TextService
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, sessionmaker_for
from shared_utils.http.tls import trusted
from shared_utils.messaging.consumer import StreamConsumer
from shared_utils.messaging.gauges import keep_gauges
from shared_utils.messaging.relay import OutboxRelay
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
    listener: Listener
    listening: Listening
    models: ModelCaller
    texts: TextService
    prompts: Prompts
    books: Books
    relay: Listening
    tasks: Listening
    indexing: Listening
    gathering: Gathering
    runs: Runs
    embedders: Embedders
    dense: Dense
    vectors: Listening
    finders: Finders


def lifespan_for(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """The ASGI lifespan: resources first, then the consumer on top of them."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[State]:
        async with AsyncExitStack() as stack:
            engine = _open_engine(stack, settings)
            sessionmaker = sessionmaker_for(engine)
            side = _open_side_engine(stack, settings)
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=5, verify=trusted()))
            streams = create_redis(settings.streams_url, name=SERVICE)
            stack.push_async_callback(streams.aclose)
            await refuse_evicting(streams)
            listener = await stack.enter_async_context(Listener(settings.database_url, application_name=SERVICE))
            books = await _open_books(stack, settings, side)
            embedders = Embedders(settings, ledger=books)
            stack.push_async_callback(embedders.aclose)
            dense = Dense(sessionmaker, embedders=embedders, clock=SystemClock())
            prompts = await stack.enter_async_context(open_prompts(sessionmaker_for(side), SystemClock(), listener))
            models = _open_models(stack, settings, books)
            texts = _open_texts(settings, models, prompts)
            handlers = text_handlers(texts, limits=limits_of(settings))
            gathering = await Gathering.open(stack, settings, sessionmaker, SystemClock())
            await _start_gauges(stack, sessionmaker)
            state = State(
                settings=settings,
                clock=SystemClock(),
                engine=engine,
                sessionmaker=sessionmaker,
                streams=streams,
                oidc=_verifier(settings, http),
                internal_keyring=InternalKeyring(settings.internal_keys),
                listener=listener,
                listening=await _start_listening(stack, settings, sessionmaker),
                prompts=prompts,
                books=books,
                models=models,
                texts=texts,
                relay=await _start_relay(stack, sessionmaker, streams, listener),
                tasks=await _start_tasks(stack, settings, sessionmaker, listener, handlers=handlers),
                indexing=await _start_indexing(stack, settings, sessionmaker, listener, dense, gathering),
                gathering=gathering,
                runs=_open_runs(stack, settings, streams, leaving=app.state.drain.stopping),
                embedders=embedders,
                dense=dense,
                vectors=await _start_upkeep(stack, settings, sessionmaker, embedders),
                finders=Finders(dense=dense),
            )
            # All at once, beside the last answers: one after the other they could outlast the container's grace time.
            app.state.drain.at_stop(*(state[name].stop for name in ("listening", "tasks", "indexing", "vectors")))
            yield state

    return lifespan


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


def _open_side_engine(stack: AsyncExitStack, settings: Settings) -> AsyncEngine:
    """Connections for what calls to models need: requests may hold one of the others while they wait for a call."""
    engine = create_engine(
        settings.database_url,
        application_name=f"{SERVICE}-calls",
        pool_size=3,
        max_overflow=2,
        statement_timeout_ms=5000,
    )
    stack.push_async_callback(engine.dispose)
    return engine


async def _open_books(stack: AsyncExitStack, settings: Settings, engine: AsyncEngine) -> Books:
    books = open_books(
        engine,
        SystemClock(),
        expires_after=timedelta(seconds=settings.reservation_seconds),
        keep_days=settings.keep_model_calls_days,
    )
    return await stack.enter_async_context(books)


def _verifier(settings: Settings, http: httpx.AsyncClient) -> OidcVerifier:
    adapter = roles_adapter(settings.oidc_roles_provider, client_id=settings.oidc_client_id)
    return OidcVerifier(settings.oidc_issuer, settings.oidc_audience, roles_adapter=adapter, http=http)


async def _start_listening(stack: AsyncExitStack, settings: Settings, sessionmaker: SessionFactory) -> Listening:
    """The consumer has a connection of its own: it waits inside XREADGROUP."""
    redis = create_redis(settings.streams_url, name=f"{SERVICE}-consumer", blocking=True)
    stack.push_async_callback(redis.aclose)
    consumer = StreamConsumer(
        redis,
        group=SERVICE,
        consumer=f"{socket.gethostname()}-{os.getpid()}",
        streams=STREAMS,
        handler=remember,
        sessionmaker=sessionmaker,
        inbox=INBOX,
        block_ms=settings.event_wait_ms,
    )
    stop = asyncio.Event()
    return await stack.enter_async_context(Listening(consumer.run(stop), stop))


def _open_models(stack: AsyncExitStack, settings: Settings, ledger: Ledger) -> ModelCaller:
    """The chain of models; spans and metrics of calls are exported when the settings say where to."""
    telemetry = open_telemetry(settings, service=SERVICE)
    stack.push_async_callback(telemetry.aclose)
    caller = ModelCaller(chain_of(settings), ledger=ledger, telemetry=telemetry)
    stack.push_async_callback(caller.aclose)
    return caller


async def _start_upkeep(
    stack: AsyncExitStack, settings: Settings, sessionmaker: SessionFactory, embedders: Embedders
) -> Listening:
    """Passages without a vector get theirs here, beside whatever the service does."""
    stop = asyncio.Event()
    upkeep = Upkeep(
        sessionmaker, embedders=embedders, clock=SystemClock(), fill_per_second=settings.embeddings_fill_per_second
    )
    return await stack.enter_async_context(Listening(upkeep.run(stop), stop, name="vectors"))


async def _start_gauges(stack: AsyncExitStack, sessionmaker: SessionFactory) -> None:
    stop = asyncio.Event()
    await stack.enter_async_context(
        Listening(keep_gauges(reading(sessionmaker, SystemClock()), stop), stop, name="gauges")
    )


def _open_texts(settings: Settings, models: Caller, prompts: Prompts) -> TextService:
    has_model = any(step.provider is not ProviderName.LOCAL for step in steps_of(settings))
    return TextService(models, prompts, limits=limits_of(settings), has_model=has_model)


def _open_runs(stack: AsyncExitStack, settings: Settings, streams: Redis, *, leaving: asyncio.Event) -> Runs:
    """Followers wait inside XREAD, each on a connection of its own."""
    waiting = create_redis(settings.streams_url, name=f"{SERVICE}-runs", blocking=True, max_connections=500)
    stack.push_async_callback(waiting.aclose)
    runs = Runs(streams, waiting, leaving=leaving)
    stack.push_async_callback(runs.close)
    return runs


async def _start_relay(
    stack: AsyncExitStack, sessionmaker: SessionFactory, streams: Redis, listener: Listener
) -> Listening:
    """What this service announces reaches the streams from here."""
    stop = asyncio.Event()
    wake = await stack.enter_async_context(listener.subscribe(OUTBOX_CHANNEL))
    relay = OutboxRelay(sessionmaker, streams, OUTBOX)
    return await stack.enter_async_context(Listening(relay.run(stop, wake), stop, name="relay"))


async def _start_tasks(
    stack: AsyncExitStack,
    settings: Settings,
    sessionmaker: SessionFactory,
    listener: Listener,
    *,
    handlers: Mapping[str, Handler],
) -> Listening:
    """Text jobs and indexing, beside the API."""
    stop = asyncio.Event()
    wake = await stack.enter_async_context(listener.subscribe(WAKE_CHANNEL))
    limits = RunnerLimits(
        concurrency=settings.task_concurrency,
        lease_seconds=settings.task_lease_seconds,
        max_attempts=settings.task_max_attempts,
        retention_days=settings.task_retention_days,
    )
    runner = TaskRunner(sessionmaker, handlers=handlers, clock=SystemClock(), limits=limits)
    return await stack.enter_async_context(Listening(runner.run(stop, wake), stop, name="task-runner"))


async def _start_indexing(
    stack: AsyncExitStack,
    settings: Settings,
    sessionmaker: SessionFactory,
    listener: Listener,
    dense: Dense,
    gathering: Gathering,
) -> Listening:
    """Documents that are wanted become passages here, beside the API."""
    stop = asyncio.Event()
    wake = await stack.enter_async_context(listener.subscribe(DOCUMENTS_CHANNEL))
    parsers = await stack.enter_async_context(Parsers(Bounds.for_files(settings.document_max_bytes)))
    indexer = indexer_of(
        settings, sessionmaker, SystemClock(), reader=parsers, embedding=dense, fetchers=gathering.fetchers
    )
    return await stack.enter_async_context(Listening(indexer.run(stop, wake), stop, name="indexing"))
