"""One tick of the dispatcher: what is ready (E3), in which order and how much (E4), and the outbox (E5)."""

import asyncio
import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from factories.executions import DAY, SLOT, add, add_one, force, new_execution, row_of, statuses
from factories.routines import add_routine
from factories.workers import register
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.attempts import repository as attempts
from core_api.modules.dispatch import repository
from core_api.modules.dispatch.public import DispatchLoop, send_again, tick
from core_api.modules.dispatch.repository import DispatchRepository
from core_api.modules.queue.public import reads_for
from shared_schemas.events.executions import ExecutionQueued
from shared_schemas.jobs import band_of, work_stream
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.testing.events import outbox_entries, published

LOAD = "b3.cotahist.load"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SLOT + timedelta(minutes=5))


async def entries(session: WriteSession, band: int, queue: str = "default") -> list[str]:
    return [entry["execution_id"] for entry in await outbox_entries(session, OUTBOX, work_stream(queue, band))]


async def hand_out(session: WriteSession, clock: FakeClock) -> int:
    done = await tick(session, clock)
    await session.commit()
    return done.handed


async def reason(session: WriteSession, clock: FakeClock, execution: UUID) -> Any:
    await session.execute(
        text("INSERT INTO core.scheduler_instances VALUES ('s', 'h', 1, :now, :now) ON CONFLICT DO NOTHING"),
        {"now": clock.now()},
    )
    return (await reads_for(session, clock=clock).get(execution)).reason


# --- E3 --------------------------------------------------------------------------------------------------------------


async def test_e05_what_is_ready_is_queued_with_its_entry_in_one_transaction(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock)
    execution = await add_one(session)

    done = await tick(session, clock)
    await session.commit()

    assert (done.turn, done.handed) == (True, 1)
    row = await row_of(session, execution)
    assert (row.status, row.queued_at, row.sent_count) == ("QUEUED", clock.now(), 1)
    assert await entries(session, 1) == [str(execution)]
    [event] = await published(session, OUTBOX, ExecutionQueued)
    assert event.payload.execution_id == execution
    assert event.correlation_id == row.correlation_id


async def test_e05_nothing_is_sent_when_the_transaction_does_not_hold(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock)
    execution = await add_one(session)
    await session.commit()
    await tick(session, clock)
    await session.rollback()
    assert await statuses(session, [execution]) == ["PENDING"]
    assert await entries(session, 1) == []


async def test_e03_what_is_not_due_waits_and_the_next_due_time_is_known(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock)
    later = clock.now() + timedelta(milliseconds=250)
    execution = await add_one(session, slot=later)
    done = await tick(session, clock)
    assert (done.handed, done.next_due_at) == (0, later)
    assert (await reason(session, clock, execution)).code == "NOT_DUE"

    clock.set(later)
    assert await hand_out(session, clock) == 1


UPSTREAM = UUID(int=77)


@pytest.mark.parametrize(
    ("upstream", "ready"),
    [
        ([], False),
        ([{"status": "SUCCEEDED"}], True),
        ([{"status": "RUNNING"}], False),
        ([{"status": "FAILED"}], False),
        ([{"status": "CANCELLED"}], False),
        ([{"status": "PENDING"}], False),
        # The latest execution of the day counts ...
        ([{"status": "SUCCEEDED"}, {"status": "FAILED", "slot": SLOT + timedelta(minutes=1)}], False),
        ([{"status": "FAILED"}, {"status": "SUCCEEDED", "slot": SLOT + timedelta(minutes=1)}], True),
        # ... but not one of the evening that has not begun.
        ([{"status": "SUCCEEDED"}, {"status": "PENDING", "slot": SLOT + timedelta(hours=6)}], True),
        # A retry that waits has begun.
        ([{"status": "PENDING", "attempt": 1, "due_at": SLOT + timedelta(hours=6)}], False),
        # Yesterday's success says nothing about today.
        ([{"status": "SUCCEEDED", "business_date": DAY - timedelta(days=1)}], False),
    ],
)
async def test_e03_a_dependency_is_met_by_success_for_the_same_business_date(
    upstream: list[dict[str, Any]], ready: bool, session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, jobs=[LOAD])
    for state in upstream:
        slot = state.get("slot", SLOT)
        one = await add_one(session, routine_id=UPSTREAM, slot=slot, job="not.offered")
        await force(session, one, **{"due_at": slot, **state})
    execution = await add_one(session, job=LOAD, depends_on=(UPSTREAM,))

    await hand_out(session, clock)

    assert await statuses(session, [execution]) == ["QUEUED" if ready else "PENDING"]
    if not ready:
        told = await reason(session, clock, execution)
        assert told.code == "WAITING_DEPENDENCY"
        assert [item["routine_id"] for item in told.context["upstream"]] == [str(UPSTREAM)]


