"""Several watchdogs at the same time, each with its own connections; and those that stand in for schedulers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from factories.executions import add, new_execution
from factories.incidents import scheduler_seen
from sqlalchemy import text

from core_api.database import OUTBOX, SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.watchdog.public import running, standby, watch_loop
from shared_schemas.events.incidents import IncidentOpened
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.events import published
from shared_utils.testing.waiting import until


@pytest.fixture
async def sessions(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=20)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def incidents(sessions: SessionFactory, kind: str) -> list[Any]:
    async with sessions() as session:
        return list(await session.execute(text("SELECT * FROM core.incidents WHERE kind = :kind"), {"kind": kind}))


async def test_e16_ten_watchdogs_at_once_open_each_incident_once(sessions: SessionFactory, clock: FakeClock) -> None:
    async with transaction(sessions) as session:
        ids = await add(session, *(new_execution() for _ in range(100)))
        await session.execute(
            text("UPDATE core.executions SET status = 'FAILED', finished_at = :now WHERE id = ANY (:ids)"),
            {"now": clock.now(), "ids": ids},
        )
    watchdogs = [watch_loop(sessions, clock) for _ in range(10)]
    await asyncio.gather(*(one.step() for one in watchdogs for _ in range(2)))
    rows = await incidents(sessions, "FAILED")
    assert (len(rows), {row.occurrences for row in rows}) == (100, {1})
    async with sessions() as session:
        told = await published(session, OUTBOX, IncidentOpened)
        changes = await session.scalar(text("SELECT count(*) FROM core.incident_changes"))
    assert (len([event for event in told if event.payload.kind == "FAILED"]), changes) == (100, 100)


async def test_e16_standing_in_works_only_while_no_scheduler_does(sessions: SessionFactory, clock: FakeClock) -> None:
    done: list[int] = []

    async def step() -> float:
        done.append(1)
        return 7.0

    one = standby(sessions, clock, step)
    assert await one.step() == 7
    async with sessions() as session:
        await scheduler_seen(WriteSession(session), clock)  # type: ignore[arg-type]
    assert await one.step() == 2
    assert len(done) == 1


async def test_e16_a_silence_of_before_does_not_count_after_a_scheduler_was_there(
    sessions: SessionFactory, clock: FakeClock
) -> None:
    watch = watch_loop(sessions, clock)
    one = standby(sessions, clock, watch.step, rest=watch.rest)
    await one.step()
    clock.advance(timedelta(seconds=10))
    async with sessions() as session:
        await scheduler_seen(WriteSession(session), clock)  # type: ignore[arg-type]
        await session.commit()
    await one.step()
    async with sessions() as session:
        await session.execute(text("DELETE FROM core.scheduler_instances"))
        await session.commit()
    clock.advance(timedelta(seconds=10))
    await one.step()
    assert await incidents(sessions, "SCHEDULER_SILENT") == [], "silent for a moment, not for twenty seconds"
    clock.advance(timedelta(seconds=16))
    await one.step()
    assert len(await incidents(sessions, "SCHEDULER_SILENT")) == 1


async def test_standing_in_ends_with_the_process_although_a_step_hangs(
    sessions: SessionFactory, clock: FakeClock
) -> None:
    from core_api.modules.schedulers.public import Loop

    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def hang() -> float:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return 0.0

    async with running(sessions, clock, [Loop(name="hangs", step=hang)]):
        await begun.wait()
    await until(cancelled.is_set, what="the step was cut short")
    async with running(sessions, clock, []):
        pass


async def test_e16_the_watchdogs_queries_use_indexes(sessions: SessionFactory) -> None:
    """With 100,000 executions, of which few are of interest, no look reads the whole table."""
    from core_api.modules.deadlines.repository import _MISSING
    from core_api.modules.watchdog.repository import _FAILED, _NOT_STARTED, _RECOVERED_OFTEN, _UNSERVED

    async with transaction(sessions) as session:
        await session.execute(text("SELECT core.ensure_partitions('2026-10-01', '2026-11-01')"))
        await session.execute(
            text("""
                INSERT INTO core.executions (id, routine_id, routine_name, title, slot, business_date, origin, job, params,
                    queue, priority, max_instances, status, due_at, max_attempts, max_recoveries, retry, finished_at,
                    correlation_id, created_at, updated_at)
                SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM at) * 1000 AS bigint)), 12, '0')
                        || '7' || lpad(to_hex(n), 19, '0') AS uuid),
                    CAST(md5(CAST(n % 500 AS text)) AS uuid), 'r', 't', at, CAST(at AS date), 'schedule', 'j', '{}', 'default', 5, 1,
                    CASE n % 20000 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'PENDING' ELSE 'SUCCEEDED' END, at, 3, 3, '{}', at,
                    'c', at, at
                FROM generate_series(1, 100000) AS n,
                    LATERAL (SELECT TIMESTAMPTZ '2026-10-02' + n * INTERVAL '30 seconds' AS at) AS t
            """)
        )
        await session.execute(text("ANALYZE core.executions"))
    values: dict[str, Any] = {
        "since": "'2026-11-01'::timestamptz",
        "due_before": "'2026-11-01'::timestamptz",
        "from_date": "'2026-10-25'::date",
        "finished_after": "'2026-11-01'::timestamptz",
        "limit": "100",
        "now": "'2026-11-01'::timestamptz",
        "ns": "'{0}'",
        "routine_ids": f"ARRAY['{'0' * 32}']",
        "business_dates": "'{2026-10-20}'",
        "deadlines": "'{2026-10-21T10:30:00Z}'",
    }
    for statement in (_FAILED, _NOT_STARTED, _RECOVERED_OFTEN, _UNSERVED, _MISSING):
        query = str(statement)
        for name, value in sorted(values.items(), key=lambda item: -len(item[0])):
            query = query.replace(f":{name}", value)
        async with sessions() as session:
            rows = (await session.execute(text("EXPLAIN " + query.replace("::", "\\:\\:")))).scalars()
            plan = "\n".join(rows)
        assert "Seq Scan on executions_y2026" not in plan, plan
