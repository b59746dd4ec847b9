"""A whole scheduler in this process, on real servers that go away and come back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from factories.executions import add, new_execution, row_of
from factories.workers import register
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core_api.migrate import MIGRATIONS
from core_api.modules.executions.public import to_millisecond
from core_api.modules.schedulers.public import Instance, present
from core_api.scheduler import SchedulerSettings, run
from shared_schemas.jobs import wake_stream, work_stream
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.messaging.streams import StreamsMayEvict, create_redis
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.waiting import until

CLOCK = SystemClock()
STREAM = work_stream("default", 1)


@pytest.fixture
def database(fresh_database: Callable[..., ServiceDatabase]) -> ServiceDatabase:
    return fresh_database(schema="core", migrations_dir=MIGRATIONS)


@pytest.fixture
async def sessions(database: ServiceDatabase) -> AsyncIterator[SessionFactory]:
    engine = create_engine(database.runtime_url, application_name="test")
    yield sessionmaker_for(engine)
    await engine.dispose()


@asynccontextmanager
async def scheduler(database: ServiceDatabase, streams_url: str, **settings: Any) -> AsyncIterator[None]:
    wanted = SchedulerSettings.model_validate(
        {"environment": "test", "database_url": database.runtime_url, "streams_url": streams_url, **settings}
    )
    stop = asyncio.Event()
    task = asyncio.create_task(run(wanted, stop=stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task


@asynccontextmanager
async def an_api(sessions: SessionFactory) -> AsyncIterator[None]:
    async with present(sessions, CLOCK, Instance("host-1", 1, "api")):
        yield


async def wait_for(sessions: SessionFactory, query: str, expected: Any, *, seconds: float = 20) -> None:
    """Until the query says what is expected; a server that is away meanwhile says nothing."""

    async def as_expected() -> bool:
        try:
            async with transaction(sessions) as session:
                return bool(await session.scalar(text(query)) == expected)
        except (SQLAlchemyError, OSError):
            return False

    await until(as_expected, timeout=seconds, what=f"{query} = {expected}")


async def wait_for_entries(redis: Redis, count: int) -> None:
    """Until so many executions are on the stream. One may be there twice: a relay that dies has sent but not noted it."""

    async def enough() -> bool:
        return len({fields["execution_id"] for _, fields in await redis.xrange(STREAM)}) >= count

    await until(enough, timeout=20, what=f"{count} executions on {STREAM}")


async def put(sessions: SessionFactory, count: int = 1, *, due_in: float = 0.0) -> list[Any]:
    slot = to_millisecond(CLOCK.now() + timedelta(seconds=due_in))
    async with transaction(sessions) as session:
        return await add(session, *(new_execution(slot=slot) for _ in range(count)), now=CLOCK.now())


async def test_an_execution_leaves_when_it_is_due_and_not_before(
    database: ServiceDatabase, sessions: SessionFactory, own_redis: RedisServer
) -> None:
    redis = create_redis(own_redis.url(), name="test", blocking=True)
    async with transaction(sessions) as session:
        await register(session, CLOCK)
    async with scheduler(database, own_redis.url()):
        await wait_for(sessions, "SELECT count(*) FROM core.scheduler_instances", 1)
        late: list[float] = []
        position = "0-0"
        for _ in range(3):
            [execution] = await put(sessions, due_in=1.0)
            async with transaction(sessions) as session:
                due = (await row_of(session, execution)).due_at
            async with asyncio.timeout(30):
                found = await redis.xread({STREAM: position}, block=25_000)
            late.append((CLOCK.now() - due).total_seconds())
            position, fields = found[0][1][0]
            assert fields == {"execution_id": str(execution)}
        # A poll of a second would show in most of them; the machine that runs this may be busy.
        assert min(late) > 0
        assert min(late) < 0.75
        assert await redis.xlen(wake_stream("default")) >= 1
    await redis.aclose()
    await wait_for(sessions, "SELECT count(*) FROM core.scheduler_instances", 0)
    events = "SELECT string_agg(event, ' ' ORDER BY id) FROM core.scheduler_logs WHERE event LIKE 'SCHEDULER%'"
    await wait_for(sessions, events, "SCHEDULER_STARTED SCHEDULER_STOPPED")


async def test_e05_an_outage_of_redis_delays_and_loses_nothing(
    database: ServiceDatabase, sessions: SessionFactory, own_redis: RedisServer
) -> None:
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=50)
    async with scheduler(database, own_redis.url()):
        await wait_for(sessions, "SELECT count(*) FROM core.scheduler_instances", 1)
        own_redis.kill()
        await put(sessions, 20)
        await wait_for(sessions, "SELECT count(*) FROM core.executions WHERE status = 'QUEUED'", 20)
        noted = "SELECT count(*) FROM core.scheduler_logs WHERE fields ->> 'loop' = 'relay' AND event = "
        await wait_for(sessions, noted + "'LOOP_FAILED'", 1)
        own_redis.start()
        redis = create_redis(own_redis.url(), name="test")
        await wait_for_entries(redis, 20)
        await wait_for(sessions, "SELECT count(*) FROM core.outbox", 0)
        await wait_for(sessions, noted + "'LOOP_RECOVERED'", 1)
        assert len({fields["execution_id"] for _, fields in await redis.xrange(STREAM)}) == 20
        await redis.aclose()


async def test_e05_after_flushall_everything_unclaimed_comes_back(
    database: ServiceDatabase, sessions: SessionFactory, own_redis: RedisServer
) -> None:
    redis = create_redis(own_redis.url(), name="test")
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=50)
        await session.execute(text("UPDATE core.workers SET lease_until = now() + interval '1 hour'"))
    async with scheduler(database, own_redis.url(), requeue_after_seconds=1):
        await put(sessions, 60)
        await wait_for_entries(redis, 60)
        await redis.flushall()
        await wait_for_entries(redis, 60)
        entries = {fields["execution_id"] for _, fields in await redis.xrange(STREAM)}
        assert len(entries) == 60
    await redis.aclose()


async def test_a_restart_of_postgresql_is_survived(
    database: ServiceDatabase, sessions: SessionFactory, own_redis: RedisServer
) -> None:
    """Every connection of the scheduler dies at once, as in a restart, its listener's too."""
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=50)
        await session.execute(text("UPDATE core.workers SET lease_until = now() + interval '1 hour'"))
    admin = await asyncpg.connect(database.admin_url)
    redis = create_redis(own_redis.url(), name="test")
    async with scheduler(database, own_redis.url()):
        await wait_for(sessions, "SELECT count(*) FROM core.scheduler_instances", 1)
        for round_number in range(1, 4):
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'core-scheduler%'",
                database.name,
            )
            await put(sessions, 5)
            await wait_for_entries(redis, 5 * round_number)
    entries = [fields["execution_id"] for _, fields in await redis.xrange(STREAM)]
    assert len(set(entries)) == 15
    await redis.aclose()
    await admin.close()


async def test_e07_a_silent_worker_loses_its_run_to_the_sweep(
    database: ServiceDatabase, sessions: SessionFactory, own_redis: RedisServer
) -> None:
    async with transaction(sessions) as session:
        await register(session, CLOCK)
    [execution] = await put(sessions)
    async with transaction(sessions) as session:
        await session.execute(
            text(
                "UPDATE core.executions SET status = 'RUNNING', attempt = 1, worker_id = 'worker-one', started_at = now(), "
                "lease_until = now() + interval '1 second' WHERE id = :id"
            ),
            {"id": execution},
        )
    async with scheduler(database, own_redis.url(), lease_seconds=1), an_api(sessions):
        await wait_for(sessions, "SELECT status FROM core.executions", "RECOVERY")
    await wait_for(sessions, "SELECT recoveries FROM core.executions", 1)


async def test_a_redis_that_may_evict_stops_the_start(database: ServiceDatabase, own_redis: RedisServer) -> None:
    redis = create_redis(own_redis.url(), name="test")
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    await redis.aclose()
    with pytest.raises(StreamsMayEvict, match="noeviction"):
        async with scheduler(database, own_redis.url()):
            pass