async def test_e03_a_pool_holds_no_more_than_its_slots(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=50)
    await session.execute(text("INSERT INTO core.pools VALUES ('b3', 2, '')"))
    running = await add_one(session, pool="b3")
    await force(session, running, status="RUNNING", worker_id="other")
    ids = await add(session, *(new_execution(pool="b3", slot=SLOT + timedelta(seconds=n)) for n in range(5)))
    free = await add_one(session, priority=30)

    await hand_out(session, clock)

    assert await statuses(session, ids) == ["QUEUED", *["PENDING"] * 4]
    assert await statuses(session, [free]) == ["QUEUED"]
    told = await reason(session, clock, ids[1])
    assert (told.code, told.context) == ("WAITING_POOL", {"pool": "b3", "slots": 2})
    assert await hand_out(session, clock) == 0


async def test_e03_a_concurrency_key_is_held_by_one(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock)
    ids = await add(
        session, *(new_execution(concurrency_key="cotahist", slot=SLOT + timedelta(seconds=n)) for n in range(3))
    )
    await hand_out(session, clock)
    assert await statuses(session, ids) == ["QUEUED", "PENDING", "PENDING"]
    assert (await reason(session, clock, ids[1])).code == "WAITING_KEY"
    await force(session, ids[0], status="SUCCEEDED")
    await hand_out(session, clock)
    assert await statuses(session, ids[1:]) == ["QUEUED", "PENDING"]


async def test_e03_a_routine_runs_no_more_often_at_once_than_it_may(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock)
    routine = UUID(int=4)
    ids = await add(
        session,
        *(new_execution(routine_id=routine, max_instances=2, slot=SLOT + timedelta(seconds=n)) for n in range(4)),
    )
    await hand_out(session, clock)
    assert await statuses(session, ids) == ["QUEUED", "QUEUED", "PENDING", "PENDING"]
    assert (await reason(session, clock, ids[2])).code == "WAITING_INSTANCE"


@pytest.mark.parametrize("why", ["nobody", "another job", "another queue", "silent", "draining"])
async def test_e03_without_a_capable_worker_it_waits_and_says_so(
    why: str, session: WriteSession, clock: FakeClock
) -> None:
    if why != "nobody":
        await register(
            session,
            clock,
            jobs=["another.job"] if why == "another job" else ["b3.cotahist.download"],
            queues=["heavy"] if why == "another queue" else ["default"],
        )
    if why == "silent":
        clock.advance(timedelta(seconds=10))
    if why == "draining":
        await session.execute(text("UPDATE core.workers SET draining = true"))
    execution = await add_one(session)
    await hand_out(session, clock)
    assert await statuses(session, [execution]) == ["PENDING"]
    assert (await reason(session, clock, execution)).code == "NO_CAPABLE_WORKER"


async def test_e03_a_blocked_execution_does_not_block_others(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=1)
    blocked = [new_execution(priority=1, depends_on=(UPSTREAM,), slot=SLOT + timedelta(seconds=n)) for n in range(200)]
    await add(session, *blocked)
    free = await add_one(session, priority=40)
    await hand_out(session, clock)
    assert await statuses(session, [free]) == ["QUEUED"]


async def a_backfill(session: WriteSession, *, status: str = "ACTIVE") -> UUID:
    statement = text("""
        INSERT INTO core.backfills (request_hash, name, status, max_active, priority, start_date, end_date, mode,
            routine_ids, params, executions, requested_by, created_at, updated_at)
        VALUES (:status, 'junho', :status, 2, 900, :day, :day, 'all', '{}', '{}', 0, 'somebody', :now, :now)
        RETURNING id
    """)
    return UUID(str(await session.scalar(statement, {"status": status, "day": DAY, "now": SLOT})))


