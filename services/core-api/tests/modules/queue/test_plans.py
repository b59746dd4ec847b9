"""What the lists read, with months of history: never a partition from end to end, and about a page of rows."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import asyncpg

from bench.history_rows import History, analyse, write_month, write_routines
from core_api.database import PLAN_ONCE, SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.attempts import repository as attempts
from core_api.modules.executions.public import first_id
from core_api.modules.monitor import repository as monitor
from core_api.modules.queue import repository as queue
from core_api.modules.stats import repository as stats
from shared_utils.db.engine import create_engine
from shared_utils.db.session import WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase

HISTORY = History(last_day=date(2026, 11, 20), months=8, executions=40_000, routines=50, log_lines=2)
DAY = date(2026, 11, 20)
ROUTINE = UUID("00000000-0000-7000-8000-000000000007")
LONG_AGO = UUID("019a0000-0000-8000-8000-000000000000")
PAGE = 51
DIALECT = asyncpg.dialect()


async def plan_of(session: WriteSession, statement: Any, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """The plan that a statement runs by, made as for any parameters (`PLAN_ONCE`), with what it really read."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    values = {**compiled.params, **(parameters or {})}
    connection = await session.connection()
    await connection.execute(PLAN_ONCE)
    await connection.exec_driver_sql(f"PREPARE hot AS {compiled}")
    try:
        arguments = ", ".join(_written(values[name]) for name in compiled.positiontup)
        call = f"hot({arguments})" if arguments else "hot"
        explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE {call}")
        plan: dict[str, Any] = explained.scalar_one()[0]["Plan"]
        return plan
    finally:
        await connection.exec_driver_sql("DEALLOCATE hot")


def _written(value: Any) -> str:
    if value is None:
        return "NULL"
    return "'{" + ",".join(map(str, value)) + "}'" if isinstance(value, list) else f"'{value}'"


@pytest.fixture(scope="module")
async def history(module_database: ServiceDatabase) -> AsyncIterator[WriteSession]:
    engine = create_engine(module_database.owner_url, application_name="test")
    try:
        sessionmaker = sessionmaker_for(engine)
        async with transaction(sessionmaker) as session:
            await write_routines(session, HISTORY)
            for month in HISTORY.starts():
                await write_month(session, HISTORY, month)
            await analyse(session)
        async with transaction(sessionmaker) as session:
            yield session
    finally:
        await engine.dispose()


@pytest.fixture(scope="module")
def module_database(service_database: Any) -> Iterator[ServiceDatabase]:
    """A database for all tests of this file."""
    database = service_database.fresh(schema=SCHEMA, migrations_dir=MIGRATIONS)
    yield database
    service_database.drop(database)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def rows_read(plan: dict[str, Any]) -> float:
    """What the scans of executions took into their hands, also what they then threw away."""
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(plan)
        if node.get("Relation Name", "").startswith("executions_")
    )


