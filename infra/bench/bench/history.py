"""Five million executions: how fast the API answers, whether dispatch notices, and how long a month takes to go."""

import asyncio
import os
import time
from collections.abc import Awaitable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from bench.history_rows import History, analyse, prepare, write_month, write_routines, write_statistics
from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack
from core_api.modules.dispatch.public import tick
from core_api.modules.executions.public import NewExecution, enqueue
from core_api.modules.stats.public import StatsLoop
from shared_utils.clock import SystemClock, home_date, utc_now
from shared_utils.db.engine import create_engine
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession, sessionmaker_for, transaction

EXECUTIONS = int(os.environ.get("BENCH_HISTORY_EXECUTIONS", "5000000"))
MONTHS = 36
REQUESTS = 40
TURNS = 60
BAR_API_MS, BAR_DROP_SECONDS, BAR_TURN_SHARE = 300, 1, 1.5
_JOB = "bench.start.light"


async def measure_history() -> list[Measure]:
    """Everything on one database: a turn of the dispatcher before and after, the API's answers, a month that goes."""
    async with bench_stack("history") as bench:
        engine = create_engine(bench.stack.url("core"), application_name="bench", statement_timeout_ms=0, pool_size=4)
        try:
            sessions = sessionmaker_for(engine)
            await _prepare_dispatch(sessions)
            await _turns(sessions)
            before = await _turns(sessions)
            history = History(last_day=home_date(utc_now()), months=MONTHS, executions=EXECUTIONS)
            wrote = await _timed(_write(bench, sessions, history))
            caught_up = await _timed(_catch_up(sessions, history))
            answers = await _answers(bench, history)
            after = await _turns(sessions)
            dropped = await _timed(_drop(sessions, history.starts()[0]))
        finally:
            await engine.dispose()
    note = f"{EXECUTIONS:,} executions in {MONTHS} months, written in {wrote:.0f} s; ten days of statistics in {caught_up:.1f} s"
    return [
        *answers,
        *_turn_measures(before, after),
        Measure("a month goes", dropped, "s", bar=BAR_DROP_SECONDS, note=note),
    ]


# --- the history -----------------------------------------------------------------------------------------------------


async def _write(bench: BenchStack, sessions: SessionFactory, history: History) -> None:
    async with transaction(sessions) as session:
        await prepare(session, history)
        await write_routines(session, history)
    months = iter(history.starts())
    await asyncio.gather(*(_write_months(sessions, history, months) for _ in range(2)))
    owner = create_engine(bench.stack.url("core_owner"), application_name="bench", statement_timeout_ms=0)
    try:
        async with transaction(sessionmaker_for(owner)) as session:
            await analyse(session)
    finally:
        await owner.dispose()


async def _write_months(sessions: SessionFactory, history: History, months: Iterator[date]) -> None:
    for month in months:
        async with transaction(sessions) as session:
            await session.execute(text("SET LOCAL synchronous_commit = off"))
            await write_month(session, history, month)
            await write_statistics(session, month)


async def _catch_up(sessions: SessionFactory, history: History) -> None:
    """The statistics of the last ten days made again, as after schedulers were away."""
    async with transaction(sessions) as session:
        begin = datetime.combine(history.last_day - timedelta(days=10), datetime.min.time(), UTC)
        await session.execute(text("UPDATE core.stats_progress SET until = :begin"), {"begin": begin})
    loop = StatsLoop(sessions, SystemClock())
    while await loop.step() == 0.0:
        pass


# --- the API ---------------------------------------------------------------------------------------------------------


async def _answers(bench: BenchStack, history: History) -> list[Measure]:
    today, first = history.last_day, history.starts()[0]
    newest = await _get(bench, "/executions", limit=50)
    one = newest["data"][0]["id"]
    deep = (await _get(bench, "/executions", business_date=_weekday(first).isoformat(), limit=1))["data"][0]
    routine = UUID(deep["routine_id"])
    half_a_year = (today - timedelta(days=180)).isoformat()
    asked: dict[str, Sequence[tuple[str, dict[str, Any]]]] = {
        "queue of a day": [
            ("/executions", {"business_date": _weekday(today).isoformat(), "limit": 50}),
            ("/executions", {"business_date": _weekday(first).isoformat(), "limit": 50}),
            ("/scheduler/queue/status", {}),
        ],
        "lists": [
            ("/executions", {"limit": 50}),
            ("/executions", {"limit": 50, "cursor": newest["meta"]["next_cursor"]}),
            ("/executions", {"limit": 50, "status": "FAILED"}),
            ("/executions", {"limit": 50, "status": ["CANCELLED", "RUNNING"]}),
            ("/executions", {"limit": 50, "routine_id": str(routine)}),
            ("/executions", {"limit": 50, "q": "history-01"}),
            ("/executions", {"limit": 50, "q": "nobody-is-called-so"}),
        ],
        "detail": [
            (f"/executions/{one}", {}),
            (f"/executions/{deep['id']}", {}),
            (f"/executions/{deep['id']}/attempts", {}),
            (f"/executions/{deep['id']}/logs", {}),
        ],
        "statistics": [
            ("/stats/days", {}),
            ("/stats/days", {"start": half_a_year}),
            ("/stats/routines", {"order": "p95_duration"}),
            (f"/routines/{routine}/stats", {"start": half_a_year}),
        ],
        "monitor": [("/scheduler/monitor/status", {})],
    }
    return [await _api_measure(bench, name, requests) for name, requests in asked.items()]