async def test_e03_after_a_tick_everything_due_is_handed_out_or_says_why(
    session: WriteSession, clock: FakeClock
) -> None:
    """The reasons are computed apart from the dispatcher's conditions: this holds the two together."""
    draw = random.Random(7)
    await register(session, clock, slots=500)
    await session.execute(
        text("""
            INSERT INTO core.pools (name, slots, description, rate_count, rate_seconds)
            VALUES ('b3', 3, '', NULL, NULL), ('carga', 0, '', NULL, NULL), ('vendor', 90, '', 2, 60)
        """)
    )
    active, paused_backfill = await a_backfill(session), await a_backfill(session, status="PAUSED")
    stopped = (await add_routine(session, clock, name="stopped")).id
    await session.execute(text("UPDATE core.routines SET paused = true"))
    done = await add_one(session, routine_id=UPSTREAM, slot=SLOT - timedelta(hours=1))
    await force(session, done, status="SUCCEEDED")
    missing = UUID(int=78)
    ids = await add(
        session,
        *(
            new_execution(
                routine_id=draw.choice([stopped, *(UUID(int=100 + n) for n in range(20))]),
                backfill_id=draw.choice([None, None, active, paused_backfill]),
                slot=SLOT + timedelta(milliseconds=500 * n),
                priority=draw.randint(1, 40),
                pool=draw.choice([None, "b3", "carga", "vendor"]),
                concurrency_key=draw.choice([None, None, "a", "b"]),
                max_instances=4,
                depends_on=draw.choice([(), (UPSTREAM,), (missing,), (UPSTREAM, missing)]),
                job=draw.choice(["b3.cotahist.download", "nobody.has.it"]),
            )
            for n in range(400)
        ),
    )
    for execution in ids[::7]:
        await force(session, execution, attempt=1)
    while (await tick(session, clock)).handed:
        await session.commit()

    reads = reads_for(session, clock=clock)
    await reason(session, clock, ids[0])
    seen = set()
    for execution in ids:
        read = await reads.get(execution)
        if read.status == "PENDING":
            assert read.reason is not None
            assert read.reason.code not in {"WAITING_CAPACITY", "SCHEDULER_SILENT", "NOT_DUE"}, read
            # Only an upstream that never existed has no name.
            assert read.reason.code == "WAITING_DEPENDENCY" or "?" not in read.reason.message
            seen.add(read.reason.code)
        else:
            assert read.status == "QUEUED"
    assert {"WAITING_DEPENDENCY", "NO_CAPABLE_WORKER", "WAITING_POOL", "WAITING_KEY"} <= seen
    assert {"RATE_LIMIT", "PAUSED", "BACKFILL_PAUSED", "BACKFILL_CAP"} <= seen


# --- E4 --------------------------------------------------------------------------------------------------------------


async def test_e04_a_thousand_mixed_executions_leave_in_strict_order(session: WriteSession, clock: FakeClock) -> None:
    draw = random.Random(1)
    await register(session, clock, slots=8)
    made = [
        new_execution(priority=draw.randint(1, 40), slot=SLOT - timedelta(seconds=draw.randrange(3600)))
        for _ in range(1000)
    ]
    await add(session, *made)
    await session.commit()
    expected = [str(one.id) for one in sorted(made, key=lambda one: (one.priority, one.slot, one.id))]

    order: list[str] = []
    while True:
        done = await tick(session, clock)
        await session.commit()
        out = [entry for band in (1, 2, 3) for entry in await entries(session, band)]
        assert len(out) <= 2 * 8
        assert await session.scalar(text("SELECT count(*) FROM core.executions WHERE status = 'QUEUED'")) <= 2 * 8
        if not done.handed:
            break
        order += out
        await session.execute(text("DELETE FROM core.outbox"))
        await session.execute(text("UPDATE core.executions SET status = 'SUCCEEDED' WHERE status = 'QUEUED'"))
    assert order == expected


