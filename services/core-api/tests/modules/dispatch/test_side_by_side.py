"""Several schedulers and workers at once, on committed data: nothing twice, no limit exceeded (E1, E4, E6)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from factories.executions import SLOT, add, new_execution
from factories.locks import waiting_for_a_lock
from factories.routines import add_routine
from factories.workers import LEASE_SECONDS, register
from sqlalchemy import text

from core_api.migrate import MIGRATIONS
from core_api.modules.attempts.public import protocol_for
from core_api.modules.daily_loads.public import load_day, load_service
from core_api.modules.dispatch.public import recover, tick
from core_api.modules.executions.public import bring_forward, enqueue, withdraw_untouched
from shared_schemas.jobs import AttemptResult, ClaimRequest, FinishRequest, Outcome
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase

CLOCK = FakeClock(SLOT + timedelta(minutes=5))


@pytest.fixture
async def sessions(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=12, max_overflow=0)
    yield sessionmaker_for(engine)
    await engine.dispose()


async def counted(sessions: SessionFactory, status: str) -> int:
    async with transaction(sessions) as session:
        query = text("SELECT count(*) FROM core.executions WHERE status = :status")
        return int(await session.scalar(query, {"status": status}) or 0)


async def test_e01_schedulers_that_write_the_same_day_at_once_write_it_once(sessions: SessionFactory) -> None:
    day = [new_execution(routine_id=UUID(int=n + 1), slot=SLOT + timedelta(seconds=n)) for n in range(2000)]

    async def write() -> tuple[int, int]:
        async with transaction(sessions) as session:
            done = await enqueue(session, day, now=SLOT)
            return done.created, done.already_there

    results = await asyncio.gather(*(write() for _ in range(4)))
    assert sum(created for created, _ in results) == 2000
    assert sum(there for _, there in results) == 6000
    assert await counted(sessions, "PENDING") == 2000


async def test_e01_loads_and_reloads_at_once_agree(sessions: SessionFactory) -> None:
    async with transaction(sessions) as session:
        for n in range(20):
            times = [f"{hour:02}:{n:02}" for hour in range(24)]
            await add_routine(session, CLOCK, f"r-{n}", trigger={"type": "times", "times": times})

    async def load() -> int:
        async with transaction(sessions) as session:
            return (await load_day(session, date(2026, 11, 20), trigger="manual", clock=CLOCK)).created

    async def reload() -> int:
        async with transaction(sessions) as session:
            return len(await load_service(session, clock=CLOCK).reload_changed())

    await load()
    results = await asyncio.gather(load(), reload(), load(), reload(), load())
    assert sum(results[1::2]) <= 20
    await reload()
    async with transaction(sessions) as session:
        rows = await session.execute(text("SELECT count(*), count(DISTINCT (routine_id, slot)) FROM core.executions"))
        assert tuple(rows.one()) == (480, 480)


async def test_e06_an_execution_claimed_by_many_at_once_goes_to_one(sessions: SessionFactory) -> None:
    workers = [f"worker-{n}-of-many" for n in range(6)]
    async with transaction(sessions) as session:
        for worker in workers:
            await register(session, CLOCK, worker)
        ids = await add(session, *(new_execution(slot=SLOT + timedelta(seconds=n)) for n in range(200)))
        await session.execute(text("UPDATE core.executions SET status = 'QUEUED'"))

    async def claim(number: int, worker: str) -> tuple[list[UUID], list[UUID]]:
        # Everybody asks in another order: locks taken in the order of asking would end in a deadlock.
        asked = ids[number * 30 :] + ids[: number * 30]
        async with transaction(sessions) as session:
            protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
            reply = await protocol.claim(ClaimRequest(worker_id=worker, execution_ids=asked))
            return [run.execution_id for run in reply.claimed], reply.refused

    results = await asyncio.gather(*(claim(number, worker) for number, worker in enumerate(workers)))
    assert Counter(one for claimed, _ in results for one in claimed) == Counter(ids)
    assert all(len(claimed) + len(refused) == 200 for claimed, refused in results)
    async with transaction(sessions) as session:
        attempts = await session.execute(text("SELECT count(*), max(attempt) FROM core.attempts"))
        assert tuple(attempts.one()) == (200, 1)


async def test_e04_dispatchers_at_once_exceed_no_pool_and_hand_nothing_out_twice(sessions: SessionFactory) -> None:
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=20)
        await session.execute(text("INSERT INTO core.pools VALUES ('b3', 3, '')"))
        await add(session, *(new_execution(slot=SLOT + timedelta(seconds=n), pool="b3") for n in range(40)))
        await add(session, *(new_execution(slot=SLOT + timedelta(seconds=n)) for n in range(100)))

    async def dispatch() -> tuple[int, int]:
        turns = handed = 0
        for _ in range(5):
            async with transaction(sessions) as session:
                done = await tick(session, CLOCK)
            turns, handed = turns + done.turn, handed + done.handed
        return turns, handed

    results = await asyncio.gather(*(dispatch() for _ in range(4)))
    assert sum(handed for _, handed in results) == await counted(sessions, "QUEUED") == 40
    async with transaction(sessions) as session:
        query = text("SELECT count(*) FROM core.executions WHERE status = 'QUEUED' AND pool = 'b3'")
        assert await session.scalar(query) == 3
        entries = (
            await session.scalars(text("SELECT fields ->> 'execution_id' FROM core.outbox WHERE stream LIKE 'queue:%'"))
        ).all()
    assert len(entries) == len(set(entries)) == 40


async def test_e04_what_is_claimed_at_this_moment_is_not_taken_back(sessions: SessionFactory) -> None:
    """An urgent execution would take the pool slot of one that was handed out; a claim is faster, and keeps it."""
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=1)
        await session.execute(text("INSERT INTO core.pools VALUES ('b3', 1, '')"))
        [late] = await add(session, new_execution(pool="b3", priority=20))
        await session.execute(text("UPDATE core.executions SET status = 'QUEUED', queued_at = now(), sent_count = 1"))
        [blocker, urgent] = await add(session, new_execution(), new_execution(priority=1))
        await session.execute(
            text("UPDATE core.executions SET status = 'RUNNING', worker_id = 'worker-one' WHERE id = :id"),
            {"id": blocker},
        )

    async with transaction(sessions) as claiming:
        await claiming.execute(text("SELECT 1 FROM core.executions WHERE id = :id FOR UPDATE"), {"id": late})
        async with transaction(sessions) as session:
            done = await tick(session, CLOCK)
        assert (done.handed, done.recalled, done.more) == (0, 0, True)

    async with transaction(sessions) as session:
        done = await tick(session, CLOCK)
    assert (done.handed, done.recalled) == (1, 1)
    async with transaction(sessions) as session:
        query = text("SELECT status FROM core.executions WHERE id = ANY (:ids) ORDER BY priority")
        assert (await session.scalars(query, {"ids": [late, urgent]})).all() == ["QUEUED", "PENDING"]


async def test_e08_the_same_result_reported_at_once_counts_once(sessions: SessionFactory) -> None:
    async with transaction(sessions) as session:
        await register(session, CLOCK)
        [execution] = await add(session, new_execution())
        await session.execute(text("UPDATE core.executions SET status = 'QUEUED'"))
    async with transaction(sessions) as session:
        protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
        await protocol.claim(ClaimRequest(worker_id="worker-one", execution_ids=[execution]))
    now = CLOCK.now()
    result = AttemptResult(
        execution_id=execution, attempt=1, outcome=Outcome.SUCCEEDED, started_at=now, finished_at=now
    )

    async def finish() -> int:
        async with transaction(sessions) as session:
            protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
            return len((await protocol.finish(FinishRequest(worker_id="worker-one", results=[result]))).accepted)

    assert await asyncio.gather(*(finish() for _ in range(5))) == [1] * 5
    async with transaction(sessions) as session:
        query = text("SELECT count(*) FROM core.outbox WHERE stream = 'events:execution.succeeded'")
        assert await session.scalar(query) == 1


async def test_e07_sweeps_at_once_recover_each_run_once(sessions: SessionFactory) -> None:
    async with transaction(sessions) as session:
        await register(session, CLOCK)
        ids = await add(session, *(new_execution(slot=SLOT + timedelta(seconds=n)) for n in range(60)))
        await session.execute(text("UPDATE core.executions SET status = 'QUEUED'"))
    async with transaction(sessions) as session:
        protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
        await protocol.claim(ClaimRequest(worker_id="worker-one", execution_ids=ids))
    later = FakeClock(CLOCK.now() + timedelta(seconds=30))

    async def sweep() -> int:
        async with transaction(sessions) as session:
            return len(await recover(session, later, lease_seconds=LEASE_SECONDS))

    assert sum(await asyncio.gather(*(sweep() for _ in range(4)))) == 60
    async with transaction(sessions) as session:
        rows = await session.execute(text("SELECT DISTINCT status, recoveries FROM core.executions"))
        assert [tuple(row) for row in rows] == [("RECOVERY", 1)]
        lost = text("SELECT count(*) FROM core.scheduler_logs WHERE event = 'WORKER_LOST'")
        assert await session.scalar(lost) == 1


async def test_two_dispatchers_and_two_workers_run_everything_exactly_once(sessions: SessionFactory) -> None:
    """The whole path below HTTP and Redis, 2,000 executions, everybody at once."""
    async with transaction(sessions) as session:
        for worker in ("worker-one", "worker-two"):
            await register(session, CLOCK, worker, slots=50)
        await add(session, *(new_execution(slot=SLOT - timedelta(seconds=n)) for n in range(2000)))
    runs: Counter[UUID] = Counter()

    async def dispatcher() -> None:
        while sum(runs.values()) < 2000:
            async with transaction(sessions) as session:
                await tick(session, CLOCK)

    async def worker(worker_id: str) -> None:
        while sum(runs.values()) < 2000:
            async with transaction(sessions) as session:
                query = text("SELECT id FROM core.executions WHERE status = 'QUEUED' LIMIT 50")
                waiting = list((await session.scalars(query)).all())
                if not waiting:
                    continue
                protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
                reply = await protocol.claim(ClaimRequest(worker_id=worker_id, execution_ids=waiting))
            runs.update(run.execution_id for run in reply.claimed)
            if reply.claimed:
                await report(worker_id, [run.execution_id for run in reply.claimed])

    async def report(worker_id: str, ids: list[UUID]) -> None:
        now = CLOCK.now()
        results = [
            AttemptResult(execution_id=one, attempt=1, outcome=Outcome.SUCCEEDED, started_at=now, finished_at=now)
            for one in ids
        ]
        async with transaction(sessions) as session:
            protocol = protocol_for(session, clock=CLOCK, lease_seconds=LEASE_SECONDS)
            reply = await protocol.finish(FinishRequest(worker_id=worker_id, results=results))
        assert reply.fenced == []

    async with asyncio.timeout(60):
        await asyncio.gather(dispatcher(), dispatcher(), worker("worker-one"), worker("worker-two"))
    assert len(runs) == 2000
    assert set(runs.values()) == {1}
    assert await counted(sessions, "SUCCEEDED") == 2000


def test_the_clock_of_these_tests_stands_still() -> None:
    assert CLOCK.now() == datetime(2026, 11, 20, 12, 5, tzinfo=UTC)


async def test_e13_a_pause_during_a_turn_of_the_dispatcher_leaves_nothing_handed_out(sessions: SessionFactory) -> None:
    backfill = uuid4()
    async with transaction(sessions) as session:
        await register(session, CLOCK, slots=20)
        await session.execute(
            text("""
                INSERT INTO core.backfills (id, request_hash, name, status, max_active, priority, start_date, end_date,
                    mode, routine_ids, params, executions, requested_by, created_at, updated_at)
                VALUES (:id, 'h', 'b', 'ACTIVE', 5, 900, :day, :day, 'all', '{}', '{}', 0, 'ana', :now, :now)
            """),
            {"id": backfill, "day": SLOT.date(), "now": SLOT},
        )
        runs = [new_execution(origin="backfill", backfill_id=backfill, run_key=f"b:{n}") for n in range(3)]
        await add(session, *runs)

    async def turn() -> int:
        async with transaction(sessions) as session:
            return (await tick(session, CLOCK)).handed

    async with transaction(sessions) as pausing:
        # The turn sees a backfill that is ACTIVE and has room. It does not wait either: a pause goes on to executions,
        # of which a turn may hold some.
        await pausing.execute(text("UPDATE core.backfills SET status = 'PAUSED'"))
        assert await turn() == 0
    assert await turn() == 0
    assert await counted(sessions, "PENDING") == 3
    async with transaction(sessions) as resuming:
        await resuming.execute(text("UPDATE core.backfills SET status = 'ACTIVE'"))
    assert await turn() == 3


async def test_e01_a_day_that_is_run_while_a_routine_is_written_again_runs_whole(sessions: SessionFactory) -> None:
    """The rewrite's new rows are not those that the request saw, and are due now all the same."""
    later = [new_execution(slot=SLOT + timedelta(hours=n)) for n in range(1, 4)]
    async with transaction(sessions) as session:
        await add(session, *later)

    async def run_the_day() -> int:
        async with transaction(sessions) as session:
            return await bring_forward(session, later[0].business_date, now=CLOCK.now())

    async with transaction(sessions) as rewriting:
        await withdraw_untouched(rewriting, [one.routine_id for one in later])
        request = asyncio.create_task(run_the_day())
        await waiting_for_a_lock(sessions)
        await add(rewriting, *later)
    assert await request == 3
    async with transaction(sessions) as session:
        due = await session.scalars(text("SELECT DISTINCT due_at FROM core.executions"))
        assert list(due) == [CLOCK.now()]
