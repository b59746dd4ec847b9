"""What will not run, decided in the turn before it would (E3, E11): missed and overtaken slots, upstreams that failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from factories.executions import DAY, SLOT, add, force, new_execution, row_of, statuses
from factories.workers import register
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.dispatch.public import DispatchLoop, tick
from core_api.modules.dispatch.service import TurnWatch
from shared_schemas.events.executions import ExecutionSkipped
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.testing.events import published

ROUTINE = UUID(int=7)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SLOT)


class Relay:
    def set(self) -> None: ...


async def slots_of(session: WriteSession, count: int, *, created: datetime = SLOT, **changes: Any) -> list[UUID]:
    """Hourly slots of one routine, from SLOT on."""
    rules = {"misfire_grace_seconds": 3600, "routine_id": ROUTINE, **changes}
    return await add(session, *(new_execution(slot=SLOT + n * HOUR, **rules) for n in range(count)), now=created)


async def turn(session: WriteSession, clock: FakeClock, **more: Any) -> None:
    await register(session, clock, slots=100)
    while (await tick(session, clock, **more)).more:
        pass
    await session.commit()


async def reasons(session: WriteSession, ids: Sequence[UUID]) -> list[str | None]:
    return [(await row_of(session, one)).reason for one in ids]


async def log_lines(session: WriteSession, event: str) -> list[Any]:
    rows = await session.execute(text("SELECT * FROM core.scheduler_logs WHERE event = :event"), {"event": event})
    return list(rows)


# --- E11: missed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        ("none", ["MISFIRED", "MISFIRED", "MISFIRED", None]),
        ("latest", ["SUPERSEDED", "SUPERSEDED", None, None]),
        ("all", [None, None, None, None]),
    ],
)
async def test_e11_missed_slots_follow_their_routines_catch_up(
    catch_up: str, expected: list[str | None], session: WriteSession, clock: FakeClock
) -> None:
    """Written five hours late: the slots of the first three hours are past their grace, the fourth is not."""
    clock.set(SLOT + 4 * HOUR)
    ids = await slots_of(session, 4, created=SLOT + 4 * HOUR, catch_up=catch_up)
    await turn(session, clock)

    assert await reasons(session, ids) == expected
    assert await statuses(session, ids) == ["SKIPPED" if reason else "QUEUED" for reason in expected]
    skipped = [one for one, reason in zip(ids, expected, strict=True) if reason]
    events = await published(session, OUTBOX, ExecutionSkipped)
    assert {event.payload.execution_id for event in events} == set(skipped)
    lines = await log_lines(session, "EXECUTIONS_SKIPPED")
    assert len(lines) == (1 if skipped else 0)


async def test_e11_a_superseded_slot_names_the_one_that_runs(session: WriteSession, clock: FakeClock) -> None:
    clock.set(SLOT + 9 * HOUR)
    old, new = await slots_of(session, 2, created=clock.now())
    await turn(session, clock)
    assert (await row_of(session, old)).reason_context == {"superseded_by": (SLOT + HOUR).isoformat()}
    assert (await row_of(session, new)).status == "QUEUED"


async def test_e11_catching_up_all_is_bounded_by_a_thousand(session: WriteSession, clock: FakeClock) -> None:
    clock.set(SLOT + 20 * HOUR)
    executions = [
        new_execution(routine_id=ROUTINE, slot=SLOT + timedelta(seconds=n), catch_up="all", misfire_grace_seconds=60)
        for n in range(1003)
    ]
    ids = await add(session, *executions, now=clock.now())
    await turn(session, clock)
    assert await reasons(session, ids) == ["MISFIRED"] * 3 + [None] * 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"misfire_grace_seconds": None},
        {"requested_by": "somebody"},
        {"origin": "manual"},
        {"origin": "backfill", "run_key": "backfill:x"},
    ],
)
async def test_e11_what_is_no_misfire(changes: dict[str, Any], session: WriteSession, clock: FakeClock) -> None:
    """No grace set, a day that a person loaded, a run by hand, a backfill."""
    clock.set(SLOT + 30 * HOUR)
    ids = await slots_of(session, 3, created=clock.now(), catch_up="none", **changes)
    await turn(session, clock)
    assert await statuses(session, ids) == ["QUEUED"] * 3


async def test_e11_waiting_for_a_pool_is_no_misfire(session: WriteSession, clock: FakeClock) -> None:
    await session.execute(text("INSERT INTO core.pools (name, slots, description) VALUES ('b3', 0, '')"))
    ids = await slots_of(session, 2, created=SLOT - HOUR, catch_up="none", pool="b3")
    clock.set(SLOT + 30 * HOUR)
    await turn(session, clock)
    assert await statuses(session, ids) == ["PENDING"] * 2
    await session.execute(text("UPDATE core.pools SET slots = 10"))
    await turn(session, clock)
    assert await statuses(session, ids) == ["QUEUED"] * 2


# --- E11: gaps and clocks --------------------------------------------------------------------------------------------


async def test_e11_slots_of_a_time_without_schedulers_are_missed_from_its_end(
    session: WriteSession, clock: FakeClock
) -> None:
    ids = await slots_of(session, 6, created=SLOT - 9 * HOUR, catch_up="none")
    clock.set(SLOT - HOUR)
    await turn(session, clock, watch=TurnWatch(clock))
    clock.set(SLOT + 3 * HOUR)
    await turn(session, clock, watch=TurnWatch(clock))
    clock.set(SLOT + 5 * HOUR - timedelta(seconds=2))
    await session.execute(text("UPDATE core.dispatch_state SET last_turn_at = :now"), {"now": clock.now()})
    clock.advance(timedelta(seconds=2))
    await turn(session, clock, watch=TurnWatch(clock))

    # Three hours late, two hours late; exactly its grace late; and two that fell due while somebody was there.
    assert await reasons(session, ids) == ["MISFIRED", "MISFIRED", None, None, None, None]
    assert len(await log_lines(session, "DISPATCH_GAP")) == 1


async def test_e11_a_clock_that_jumps_skips_nothing(sessionmaker: SessionFactory, session: WriteSession) -> None:
    """NTP or a resumed machine moves the clock by hours; the scheduler lived through a moment only."""
    clock = FakeClock(SLOT - timedelta(minutes=1))
    ids = await slots_of(session, 3, created=SLOT - 9 * HOUR, catch_up="none")
    await register(session, clock, slots=20)
    await session.commit()
    loop = DispatchLoop(sessionmaker, clock, relay=Relay())
    await loop.step()
    clock.advance(timedelta(seconds=1))
    clock.jump(9 * HOUR)
    await register(session, clock, slots=20)
    await session.commit()
    await loop.step()
    assert await statuses(session, ids) == ["QUEUED"] * 3
    assert len(await log_lines(session, "CLOCK_JUMPED")) == 1
    assert await session.scalar(text("SELECT count(*) FROM core.dispatch_gaps")) == 0

    clock.jump(-20 * HOUR)
    await loop.step()
    clock.advance(timedelta(seconds=1))
    await loop.step()
    assert await session.scalar(text("SELECT last_turn_at FROM core.dispatch_state")) == clock.now()


# --- E11: coalescing -------------------------------------------------------------------------------------------------


async def test_e11_an_interval_that_overran_coalesces_into_its_newest_slot(
    session: WriteSession, clock: FakeClock
) -> None:
    """The first runs for hours, so the next three are due together when it ends."""
    ids = await slots_of(session, 5, created=SLOT - 9 * HOUR, coalesce=True, max_instances=1)
    await turn(session, clock)
    clock.set(SLOT + 3 * HOUR)
    await turn(session, clock)
    assert await statuses(session, ids) == ["QUEUED", "PENDING", "PENDING", "PENDING", "PENDING"]

    await force(session, ids[0], status="SUCCEEDED")
    await turn(session, clock)

    assert await statuses(session, ids) == ["SUCCEEDED", "SKIPPED", "SKIPPED", "QUEUED", "PENDING"]
    row = await row_of(session, ids[1])
    assert (row.reason, row.reason_context) == ("COALESCED", {"superseded_by": (SLOT + 3 * HOUR).isoformat()})


async def test_e11_without_coalescing_every_slot_runs(session: WriteSession, clock: FakeClock) -> None:
    ids = await slots_of(session, 3, created=SLOT - 9 * HOUR, coalesce=False)
    clock.set(SLOT + 3 * HOUR)
    await turn(session, clock)
    assert await statuses(session, ids) == ["QUEUED"] * 3


# --- E3: dependencies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("upstream", "rule", "status", "reason"),
    [
        ("FAILED", "wait skip", "PENDING", None),
        ("FAILED", "skip skip", "SKIPPED", "UPSTREAM_FAILED"),
        ("FAILED", "run skip", "QUEUED", None),
        ("CANCELLED", "wait skip", "PENDING", None),
        ("CANCELLED", "skip wait", "SKIPPED", "UPSTREAM_FAILED"),
        ("CANCELLED", "run wait", "QUEUED", None),
        ("SKIPPED", "skip wait", "PENDING", None),
        ("SKIPPED", "wait skip", "SKIPPED", "UPSTREAM_SKIPPED"),
        ("SKIPPED", "wait run", "QUEUED", None),
        ("RUNNING", "run run", "PENDING", None),
        ("RECOVERY", "skip skip", "PENDING", None),
        ("SUCCEEDED", "skip skip", "QUEUED", None),
    ],
)
async def test_e03_an_edge_says_what_follows_from_its_upstreams_end(
    upstream: str, rule: str, status: str, reason: str | None, session: WriteSession, clock: FakeClock
) -> None:
    above, below = await add(
        session,
        new_execution(routine_id=ROUTINE, job="somebody.elses", routine_name="b3-download"),
        new_execution(depends_on=(ROUTINE,), upstream_rules=(rule,)),
    )
    await force(session, above, status=upstream)
    await turn(session, clock)
    row = await row_of(session, below)
    assert (row.status, row.reason) == (status, reason)
    if reason:
        [named] = row.reason_context["upstream"]
        assert (named["name"], named["status"]) == ("b3-download", upstream)


async def test_e03_a_retry_that_waits_is_no_end(session: WriteSession, clock: FakeClock) -> None:
    above, below = await add(
        session, new_execution(routine_id=ROUTINE), new_execution(depends_on=(ROUTINE,), upstream_rules=("run run",))
    )
    await force(session, above, status="PENDING", attempt=1, due_at=SLOT + HOUR)
    await turn(session, clock)
    assert await statuses(session, [below]) == ["PENDING"]


async def test_e03_an_edge_names_the_business_date_of_its_upstream(session: WriteSession, clock: FakeClock) -> None:
    """D-1: yesterday's run counts, and today's does not."""
    before = DAY - timedelta(days=1)
    today, yesterday, below = await add(
        session,
        new_execution(routine_id=ROUTINE),
        new_execution(routine_id=ROUTINE, slot=SLOT - 24 * HOUR, business_date=before),
        new_execution(depends_on=(ROUTINE,), upstream_dates=(before,)),
    )
    await force(session, today, status="SUCCEEDED")
    await force(session, yesterday, status="RUNNING")
    await turn(session, clock)
    assert await statuses(session, [below]) == ["PENDING"]
    await force(session, today, status="FAILED")
    await force(session, yesterday, status="SUCCEEDED")
    await turn(session, clock)
    assert await statuses(session, [below]) == ["QUEUED"]


async def test_e03_skips_cascade_along_a_chain(session: WriteSession, clock: FakeClock) -> None:
    links = [UUID(int=100 + n) for n in range(4)]
    first, *rest = await add(
        session,
        new_execution(routine_id=links[0]),
        *(
            new_execution(routine_id=mine, depends_on=(above,), upstream_rules=("skip skip",))
            for above, mine in pairwise(links)
        ),
    )
    await force(session, first, status="FAILED")
    await turn(session, clock)
    assert await reasons(session, rest) == ["UPSTREAM_FAILED", "UPSTREAM_SKIPPED", "UPSTREAM_SKIPPED"]


async def test_e03_what_was_tried_already_is_not_skipped(session: WriteSession, clock: FakeClock) -> None:
    above, below = await add(
        session, new_execution(routine_id=ROUTINE), new_execution(depends_on=(ROUTINE,), upstream_rules=("skip skip",))
    )
    await force(session, above, status="FAILED")
    await force(session, below, attempt=1)
    await turn(session, clock)
    assert await statuses(session, [below]) == ["PENDING"]


async def test_e04_chains_are_not_overtaken(session: WriteSession, clock: FakeClock) -> None:
    """airflow#26933: with one slot, a chain whose later links are urgent goes before independent, less urgent work."""
    for _ in range(100):
        await session.execute(text("DELETE FROM core.executions"))
        links = [uuid4() for _ in range(3)]
        chain = await add(
            session,
            *(
                new_execution(routine_id=one, priority=5 - n, depends_on=tuple(links[n - 1 : n]) if n else ())
                for n, one in enumerate(links)
            ),
        )
        others = await add(session, *(new_execution(priority=6) for _ in range(6)))
        await register(session, clock, slots=1)
        order: list[UUID] = []
        while len(order) < 9:
            await tick(session, clock)
            ids = (
                await session.scalars(
                    text("""
                    UPDATE core.executions SET status = 'SUCCEEDED' WHERE id = (
                        SELECT id FROM core.executions WHERE status = 'QUEUED' ORDER BY priority, slot, id LIMIT 1)
                    RETURNING id""")
                )
            ).all()
            order += ids
        assert order[:3] == chain
        assert set(order[3:]) == set(others)