@pytest.mark.parametrize(
    ("running", "queued", "expected"), [(0, 0, 8), (3, 0, 2), (4, 0, 0), (3, 1, 1), (0, 8, 0), (3, 5, 0)]
)
async def test_e04_no_more_is_handed_out_than_workers_can_take_soon(
    running: int, queued: int, expected: int, session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, slots=4)
    ids = await add(session, *(new_execution(slot=SLOT - timedelta(seconds=n)) for n in range(running + queued)))
    for one in ids[:running]:
        await force(session, one, status="RUNNING", worker_id="worker-one")
    for one in ids[running:]:
        await force(session, one, status="QUEUED", queued_at=SLOT)
    await add(session, *(new_execution() for _ in range(20)))
    assert await hand_out(session, clock) == expected


async def test_e04_capacity_is_counted_per_queue(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, "worker-one", slots=1)
    await register(session, clock, "worker-two", slots=2, queues=["heavy", "default"])
    await add(session, *(new_execution() for _ in range(9)), *(new_execution(queue="heavy") for _ in range(9)))
    await hand_out(session, clock)
    rows = await session.execute(
        text("SELECT queue, count(*) FROM core.executions WHERE status = 'QUEUED' GROUP BY queue")
    )
    assert {row.queue: row.count for row in rows} == {"default": 6, "heavy": 4}


async def test_e04_a_late_urgent_execution_is_not_stuck_behind_what_was_handed_out(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, slots=1)
    busy = await add_one(session)
    await force(session, busy, status="RUNNING", worker_id="worker-one")
    waiting = await add(session, new_execution(priority=30), new_execution(priority=25))
    for one in waiting:
        await force(session, one, status="QUEUED", queued_at=SLOT, sent_count=1)
    urgent = await add_one(session, priority=1)

    done = await tick(session, clock)
    await session.commit()

    assert (done.handed, done.recalled) == (1, 1)
    assert await statuses(session, [urgent, *waiting]) == ["QUEUED", "PENDING", "QUEUED"]
    assert await entries(session, 1) == [str(urgent)]


async def test_e04_bands_have_streams_of_their_own(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, slots=10)
    ids = {
        priority: (await add(session, new_execution(priority=priority)))[0] for priority in (1, 10, 11, 20, 21, 1000)
    }
    await hand_out(session, clock)
    for band in (1, 2, 3):
        expected = [str(one) for priority, one in ids.items() if band_of(priority) == band]
        assert await entries(session, band) == expected


# --- E5: sending again -----------------------------------------------------------------------------------------------


async def test_e05_what_nobody_claims_is_sent_again_ever_more_rarely(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock)
    execution = await add_one(session)
    await hand_out(session, clock)
    sent = []
    for second in range(1, 121):
        clock.advance(timedelta(seconds=1))
        await session.execute(
            text("UPDATE core.workers SET lease_until = :until"), {"until": clock.now() + timedelta(seconds=9)}
        )
        if await send_again(session, clock, first_wait_seconds=5):
            await session.commit()
            sent.append(second)
    assert sent == [5, 15, 35, 75]
    assert await entries(session, 1) == [str(execution)] * 5
    assert (await row_of(session, execution)).sent_count == 5


async def test_e05_while_all_workers_are_busy_waiting_is_what_is_expected(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, slots=1)
    busy, waiting = await add(session, new_execution(), new_execution())
    await force(session, busy, status="RUNNING", worker_id="worker-one")
    await force(session, waiting, status="QUEUED", queued_at=SLOT - timedelta(hours=1), sent_count=1)
    assert await send_again(session, clock, first_wait_seconds=5) == 0
    await force(session, busy, status="SUCCEEDED")
    assert await send_again(session, clock, first_wait_seconds=5) == 1


# --- the loop --------------------------------------------------------------------------------------------------------


