"""Retention: what goes, what stays and why, and that nobody can make a living month go."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.executions import add_one, force
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bench.history_rows import History, write_month, write_routines
from core_api.database import SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.stats.public import StatsLoop
from core_api.modules.upkeep.public import RETENTIONS, Keep, Maintenance, UpkeepLoop
from core_api.storage import FolderStore
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.databases import ServiceDatabase

LAST = date(2024, 10, 31)
OLD = History(last_day=LAST, months=2, executions=200, routines=4)
"""September and October 2024: 24 whole months before November 2026."""
URL = "/api/v1/scheduler/maintenance"
LOAD = """
    INSERT INTO core.daily_loads (id, business_date, trigger, started_at, finished_at, created, already_there, routines)
    VALUES (gen_random_uuid(), '2024-01-01', 'schedule', :at, :at, 1, 0, 1)
"""


async def months(session: WriteSession) -> set[str]:
    rows = await session.scalars(
        text("SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relkind = 'r'")
    )
    return {name for name in rows if name[-8] == "y"}


async def write(session: WriteSession, history: History = OLD) -> None:
    await write_routines(session, history)
    for month in history.starts():
        await write_month(session, history, month)
    await session.execute(text("UPDATE core.stats_progress SET until = '2024-08-31T00:00Z'"))
    await session.commit()


async def catch_up(sessionmaker: SessionFactory, clock: FakeClock) -> None:
    loop = StatsLoop(sessionmaker, clock)
    while await loop.step() == 0.0:
        pass


def ids(month: str) -> set[str]:
    return {f"{parent}_{month}" for parent in ("executions", "attempts", "execution_logs")}


async def test_e15_old_months_go_with_attempts_and_logs_and_their_numbers_stay(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, as_admin: httpx.AsyncClient
) -> None:
    await write(session)
    await catch_up(sessionmaker, clock)
    before = (await as_admin.get("/api/v1/stats/days", params={"start": "2024-09-01", "end": "2024-10-31"})).json()
    assert before["data"]["total"]["runs"] > 150

    shown = (await as_admin.post(URL, json={"dry_run": True})).json()["data"]
    assert [(one["month"], one["kept_because"]) for one in shown["months"]] == [
        ("2024-09-01", None),
        ("2024-10-01", None),
    ]
    assert ids("y2024m09") | ids("y2024m10") <= await months(session), "a dry run removed something"

    done = (await as_admin.post(URL)).json()["data"]

    assert [one["month"] for one in done["months"]] == ["2024-09-01", "2024-10-01"]
    assert (done["dry_run"], done["more"]) == (False, False)
    assert not await months(session) & (ids("y2024m09") | ids("y2024m10"))
    assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 0
    after = (await as_admin.get("/api/v1/stats/days", params={"start": "2024-09-01", "end": "2024-10-31"})).json()
    assert after["data"] == before["data"]
    line = (await as_admin.get("/api/v1/scheduler/logs", params={"event": "MAINTENANCE"})).json()["data"][0]
    assert line["fields"]["months"] == ["2024-09", "2024-10"]
    audit = (await as_admin.get("/api/v1/audit", params={"entity": "history"})).json()["data"]
    assert [entry["action"] for entry in audit] == ["maintenance.run"]


async def test_e15_artifacts_go_with_their_month_rows_and_files(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, tmp_path: Path
) -> None:
    await write(session)
    await catch_up(sessionmaker, clock)
    kept = await add_one(session, slot=clock.now())
    store = FolderStore(tmp_path)
    old = (await session.scalars(text("SELECT id FROM core.executions_y2024m09 LIMIT 1"))).one()
    for execution, month in ((old, "2024-09"), (kept, "2026-11")):
        await session.execute(
            text("INSERT INTO core.artifacts VALUES (:id, 1, 'a.csv', 'text/csv', 1, 'x', :at)"),
            {"id": execution, "at": clock.now()},
        )
        await store.put(f"{month}/{execution}/a.csv", chunks())
    await session.commit()
    await Maintenance(sessionmaker, clock, Keep(), store=store).run()
    assert (await session.scalars(text("SELECT execution_id FROM core.artifacts"))).all() == [kept]
    assert [path.parent.name for path in tmp_path.rglob("a.csv")] == [str(kept)]


async def chunks() -> AsyncIterator[bytes]:
    yield b"x"


async def test_months_that_must_stay_say_why(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await write(session)
    maintenance = Maintenance(sessionmaker, clock, Keep())
    assert [one.kept_because for one in (await maintenance.run()).months] == ["STATS_BEHIND", "STATS_BEHIND"]
    await catch_up(sessionmaker, clock)
    first, second = [
        (await session.scalars(text(f"SELECT id FROM core.executions_{month} LIMIT 1"))).one()
        for month in ("y2024m09", "y2024m10")
    ]
    # An execution that was opened again, and one that a backfill ran last week.
    await force(session, first, status="PENDING")
    await force(session, second, updated_at=clock.now() - timedelta(days=7))
    await session.commit()
    kept = (await maintenance.run()).months
    assert [(one.month.month, one.kept_because) for one in kept] == [(9, "UNFINISHED"), (10, "RECENT")]
    assert ids("y2024m09") | ids("y2024m10") <= await months(session)


async def test_a_month_in_use_stays_until_the_next_round(
    fresh_database: Callable[..., ServiceDatabase], clock: FakeClock
) -> None:
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    try:
        sessionmaker = sessionmaker_for(engine)
        async with transaction(sessionmaker) as session:
            await write(session)
            await session.execute(text("UPDATE core.stats_progress SET until = :now"), {"now": clock.now()})
        maintenance = Maintenance(sessionmaker, clock, Keep())
        async with transaction(sessionmaker) as reader:
            await reader.execute(text("SELECT count(*) FROM core.executions_y2024m09"))
            kept = (await maintenance.run()).months
        assert [one.kept_because for one in kept] == ["BUSY", None]
        assert [one.kept_because for one in (await maintenance.run()).months] == [None]
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    "month", ["now()::date", "(now() + interval '1 month')::date", "(now() - interval '1 month')::date"]
)
async def test_the_function_lets_nobody_drop_what_is_not_history(session: WriteSession, month: str) -> None:
    with pytest.raises(DBAPIError, match="only history goes"):
        async with session.begin_nested():
            await session.execute(text(f"SELECT core.drop_month({month})"))


async def test_the_function_refuses_a_month_with_unfinished_executions(session: WriteSession) -> None:
    await write(session)
    one = (await session.scalars(text("SELECT id FROM core.executions_y2024m09 LIMIT 1"))).one()
    for status in ("PENDING", "RECOVERY", "QUEUED", "RUNNING"):
        await force(session, one, status=status)
        with pytest.raises(DBAPIError, match="are not finished"):
            async with session.begin_nested():
                await session.execute(text("SELECT core.drop_month('2024-09-01')"))
    assert ids("y2024m09") <= await months(session)


def old_rows(clock: FakeClock) -> Sequence[tuple[str, str, int]]:
    """A row of each table that goes by age, so many days old."""
    return [
        (
            "scheduler_logs",
            "INSERT INTO core.scheduler_logs (at, level, event, message) VALUES (:at, 'INFO', 'X', '')",
            90,
        ),
        ("inbox", "INSERT INTO core.inbox VALUES ('c', gen_random_uuid(), :at)", 7),
        (
            "idempotency_keys",
            "INSERT INTO core.idempotency_keys VALUES ('s', 'r', gen_random_uuid(), 'h', '{}', :at)",
            1,
        ),
        ("daily_loads", LOAD, 730),
    ]


async def test_rows_go_by_age_and_settings_may_differ(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    for _, insert, days in old_rows(clock):
        for age in (days - 0.5, days + 0.5):
            await session.execute(text(insert), {"at": clock.now() - timedelta(days=age)})
    await session.commit()
    shown = {one.table: one for one in (await Maintenance(sessionmaker, clock, Keep()).preview()).tables}
    assert {name: shown[name].rows for name, _, _ in old_rows(clock)} == dict.fromkeys(
        [name for name, _, _ in old_rows(clock)], 1
    )
    longer = Keep.of(executions_months=24, days={"scheduler_logs": 91, "inbox": 6})
    gone = {
        one.table: (one.keep_days, one.rows) for one in (await Maintenance(sessionmaker, clock, longer).run()).tables
    }
    assert gone["scheduler_logs"] == (91, 0)
    assert gone["inbox"] == (6, 2)
    assert gone["daily_loads"] == (730, 1)
    with pytest.raises(ValueError, match="audit_log"):
        Keep.of(executions_months=24, days={"audit_log": 1})


async def test_the_audit_log_is_kept_and_every_table_has_a_time() -> None:
    assert "audit_log" not in {one.name for one in RETENTIONS}
    assert all(one.at in one.table.c for one in RETENTIONS)


async def test_the_loop_goes_on_at_once_while_there_is_more(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, redis_streams_url: str
) -> None:
    await session.execute(
        text(
            "INSERT INTO core.scheduler_logs (at, level, event, message)"
            " SELECT :at, 'INFO', 'X', 'm' FROM generate_series(1, 10001)"
        ),
        {"at": clock.now() - timedelta(days=100)},
    )
    await session.commit()
    streams = create_redis(redis_streams_url, name="upkeep")
    try:
        loop = UpkeepLoop(sessionmaker, streams, clock)
        assert [await loop.step() for _ in range(2)] == [1.0, 3600.0]
    finally:
        await streams.aclose()
    assert await session.scalar(text("SELECT count(*) FROM core.scheduler_logs WHERE event = 'X'")) == 0


async def test_only_administrators_and_services_clean_up(
    as_operator: httpx.AsyncClient, as_worker: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await as_operator.post(URL)).status_code == 403
    assert (await anonymous.post(URL)).status_code == 401
    answer = await as_worker.post("/internal/v1/scheduler/maintenance", json={"dry_run": True})
    assert (answer.status_code, answer.json()["dry_run"]) == (200, True)


async def test_the_command_does_the_same_without_api_and_scheduler(
    fresh_database: Callable[..., ServiceDatabase],
) -> None:
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test")
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            await session.execute(
                text(
                    "INSERT INTO core.scheduler_logs (at, level, event, message) VALUES ('2020-01-01', 'INFO', 'X', 'm')"
                )
            )
        rows: list[Any] = []
        for arguments in (["--dry-run"], [], []):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "core_api.maintenance", *arguments),
                env={**os.environ, "CORE_API_DATABASE_URL": database.runtime_url},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            async with asyncio.timeout(60):
                output, _ = await process.communicate()
            assert process.returncode == 0, output.decode()
            rows.append({one["table"]: one["rows"] for one in json.loads(output)["tables"]}["scheduler_logs"])
        assert rows == [1, 1, 0]
    finally:
        await engine.dispose()


async def test_e01_a_late_slot_of_a_month_that_went_is_no_trouble(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, redis_streams_url: str
) -> None:
    """A backfill may reach back behind what is kept: its rows wait in the default partition until the upkeep comes."""
    slot = datetime(2019, 3, 14, 12, 0, tzinfo=UTC)
    late: UUID = await add_one(session, slot=slot, business_date=slot.date())
    await session.execute(text("UPDATE core.stats_progress SET until = :now"), {"now": clock.now()})
    await session.commit()
    streams = create_redis(redis_streams_url, name="upkeep")
    try:
        await UpkeepLoop(sessionmaker, streams, clock).step()
    finally:
        await streams.aclose()
    assert "executions_y2019m03" in await months(session)
    assert await session.scalar(text("SELECT count(*) FROM core.executions WHERE id = :id"), {"id": late}) == 1
