"""Limits of the dispatcher: rates of pools (E12), backfills (E13), paused routines (E3)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from factories.executions import DAY, SLOT, add, force, new_execution, statuses
from factories.routines import add_routine
from factories.workers import LEASE_SECONDS, register
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from core_api.modules.attempts.public import protocol_for
from core_api.modules.dispatch.public import SweepLoop, recover, tick
from core_api.modules.dispatch.schemas import When
from core_api.modules.executions.public import enqueue
from shared_schemas.jobs import AttemptResult, ClaimRequest, FinishRequest, Outcome, RunError
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase

POOL = text("""
    INSERT INTO core.pools (name, slots, description, rate_count, rate_seconds)
    VALUES ('vendor', 100, '', :count, :seconds)
""")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SLOT + timedelta(minutes=5))


async def take(session: WriteSession, clock: FakeClock, count: int = 100, worker: str = "worker-one") -> list[Any]:
    protocol = protocol_for(session, clock=clock, lease_seconds=LEASE_SECONDS)
    request = ClaimRequest(worker_id=worker, execution_ids=[uuid4() for _ in range(count)])
    return (await protocol.claim(request)).claimed


async def end(session: WriteSession, clock: FakeClock, runs: list[Any], *, outcome: Outcome, worker: str) -> None:
    error = RunError(code="BUSY", message="try again", transient=True) if outcome is Outcome.FAILED else None
    protocol = protocol_for(session, clock=clock, lease_seconds=LEASE_SECONDS)
    results = [
        AttemptResult(
            execution_id=run.execution_id,
            attempt=run.attempt,
            outcome=outcome,
            started_at=clock.now(),
            finished_at=clock.now(),
            error=error,
        )
        for run in runs
    ]
    await protocol.finish(FinishRequest(worker_id=worker, results=results))


# --- E12: rates ------------------------------------------------------------------------------------------------------


async def test_e12_a_rate_counts_starts_and_says_when_it_frees(session: WriteSession, clock: FakeClock) -> None:
    await session.execute(POOL, {"count": 2, "seconds": 60})
    await register(session, clock, slots=50)
    ids = await add(session, *(new_execution(pool="vendor") for _ in range(5)))
    other = await add(session, new_execution(priority=9))

    assert (await tick(session, clock)).handed == 3
    # What was handed out and not claimed yet holds its place in the rate, however long that takes.
    clock.advance(timedelta(seconds=5))
    assert (await tick(session, clock)).handed == 0
    started = clock.now()
    assert len(await take(session, clock)) == 3
    assert await statuses(session, [*ids[:3], *other]) != ["PENDING"] * 4

    clock.advance(timedelta(seconds=55))
    await register(session, clock, slots=50)
    done = await tick(session, clock)
    assert (done.handed, done.next_due_at) == (0, started + timedelta(seconds=60))
    clock.set(started + timedelta(seconds=60))
    assert (await tick(session, clock)).handed == 2


async def test_e12_starts_are_forgotten_when_no_rate_can_count_them(
    sessionmaker: SessionFactory, session: WriteSession, clock: FakeClock
) -> None:
    await session.execute(POOL, {"count": 2, "seconds": 60})
    await register(session, clock)
    await add(session, new_execution(pool="vendor"))
    await tick(session, clock)
    await take(session, clock)
    await session.commit()
    sweep = SweepLoop(sessionmaker, clock, lease_seconds=LEASE_SECONDS, requeue_after_seconds=5)
    await sweep.step()
    assert await session.scalar(text("SELECT count(*) FROM core.pool_starts")) == 1
    clock.advance(timedelta(days=1, seconds=1))
    await sweep.step()
    assert await session.scalar(text("SELECT count(*) FROM core.pool_starts")) == 0


@pytest.fixture
async def sessions(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=8, max_overflow=0)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def test_e12_a_rate_is_exact_under_many_schedulers(sessions: SessionFactory, clock: FakeClock) -> None:
    """Three schedulers and two workers at once, failing runs that are retried: no window of 10 s has more than 5 starts."""
    workers = ["worker-one", "worker-two"]
    async with transaction(sessions) as session:
        await session.execute(POOL, {"count": 5, "seconds": 10})
        retry = {"max_attempts": 9, "backoff_seconds": 1, "backoff_factor": 1, "backoff_max_seconds": 1, "jitter": 0}
        await enqueue(session, [new_execution(pool="vendor", max_attempts=9, retry=retry) for _ in range(30)], now=SLOT)

    async def dispatch() -> None:
        async with transaction(sessions) as session:
            await tick(session, clock)

    async def work(worker: str) -> None:
        async with transaction(sessions) as session:
            runs = await take(session, clock, 3, worker)
        async with transaction(sessions) as session:
            failed = runs[: len(runs) // 2]
            if runs:
                await end(session, clock, runs[len(failed) :], outcome=Outcome.SUCCEEDED, worker=worker)
            if failed:
                await end(session, clock, failed, outcome=Outcome.FAILED, worker=worker)

    for _ in range(120):
        async with transaction(sessions) as session:
            for worker in workers:
                await register(session, clock, worker, slots=20)
        await asyncio.gather(*(dispatch() for _ in range(3)), *(work(worker) for worker in workers))
        clock.advance(timedelta(seconds=1))

    async with transaction(sessions) as session:
        starts = list((await session.scalars(text("SELECT started_at FROM core.pool_starts ORDER BY 1"))).all())
    assert len(starts) > 30
    assert max(_in_window(starts, begin, timedelta(seconds=10)) for begin in starts) == 5


def _in_window(starts: list[datetime], begin: datetime, width: timedelta) -> int:
    return sum(begin <= one < begin + width for one in starts)


# --- E13: backfills --------------------------------------------------------------------------------------------------


async def a_backfill(session: WriteSession, *, max_active: int, status: str = "ACTIVE") -> UUID:
    backfill = uuid4()
    await session.execute(
        text("""
            INSERT INTO core.backfills (id, request_hash, name, status, max_active, priority, start_date, end_date, mode,
                routine_ids, params, executions, requested_by, created_at, updated_at)
            VALUES (:id, :hash, 'b', :status, :max_active, 900, :day, :day, 'all', '{}', '{}', 0, 'somebody', :now, :now)
        """),
        {"id": backfill, "hash": backfill.hex, "status": status, "max_active": max_active, "day": DAY, "now": SLOT},
    )
    return backfill


def of_backfill(backfill: UUID, **changes: Any) -> Any:
    return new_execution(
        **{"origin": "backfill", "run_key": f"backfill:{backfill}", "backfill_id": backfill, "priority": 900, **changes}
    )


async def test_e13_a_backfill_keeps_to_its_cap(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=20)
    backfill = await a_backfill(session, max_active=3)
    await add(session, *(of_backfill(backfill) for _ in range(8)))
    assert (await tick(session, clock)).handed == 3
    [first, *_] = await take(session, clock)
    assert (await tick(session, clock)).handed == 0
    await force(session, first.execution_id, status="SUCCEEDED")
    assert (await tick(session, clock)).handed == 1


async def test_e13_a_backfill_never_takes_the_last_free_slot(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=4)
    backfill = await a_backfill(session, max_active=100)
    await add(session, *(of_backfill(backfill) for _ in range(10)))
    assert (await tick(session, clock)).handed == 3
    assert len(await take(session, clock)) == 3
    assert (await tick(session, clock)).handed == 0

    [live] = await add(session, new_execution(priority=30))
    assert (await tick(session, clock)).handed == 1
    assert [run.execution_id for run in await take(session, clock)] == [live]


async def test_e13_a_queue_with_one_slot_serves_backfills_too(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=1)
    backfill = await a_backfill(session, max_active=100)
    await add(session, *(of_backfill(backfill) for _ in range(3)))
    assert (await tick(session, clock)).handed > 0


async def test_e13_a_paused_backfill_starts_nothing(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=20)
    backfill = await a_backfill(session, max_active=5, status="PAUSED")
    await add(session, *(of_backfill(backfill) for _ in range(3)))
    live = await add(session, new_execution(priority=1000))
    assert (await tick(session, clock)).handed == 1
    assert await statuses(session, live) == ["QUEUED"]
    await session.execute(text("UPDATE core.backfills SET status = 'ACTIVE'"))
    assert (await tick(session, clock)).handed == 3


@pytest.mark.parametrize("ageing", [0, 3600])
async def test_e04_backfills_and_live_work_are_handed_out_in_one_order(
    session: WriteSession, clock: FakeClock, ageing: float
) -> None:
    await register(session, clock, slots=3)
    urgent, later = await a_backfill(session, max_active=2), await a_backfill(session, max_active=5)
    live = [new_execution(priority=priority, slot=SLOT + timedelta(seconds=priority)) for priority in (5, 9)]
    await add(session, *live, *(of_backfill(urgent, priority=7) for _ in range(3)), of_backfill(later, priority=3))
    assert (await tick(session, clock, ageing_seconds=ageing)).handed == 3  # one of each, then the last slot's place
    rows = await session.execute(text("SELECT priority FROM core.executions WHERE status = 'QUEUED' ORDER BY priority"))
    assert rows.scalars().all() == [3, 5, 9]


async def test_e13_a_backfill_is_refilled_in_the_turn_after_live_work(session: WriteSession, clock: FakeClock) -> None:
    """What is due is not held up by it; when no live work can start, it need not wait either."""
    await register(session, clock, slots=8)
    backfill = await a_backfill(session, max_active=2)
    [live] = await add(session, new_execution())
    again = await add(session, *(of_backfill(backfill) for _ in range(3)))
    first = await tick(session, clock)
    assert (first.handed, first.live, first.owing) == (1, 1, True)
    assert await statuses(session, [live]) == ["QUEUED"]
    # However much live work there is by then.
    await add(session, new_execution())
    second = await tick(session, clock, refill=When.NOW)
    assert (second.handed, second.live, second.owing) == (3, 1, False)
    # Without room for it no turn is spent on it.
    await add(session, new_execution())
    third = await tick(session, clock)
    assert (third.handed, third.owing) == (1, False)
    assert sorted(await statuses(session, again)) == ["PENDING", "QUEUED", "QUEUED"]


async def test_e13_a_turn_can_leave_backfills_to_a_later_one(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=8)
    backfill = await a_backfill(session, max_active=2)
    again = await add(session, *(of_backfill(backfill, priority=7) for _ in range(2)))
    left = await tick(session, clock, refill=When.LATER)
    assert (left.handed, left.more, left.owing) == (0, False, True)
    # Nothing overtakes it for that (E4).
    await add(session, new_execution(priority=9))
    done = await tick(session, clock, refill=When.LATER)
    assert (done.handed, done.live, done.owing) == (3, 1, False)
    assert await statuses(session, again) == ["QUEUED", "QUEUED"]


async def test_e13_a_backfill_does_not_wait_for_live_work_that_cannot_start(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, "worker-crowded", slots=1, queues=["heavy"])
    await register(session, clock, "worker-free", slots=8)
    await add(session, *(new_execution(queue="heavy") for _ in range(3)))
    assert (await tick(session, clock)).handed == 2
    backfill = await a_backfill(session, max_active=2)
    await add(session, of_backfill(backfill))
    assert (await tick(session, clock)).handed == 1


async def test_e13_a_run_of_a_backfill_that_is_over_is_retried(session: WriteSession, clock: FakeClock) -> None:
    """A person asked for it afterwards: neither cap nor status of the backfill holds it back."""
    await register(session, clock, slots=4)
    backfill = await a_backfill(session, max_active=1, status="DONE")
    again = await add(session, *(of_backfill(backfill) for _ in range(2)))
    assert (await tick(session, clock)).handed == 2
    assert await statuses(session, again) == ["QUEUED", "QUEUED"]


@pytest.mark.parametrize("status", ["PAUSED", "ACTIVE"])
async def test_e13_live_work_does_not_pass_over_what_waits_in_a_backfill(
    session: WriteSession, clock: FakeClock, status: str
) -> None:
    """However many they are: a turn that cannot start them looks at none of them, one that can at as many as it may."""
    await register(session, clock, slots=8)
    backfill = await a_backfill(session, max_active=2, status=status)
    await add(session, *(of_backfill(backfill, slot=SLOT + timedelta(milliseconds=n)) for n in range(5000)))
    await session.execute(text("ANALYZE core.executions"))
    handed = (await tick(session, clock)).handed
    assert handed == (2 if status == "ACTIVE" else 0)
    await session.commit()
    before = await rows_fetched(session)
    assert (await tick(session, clock)).handed == 0
    after = await rows_fetched(session)
    assert {name: n - before.get(name, 0) for name, n in after.items() if n - before.get(name, 0) > 2500} == {}


async def rows_fetched(session: WriteSession) -> dict[str, int]:
    """How many entries of each index of the queue this transaction has read so far."""
    rows = await session.execute(
        text("""
        SELECT c.relname, pg_stat_get_xact_tuples_returned(i.indexrelid) AS read FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'core.executions'::regclass)
    """)
    )
    return {row.relname: row.read for row in rows}


# --- E3: paused ------------------------------------------------------------------------------------------------------


async def test_e03_a_paused_routine_starts_only_what_a_person_asks_for(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=20)
    routine = await add_routine(session, clock, name="paused-one")
    mine = {"routine_id": routine.id}
    retrying, recovering, by_hand = await add(
        session,
        new_execution(**mine),
        new_execution(**mine, slot=SLOT + timedelta(seconds=1)),
        new_execution(**mine, origin="manual", run_key="x"),
    )
    await force(session, retrying, attempt=1)
    await force(session, recovering, attempt=1, status="RECOVERY")
    await session.execute(text("UPDATE core.routines SET paused = true"))

    await tick(session, clock)
    assert await statuses(session, [retrying, recovering, by_hand]) == ["PENDING", "RECOVERY", "QUEUED"]
    await session.execute(text("UPDATE core.routines SET paused = false"))
    await tick(session, clock)
    assert await statuses(session, [retrying, recovering]) == ["QUEUED", "QUEUED"]


# --- E7: the clock ---------------------------------------------------------------------------------------------------


async def test_e07_a_clock_that_jumps_loses_no_worker(
    sessionmaker: SessionFactory, session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock)
    [execution] = await add(session, new_execution())
    await tick(session, clock)
    await take(session, clock)
    await session.execute(
        text(
            "INSERT INTO core.scheduler_instances (id, host, pid, started_at, last_seen_at, kind) "
            "VALUES ('a', 'h', 1, :then, :now, 'api')"
        ),
        {"then": clock.now() - timedelta(days=1), "now": clock.now() + timedelta(days=1)},
    )
    await session.commit()
    sweep = SweepLoop(sessionmaker, clock, lease_seconds=LEASE_SECONDS, requeue_after_seconds=5, steady=True)
    await sweep.step()
    clock.jump(timedelta(hours=2))
    await sweep.step()
    assert await statuses(session, [execution]) == ["RUNNING"]
    # Whoever stays silent for a whole lease from then on is lost all the same.
    clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
    assert len(await recover(session, clock, lease_seconds=LEASE_SECONDS)) == 1