async def test_e05_a_turn_that_is_wanted_just_before_something_is_due_waits_for_it(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(session, clock)
    near = await add_one(session, slot=clock.now() + timedelta(milliseconds=10))
    far = await add_one(session, slot=clock.now() + timedelta(seconds=2))
    await session.commit()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.advance(timedelta(seconds=seconds))

    monkeypatch.setattr("core_api.modules.dispatch.service.asyncio.sleep", sleep)
    loop = DispatchLoop(sessionmaker, clock, relay=asyncio.Event())
    await loop.step()
    assert await statuses(session, [near, far]) == ["PENDING", "PENDING"]
    await loop.step()  # woken by something else
    assert slept == [pytest.approx(0.01)]
    assert await statuses(session, [near, far]) == ["QUEUED", "PENDING"]
    await loop.step()
    assert len(slept) == 1, "what is due later holds up no turn"


# --- plans -----------------------------------------------------------------------------------------------------------


async def test_the_hot_queries_read_indexes(session: WriteSession, clock: FakeClock) -> None:
    """With weeks of history and a long queue no hot query reads a partition from end to end, or sorts the backlog."""
    await session.execute(
        text("""
        INSERT INTO core.executions (id, routine_id, routine_name, title, slot, business_date, origin, job, params, queue,
            priority, max_instances, status, due_at, max_attempts, max_recoveries, retry, correlation_id, created_at,
            updated_at)
        SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM slot) * 1000 AS bigint)), 12, '0') || '80008000'
                    || lpad(to_hex(n), 12, '0') AS uuid),
            gen_random_uuid(), 'r', 'r', slot, CAST(slot AS date), 'schedule', 'b3.cotahist.download', '{}', 'default',
            1 + n % 40, 1, CASE WHEN n % 10 = 0 THEN 'PENDING' ELSE 'SUCCEEDED' END, slot, 3, 3, '{}', 'c', slot, slot
        FROM (SELECT n, CAST(:now AS timestamptz) - interval '1 minute' * n AS slot
              FROM generate_series(1, 20000) AS n) AS made
        """),
        {"now": clock.now()},
    )
    await session.execute(text("ANALYZE core.executions"))
    assert await DispatchRepository(session).take_turn()
    room = {
        "offered": ["default b3.cotahist.download"],
        "pools": "{}",
        "keys": "{}",
        "instances": "{}",
        "paused": [],
    }
    refill = {
        "now": clock.now(),
        **room,
        "spare": ["default"],
        "refills": [uuid4()],
        "priority_below": 32767,
        "limit": 58,
    }
    ids = list((await session.scalars(text("SELECT id FROM core.executions LIMIT 50"))).all())
    claiming = {"now": clock.now(), "lease_until": clock.now(), "channel": "c", "sources": ["QUEUED"]}
    claiming |= {"target": "RUNNING"}
    plans = {
        "candidates": (repository._CANDIDATES, {"now": clock.now(), **room, "priority_below": 32767, "limit": 58}),
        "aged candidates": (
            repository._AGED_CANDIDATES,
            {"now": clock.now(), **room, "priority_below": 32767, "limit": 58, "ageing": 60.0},
        ),
        "candidates of backfills": (repository._REFILL_CANDIDATES, refill),
        "aged candidates of backfills": (repository._AGED_REFILL_CANDIDATES, {**refill, "ageing": 60.0}),
        "room": (repository._ROOM, {"now": clock.now(), "ageing": 0.0}),
        "unclaimed": (repository._TAKE_UNCLAIMED, {"now": clock.now(), "wait": 5, "longest": 60, "limit": 100}),
        "expired leases": (attempts._HOLD_EXPIRED, {"now": clock.now(), "limit": 100}),
        "hold": (attempts._HOLD, {"ids": ids}),
        "claim": (attempts._CLAIM, {"limit": 5, "worker_id": "worker-one", **claiming}),
    }
    for name, (statement, parameters) in plans.items():
        explain = text(f"EXPLAIN {statement.element.text}").bindparams(**parameters)
        plan = "\n".join((await session.scalars(explain)).all())
        assert "Seq Scan on executions_y2026" not in plan, f"{name}:\n{plan}"
        if name == "candidates":
            assert "->  Sort  (" not in plan, plan
    day = text("""
        EXPLAIN SELECT id FROM core.executions WHERE business_date = :day ORDER BY slot, priority, id LIMIT 51
    """)
    plan = "\n".join((await session.scalars(day, {"day": DAY})).all())
    assert "Seq Scan on executions_y2026m11" not in plan, plan
