"""E4 at the claim: entries only wake a worker; what it gets is the most urgent work that it can run."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from factories.executions import SLOT, add, force, new_execution, row_of, statuses
from factories.workers import LEASE_SECONDS, register
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.migrate import MIGRATIONS
from core_api.modules.attempts.public import protocol_for
from core_api.modules.dispatch.public import tick
from core_api.modules.executions.public import enqueue
from shared_schemas.jobs import ClaimReply, ClaimRequest, work_stream
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
from shared_utils.testing.events import outbox_entries

ITEMS = 10_000
DOWNLOAD, LOAD = "b3.cotahist.download", "b3.cotahist.load"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SLOT + timedelta(minutes=5))


async def claim(
    session: WriteSession, clock: FakeClock, ids: Sequence[UUID], *, worker: str = "worker-one", ageing: float = 0
) -> ClaimReply:
    protocol = protocol_for(session, clock=clock, lease_seconds=LEASE_SECONDS, ageing_seconds=ageing)
    return await protocol.claim(ClaimRequest(worker_id=worker, execution_ids=list(ids)))


async def queued(session: WriteSession, **changes: Any) -> UUID:
    [execution] = await add(session, new_execution(**changes))
    await force(session, execution, status="QUEUED", sent_count=1, queued_at=SLOT)
    return execution


async def test_e04_a_claim_gives_the_most_urgent_work_whatever_entry_woke_the_worker(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock)
    late = await queued(session, priority=30)
    middle = await queued(session, priority=12)
    urgent = await queued(session, priority=3)

    reply = await claim(session, clock, [late, uuid4()])

    assert [run.execution_id for run in reply.claimed] == [urgent, middle]
    assert await statuses(session, [late, middle, urgent]) == ["QUEUED", "RUNNING", "RUNNING"]
    assert late in reply.refused


async def test_e04_a_worker_gets_only_what_it_offers(session: WriteSession, clock: FakeClock) -> None:
    await register(session, clock, jobs=[LOAD])
    foreign = await queued(session, priority=1, job=DOWNLOAD)
    elsewhere = await queued(session, priority=1, job=LOAD, queue="heavy")
    mine = await queued(session, priority=9, job=LOAD)

    reply = await claim(session, clock, [foreign, elsewhere, mine])

    assert [run.execution_id for run in reply.claimed] == [mine]
    assert set(reply.refused) == {foreign, elsewhere}


async def test_e04_entries_spent_on_another_queue_are_sent_again(session: WriteSession, clock: FakeClock) -> None:
    """Or a worker of the first queue alone would not be woken for what still waits there."""
    await register(session, clock, queues=["default", "heavy"])
    waiting = await queued(session, priority=20)
    urgent = await queued(session, priority=1, queue="heavy")

    reply = await claim(session, clock, [waiting])
    await session.commit()

    assert [run.execution_id for run in reply.claimed] == [urgent]
    entries = await outbox_entries(session, OUTBOX, work_stream("default", 2))
    assert [entry["execution_id"] for entry in entries] == [str(waiting)]


async def test_e04_an_urgent_candidate_takes_the_pool_of_a_less_urgent_unclaimed_one(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, slots=10)
    await session.execute(text("INSERT INTO core.pools (name, slots, description) VALUES ('b3', 1, '')"))
    [holder] = await add(session, new_execution(pool="b3", priority=30))
    await tick(session, clock)
    same, urgent = await add(session, new_execution(pool="b3", priority=30), new_execution(pool="b3", priority=2))

    done = await tick(session, clock)

    assert (done.handed, done.recalled) == (1, 1)
    assert await statuses(session, [holder, same, urgent]) == ["PENDING", "PENDING", "QUEUED"]


async def test_e04_an_urgent_candidate_takes_the_key_of_a_less_urgent_unclaimed_one(
    session: WriteSession, clock: FakeClock
) -> None:
    await register(session, clock, slots=10)
    [holder] = await add(session, new_execution(concurrency_key="site", priority=30))
    await tick(session, clock)
    [urgent] = await add(session, new_execution(concurrency_key="site", priority=2))
    assert (await tick(session, clock)).recalled == 1
    assert await statuses(session, [holder, urgent]) == ["PENDING", "QUEUED"]

    # Whoever runs keeps what it has.
    await claim(session, clock, [urgent])
    [first] = await add(session, new_execution(concurrency_key="site", priority=1))
    assert (await tick(session, clock)).handed == 0
    assert await statuses(session, [urgent, first]) == ["RUNNING", "PENDING"]


# --- ageing ----------------------------------------------------------------------------------------------------------


async def test_e04_ageing_lifts_what_waits_at_hand_out_and_at_claim(session: WriteSession, clock: FakeClock) -> None:
    clock.set(SLOT + timedelta(minutes=26))
    await register(session, clock, slots=1)
    old, _, young = await add(
        session,
        new_execution(priority=30, slot=SLOT),
        new_execution(priority=30, slot=SLOT + timedelta(minutes=20)),
        new_execution(priority=5, slot=SLOT + timedelta(minutes=25)),
    )
    other = await add(session, *(new_execution(priority=6, slot=SLOT + timedelta(minutes=25)) for _ in range(5)))

    done = await tick(session, clock, ageing_seconds=60)

    assert done.handed == 2
    assert await statuses(session, [old, young, *other]) == ["QUEUED", "QUEUED", *["PENDING"] * 5]
    strict = await claim(session, clock, [young])
    assert [run.execution_id for run in strict.claimed] == [young]
    await force(session, young, status="QUEUED")
    aged = await claim(session, clock, [young], ageing=60)
    assert [run.execution_id for run in aged.claimed] == [old]


@pytest.mark.parametrize("ageing", [0.0, 60.0])
async def test_e04_ageing_bounds_the_wait_of_a_starved_band(
    ageing: float, session: WriteSession, clock: FakeClock
) -> None:
    """A machine that is always full of urgent work, and one execution of priority 21: with ageing it waits 20 points."""
    clock.set(SLOT)
    [starved] = await add(session, new_execution(priority=21, slot=SLOT))
    waited = None
    for minute in range(40):
        clock.set(SLOT + timedelta(minutes=minute))
        await register(session, clock, slots=1)
        await add(session, *(new_execution(priority=1, slot=clock.now() + timedelta(seconds=n)) for n in range(3)))
        await tick(session, clock, ageing_seconds=ageing)
        reply = await claim(session, clock, [uuid4()], ageing=ageing)
        [run] = reply.claimed
        await force(session, run.execution_id, status="SUCCEEDED")
        if run.execution_id == starved:
            waited = minute
            break
    assert waited == (20 if ageing else None)
    assert (await row_of(session, starved)).status == ("SUCCEEDED" if ageing else "PENDING")


# --- under load, on committed data -----------------------------------------------------------------------------------


@pytest.fixture
async def sessions(fresh_database: Callable[..., ServiceDatabase]) -> AsyncIterator[SessionFactory]:
    database = fresh_database(schema="core", migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=8, max_overflow=0)
    yield sessionmaker_for(engine)
    await engine.dispose()


@dataclass
class Ledger:
    """Who claimed what and when, and what stood in the queue before it at that moment."""

    spans: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    left: list[tuple[UUID, float, float]] = field(default_factory=list)
    claimed: list[UUID] = field(default_factory=list)

    def inversions(self) -> int:
        """What was left although more urgent, and was not being claimed by somebody else at that same time."""

        def taken_meanwhile(execution: UUID, begin: float, end: float) -> bool:
            span = self.spans.get(execution)
            return span is not None and span[0] < end and begin < span[1]

        return sum(not taken_meanwhile(*one) for one in self.left)


_MORE_URGENT = text("""
    SELECT e.id FROM core.executions AS e
    WHERE e.status = 'QUEUED' AND e.queue = ANY (CAST(:queues AS text[])) AND e.job = ANY (CAST(:jobs AS text[]))
      AND (e.priority, e.slot, e.id) < (
          SELECT w.priority, w.slot, w.id FROM core.executions AS w WHERE w.id = ANY (CAST(:claimed AS uuid[]))
          ORDER BY w.priority DESC, w.slot DESC, w.id DESC LIMIT 1)