async def _api_measure(bench: BenchStack, name: str, requests: Sequence[tuple[str, dict[str, Any]]]) -> Measure:
    slowest, note = 0.0, ""
    for path, params in requests:
        await _get(bench, path, **params)
        took = [await _timed(_get(bench, path, **params)) * 1000 for _ in range(REQUESTS)]
        p95 = percentile(took, 0.95)
        if p95 > slowest:
            named = "&".join(f"{key}={value}" for key, value in params.items() if key != "cursor")
            slowest, note = p95, f"slowest of {len(requests)}: {path}?{named}, median {median(took):.0f} ms"
    return Measure(f"API with history, {name}, p95", slowest, "ms", bar=BAR_API_MS, note=note)


async def _get(bench: BenchStack, path: str, **params: Any) -> Any:
    answer = await bench.http.get(f"/api/v1{path}", params=params)
    if not answer.is_success:
        raise RuntimeError(f"GET {path}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


def _weekday(day: date) -> date:
    """The day itself, or at a weekend the Friday before or, at the start of history, the Monday after."""
    while day.isoweekday() > 5:
        day += timedelta(days=1 if day.day < 15 else -1)
    return day


# --- dispatch --------------------------------------------------------------------------------------------------------


async def _prepare_dispatch(sessions: SessionFactory) -> None:
    """A live worker, and fifty executions that it could take."""
    now = utc_now()
    async with transaction(sessions) as session:
        await session.execute(_WORKER, {"now": now, "until": now + timedelta(days=1), "job": _JOB})
        await session.execute(_JOBS, {"now": now, "job": _JOB})
        await session.execute(_OFFER, {"job": _JOB})
        await enqueue(session, [_execution(now - timedelta(milliseconds=n)) for n in range(50)], now=now)


async def _turns(sessions: SessionFactory) -> list[float]:
    """Milliseconds of turns that hand out what is there, and are rolled back."""
    return [await _turn(sessions) * 1000 for _ in range(TURNS)]


async def _turn(sessions: SessionFactory) -> float:
    async with sessions() as session:
        began = time.perf_counter()
        done = await tick(WriteSession(ReadSession(session)), SystemClock())
        took = time.perf_counter() - began
        await session.rollback()
    if not done.handed:
        raise RuntimeError("the turn handed nothing out")
    return took


def _turn_measures(before: Sequence[float], after: Sequence[float]) -> list[Measure]:
    note = f"empty {median(before):.1f} ms, p95 {percentile(before, 0.95):.1f}; with history p95 {percentile(after, 0.95):.1f}"
    return [
        Measure("turn of the dispatcher with history, median", median(after), "ms", note=note),
        Measure("... as a share of one without", median(after) / median(before), "x", bar=BAR_TURN_SHARE),
    ]


def _execution(due: datetime) -> NewExecution:
    return NewExecution(
        routine_id=uuid4(),
        routine_name="bench",
        title="bench",
        slot=due,
        business_date=due.date(),
        job=_JOB,
        params={},
        queue="default",
        priority=5,
        pool=None,
        concurrency_key=None,
        max_instances=1,
        depends_on=(),
        max_attempts=1,
        max_recoveries=3,
        retry={"max_attempts": 1, "backoff_seconds": 1, "backoff_factor": 2, "backoff_max_seconds": 60, "jitter": True},
        timeout_seconds=60,
    )


async def _drop(sessions: SessionFactory, month: date) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("SELECT core.drop_month(:month)"), {"month": month})


async def _timed(work: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


_WORKER = text("""
    INSERT INTO core.workers (id, host, pid, queues, slots, version, registered_at, last_heartbeat_at, lease_until)
    VALUES ('bench', 'bench', 1, '{default}', 50, '0', :now, :now, :until) ON CONFLICT DO NOTHING
""")
_JOBS = text("""
    INSERT INTO core.jobs (name, title, description, params_schema, light, queues, updated_at)
    VALUES (:job, 'bench', '', '{}', true, '{default}', :now) ON CONFLICT DO NOTHING
""")
_OFFER = text("INSERT INTO core.worker_jobs (worker_id, job) VALUES ('bench', :job) ON CONFLICT DO NOTHING")
