"""Thousands of blocked executions do not slow the dispatcher down: they are parked until what blocks them changes (E3)."""

import time
from datetime import timedelta
from statistics import median
from uuid import UUID

import pytest
from factories.executions import SLOT, add, force, new_execution, statuses
from factories.workers import register
from sqlalchemy import text

from core_api.modules.dispatch.public import tick
from core_api.modules.dispatch.service import TurnWatch
from core_api.modules.queue.public import reads_for
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

ABOVE = [UUID(int=n + 1) for n in range(50)]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SLOT + timedelta(minutes=5))


@pytest.fixture
async def blocked(session: WriteSession, clock: FakeClock) -> list[UUID]:
    """Ten for each of fifty routines that run."""
    await register(session, clock, slots=1000)
    upstream = await add(session, *(new_execution(routine_id=one) for one in ABOVE))
    for execution in upstream:
        await force(session, execution, status="RUNNING", worker_id="other")
    return await add(session, *(new_execution(depends_on=(ABOVE[n % 50],)) for n in range(500)))


async def parked(session: WriteSession) -> int:
    return int(await session.scalar(text("SELECT count(*) FROM core.executions WHERE parked_on IS NOT NULL")) or 0)


async def test_e03_what_is_parked_comes_back_when_its_upstream_ends(
    session: WriteSession, clock: FakeClock, blocked: list[UUID]
) -> None:
    watch = TurnWatch(clock, slow_seconds=0)
    await tick(session, clock, watch=watch)
    assert await parked(session) == 500
    told = (await reads_for(session, clock=clock).get(blocked[0])).reason
    assert told is not None
    assert told.code == "WAITING_DEPENDENCY"

    await session.execute(
        text("UPDATE core.executions SET status = 'SUCCEEDED' WHERE routine_id = :one"), {"one": ABOVE[0]}
    )
    clock.advance(timedelta(seconds=1))
    done = await tick(session, clock, watch=TurnWatch(clock))
    assert done.handed == 10
    assert await parked(session) == 490
    assert set(await statuses(session, blocked[::50])) == {"QUEUED"}


async def test_e03_a_parked_execution_follows_its_edges_policy(
    session: WriteSession, clock: FakeClock, blocked: list[UUID]
) -> None:
    [skips, waits] = await add(
        session,
        *(new_execution(depends_on=(ABOVE[0],), upstream_rules=(rule,)) for rule in ("skip skip", "wait skip")),
    )
    await tick(session, clock, watch=TurnWatch(clock, slow_seconds=0))
    await session.execute(
        text("UPDATE core.executions SET status = 'FAILED' WHERE routine_id = :one"), {"one": ABOVE[0]}
    )
    await tick(session, clock, watch=TurnWatch(clock))
    assert await statuses(session, [skips, waits]) == ["SKIPPED", "PENDING"]


async def test_e03_only_what_waits_since_a_while_is_parked(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock)
    fresh, backfill, free = await add(
        session,
        new_execution(depends_on=(ABOVE[0],), slot=clock.now() - timedelta(seconds=4)),
        new_execution(depends_on=(ABOVE[0],), backfill_id=ABOVE[1], origin="backfill", run_key="b"),
        new_execution(),
    )
    await tick(session, clock, watch=TurnWatch(clock, slow_seconds=0))
    assert await parked(session) == 0
    assert await statuses(session, [fresh, backfill, free]) == ["PENDING", "PENDING", "QUEUED"]


async def test_e03_ten_thousand_blocked_executions_cost_a_turn_little(session: WriteSession, clock: FakeClock) -> None:
    """By comparison, since machines differ: with all of them parked a turn takes a fraction of what it took before."""
    await register(session, clock, slots=10)
    await add(session, *(new_execution(depends_on=(ABOVE[n % 50],), priority=1 + n % 40) for n in range(10_000)))
    await session.execute(text("ANALYZE core.executions"))

    async def turn(watch: TurnWatch | None) -> float:
        begun = time.perf_counter()
        await tick(session, clock, watch=watch)
        return time.perf_counter() - begun

    before = median([await turn(None) for _ in range(5)])
    for _ in range(5):
        await turn(TurnWatch(clock, slow_seconds=0))
    assert await parked(session) == 10_000
    watch = TurnWatch(clock, slow_seconds=10)
    await turn(watch)
    after = median([await turn(watch) for _ in range(9)])
    assert after < before / 4
