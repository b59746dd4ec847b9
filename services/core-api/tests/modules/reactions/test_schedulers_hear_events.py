"""From the transaction that announces to the execution that follows: two whole schedulers, on real servers."""

import asyncio
from collections.abc import Callable
from datetime import date
from uuid import uuid4

from factories.routines import add_routine
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from core_api.modules.executions.public import outbox_for
from core_api.scheduler import SchedulerSettings, run
from shared_schemas.events.operations import DatasetLoaded
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.waiting import until

CLOCK = SystemClock()
DAY = date(2026, 11, 19)


async def test_e02_an_event_in_the_outbox_starts_a_routine_once_whoever_hears_it(
    fresh_database: Callable[..., ServiceDatabase], own_redis: RedisServer
) -> None:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    sessions = sessionmaker_for(engine)
    async with transaction(sessions) as session:
        routine = await add_routine(
            session, CLOCK, "apos-carga", trigger={"type": "event", "on": "dataset", "dataset": "b3.cotahist"}
        )
    settings = SchedulerSettings.model_validate(
        {"environment": "test", "database_url": database.runtime_url, "streams_url": own_redis.url()}
    )
    stop = asyncio.Event()
    schedulers = [asyncio.create_task(run(settings, stop=stop)) for _ in range(2)]
    try:
        for rows in (3, 5):
            loaded = DatasetLoaded(
                dataset="b3.cotahist",
                reference_date=DAY,
                release_id=uuid4(),
                rows=rows,
                inserted=rows,
                updated=0,
                deleted=0,
            )
            async with transaction(sessions) as session:
                outbox_for(session, CLOCK).add(loaded, correlation_id="f" * 32)

        async def both_are_there() -> bool:
            async with transaction(sessions) as session:
                return await session.scalar(text("SELECT count(*) FROM core.executions WHERE origin = 'event'")) == 2

        await until(both_are_there, timeout=60, what="one execution for each event")
        async with transaction(sessions) as session:
            found = (await session.execute(text("SELECT * FROM core.executions"))).all()
        assert {(row.routine_id, row.business_date, row.correlation_id) for row in found} == {
            (routine.id, DAY, "f" * 32)
        }
        assert sorted(row.cause["rows"] for row in found) == [3, 5]
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await asyncio.gather(*schedulers)
        await engine.dispose()