def read_whole(plan: dict[str, Any]) -> set[str]:
    """The partitions that were read from end to end; an empty one costs nothing."""
    scans = [node for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    read = [node for node in scans if node["Actual Rows"] + node.get("Rows Removed by Filter", 0)]
    return {node["Relation Name"] for node in read if node["Relation Name"].startswith("executions_")}


def newest(**wanted: Any) -> Any:
    values = {"statuses": (), "routines": None, "before": None, "limit": PAGE, **wanted}
    return queue._newest_page(values.pop("statuses"), **values)


def of_day(**wanted: Any) -> Any:
    return queue._day_page(queue.Filter(business_date=DAY, **wanted), after=None, limit=PAGE)


MONTHS = HISTORY.months + 8  # and the empty ones around them
ALL_IDS = [UUID(int=(0x70008000 << 64) + n) for n in range(1, 51)]
LISTS: dict[str, tuple[Callable[[], Any], float]] = {
    "the newest": (newest, PAGE + MONTHS),
    "older ones": (lambda: newest(before=LONG_AGO), PAGE + MONTHS),
    "failed": (lambda: newest(statuses=("FAILED",)), 2 * PAGE + MONTHS),
    "cancelled and skipped": (lambda: newest(statuses=("CANCELLED", "SKIPPED"), before=LONG_AGO), 2 * PAGE + MONTHS),
    "running": (lambda: newest(statuses=("RUNNING", "QUEUED")), 1),
    "waiting, failed or well": (
        lambda: newest(statuses=("PENDING", "FAILED", "SUCCEEDED")),
        3 * PAGE + 2 * MONTHS,
    ),
    "a routine's": (lambda: newest(routines=[ROUTINE]), 2 * PAGE + MONTHS),
    "a routine's failures": (lambda: newest(routines=[ROUTINE], statuses=("FAILED",)), 2 * PAGE + MONTHS),
    "ten routines'": (lambda: newest(routines=ALL_IDS[:10]), 11 * PAGE + 10 * MONTHS),
    "the quarantine": (
        lambda: queue._reason_page(queue.Filter(reason="WORKER_LOST"), before=None, limit=PAGE),
        PAGE + MONTHS,
    ),
    "a day": (of_day, PAGE + MONTHS),
    "a routine's day": (lambda: of_day(routine_id=ROUTINE), PAGE + MONTHS),
}


@pytest.mark.parametrize("name", list(LISTS))
async def test_a_list_reads_about_a_page(history: WriteSession, name: str) -> None:
    make, most = LISTS[name]
    plan = await plan_of(history, make())
    assert not read_whole(plan), plan
    assert rows_read(plan) <= most, plan


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE_PM = NOON.replace(hour=13)
STATEMENTS: dict[str, tuple[Any, dict[str, Any], float]] = {
    "counts of a day": (queue._COUNTS, {"business_date": DAY}, 400),
    "next due": (queue._NEXT_DUE, {"business_date": DAY, "now": NOON}, 1),
    "queue states": (queue._QUEUE_STATES, {"now": NOON}, 1),
    "start delays": (queue._START_DELAYS, {"since": NOON, "first": first_id(NOON), "last": first_id(ONE_PM)}, 60),
    "running": (monitor._RUNNING, {"limit": 1000}, 1),
    "bands": (monitor._BANDS, {"now": NOON}, 1),
    "quarantined": (monitor._QUARANTINED, {"since": NOON}, 1),
    "all routines' numbers, but for today": (
        stats._EACH_ROUTINE,
        {
            "start": date(2026, 10, 21),
            "end": date(2026, 11, 19),
            "today": DAY,
            "all": stats.ALL_ROUTINES,
            "order": "name",
            "limit": 100,
        },
        0,
    ),
    "what ended lately": (stats._AGGREGATE, {"since": NOON.replace(hour=11), "until": NOON}, 500),
    "a routine's numbers of today": (
        stats._DAYS_OF_ONE,
        {"start": DAY, "end": DAY, "today": DAY, "routine": ROUTINE},
        100,
    ),
}


@pytest.mark.parametrize("name", list(STATEMENTS))
async def test_other_hot_reads_follow_indexes(history: WriteSession, name: str) -> None:
    statement, parameters, most = STATEMENTS[name]
    plan = await plan_of(history, getattr(statement, "element", statement), parameters)
    assert not read_whole(plan), plan
    assert rows_read(plan) <= most, plan


async def test_a_bucket_is_an_expression_and_no_call(history: WriteSession) -> None:
    """Called once for each run of a day and date of a routine, it took longer than everything else together."""
    rows = await history.execute(text("EXPLAIN (VERBOSE) SELECT core.stats_bucket(duration_sum) FROM core.daily_stats"))
    plan = "\n".join(rows.scalars())
    assert "ln(" in plan
    assert "stats_bucket" not in plan


async def test_one_executions_attempts_and_logs_are_in_one_partition(history: WriteSession) -> None:
    """Known by its id, whose first bits are its slot's time, a run is looked for in its month alone."""
    one = (await history.scalars(queue.select(queue._E.c.id).limit(1))).one()
    for statement, parameters in [
        (queue.select(queue._E).where(queue._E.c.id == one), {}),
        (attempts._LISTING.element, {"id": one}),
        (attempts._PAGE.element, {"id": one, "after_attempt": 0, "after_seq": 0, "only": None, "limit": 100}),
    ]:
        plan = await plan_of(history, statement, parameters)
        months = {
            node["Relation Name"][-8:]
            for node in nodes(plan)
            if node.get("Relation Name", "")[-8:].startswith("y20") and node["Actual Loops"]
        }
        assert len(months) == 1, plan