""")
_READY = text("UPDATE core.executions SET status = 'QUEUED', queued_at = :now, sent_count = 1 WHERE status = 'PENDING'")
OFFERS = {
    "worker-aaa": (["default"], [DOWNLOAD, LOAD]),
    "worker-bbb": (["default", "heavy"], [DOWNLOAD, LOAD]),
    "worker-ccc": (["default"], [LOAD]),
    "worker-ddd": (["heavy", "default"], [DOWNLOAD, LOAD]),
}


async def arrive(sessions: SessionFactory, rng: random.Random, count: int) -> None:
    arrivals = [
        new_execution(
            priority=rng.randint(1, 40),
            slot=SLOT + timedelta(seconds=rng.randint(0, 240)),
            queue=rng.choice(["default", "default", "heavy"]),
            job=rng.choice([DOWNLOAD, LOAD]),
        )
        for _ in range(count)
    ]
    async with transaction(sessions) as session:
        await enqueue(session, arrivals, now=SLOT)
        await session.execute(_READY, {"now": SLOT})


async def test_e04_ten_thousand_mixed_items_are_claimed_without_an_inversion(
    sessions: SessionFactory, clock: FakeClock
) -> None:
    """20 slots on four workers that offer different things claim at once, while more arrives."""
    rng = random.Random(4)
    async with transaction(sessions) as session:
        for worker, (queues, jobs) in OFFERS.items():
            await register(session, clock, worker, slots=5, queues=queues, jobs=jobs)
    waves = 5
    await arrive(sessions, rng, ITEMS // waves)
    ledger, gate = Ledger(), asyncio.Event()
    gate.set()
    claiming: set[str] = set()
    nobody = asyncio.Condition()

    async def work(worker: str) -> None:
        queues, jobs = OFFERS[worker]
        empty = 0
        while empty < 2 or not arrived.done():
            await gate.wait()
            claiming.add(worker)
            begin = time.monotonic()
            async with transaction(sessions) as session:
                reply = await claim(session, clock, [uuid4() for _ in range(5)], worker=worker)
                mine = [run.execution_id for run in reply.claimed]
                found = (await session.scalars(_MORE_URGENT, {"queues": queues, "jobs": jobs, "claimed": mine})).all()
            end = time.monotonic()
            claiming.discard(worker)
            async with nobody:
                nobody.notify_all()
            ledger.claimed += mine
            ledger.spans.update(dict.fromkeys(mine, (begin, end)))
            ledger.left += [(one, begin, end) for one in found]
            empty = 0 if mine else empty + 1

    async def more() -> None:
        # Between claims, not during one: what arrives after a claim's snapshot is no inversion, and would look like one.
        for wave in range(1, waves):
            async with nobody:
                await nobody.wait_for(lambda at=wave: len(ledger.claimed) > at * ITEMS // waves - 500)
                gate.clear()
                await nobody.wait_for(lambda: not claiming)
            await arrive(sessions, rng, ITEMS // waves)
            gate.set()

    arrived = asyncio.create_task(more())
    await asyncio.gather(*(work(worker) for worker in OFFERS), arrived)

    assert len(ledger.claimed) == len(set(ledger.claimed)) == ITEMS
    assert ledger.inversions() == 0


async def test_e04_the_count_of_inversions_notices_one() -> None:
    skipped, claimed_meanwhile = uuid4(), uuid4()
    ledger = Ledger(spans={claimed_meanwhile: (1.0, 3.0)}, left=[(skipped, 2.0, 4.0), (claimed_meanwhile, 2.0, 4.0)])
    assert ledger.inversions() == 1
