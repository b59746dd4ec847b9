"""Statistics: what is counted, that late changes are counted again, and that the numbers outlive the executions."""

import math
import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from factories.executions import DAY, add_one, force
from factories.routines import add_routine
from sqlalchemy import text

from core_api.modules.stats.public import StatsLoop, aggregate, seal
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession

YESTERDAY = DAY - timedelta(days=1)
NOON_YESTERDAY = datetime.fromisoformat("2026-11-19T15:00:00Z")


async def ended(
    session: WriteSession,
    clock: FakeClock,
    *,
    routine: UUID,
    day: date = YESTERDAY,
    minute: int = 0,
    status: str = "SUCCEEDED",
    delay: float = 0.5,
    seconds: float = 10,
    **columns: Any,
) -> UUID:
    """An execution that is over: due at noon of its day, started and finished so many seconds later."""
    slot = NOON_YESTERDAY + (day - YESTERDAY) + timedelta(minutes=minute)
    one = await add_one(session, routine_id=routine, slot=slot, business_date=day)
    ran = status in {"SUCCEEDED", "FAILED"}
    began = slot + timedelta(seconds=delay) if ran else None
    times = {"started_at": began, "finished_at": began and began + timedelta(seconds=seconds), "attempt": int(ran)}
    await force(session, one, **({"status": status, "updated_at": clock.now(), **times} | columns))
    return one


async def make(session: WriteSession, clock: FakeClock) -> None:
    """The loop's work, from two days ago on."""
    begin = clock.now() - timedelta(days=2)
    await session.execute(text("UPDATE core.stats_progress SET until = :at"), {"at": begin})
    while (await aggregate(session, clock) or clock.now()) < clock.now():
        pass
    await session.commit()


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def test_a_day_of_a_routine(session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient) -> None:
    routine = uuid4()
    for minute, seconds in enumerate((10, 20, 30)):
        await ended(session, clock, routine=routine, minute=minute, seconds=seconds, delay=0.5 * (minute + 1))
    await ended(session, clock, routine=routine, minute=5, status="FAILED", seconds=40, delay=3, recoveries=2)
    await ended(session, clock, routine=routine, minute=6, status="SKIPPED")
    await ended(session, clock, routine=routine, minute=7, status="CANCELLED")
    await ended(
        session, clock, routine=routine, minute=8, attempt=3, delay=600, seconds=100, warnings='[{"code": "X"}]'
    )
    await ended(session, clock, routine=uuid4(), seconds=1000)
    await add_one(session, routine_id=routine, business_date=YESTERDAY)
    await make(session, clock)

    found = await get(as_viewer, f"routines/{routine}/stats", start=YESTERDAY, end=YESTERDAY)

    assert [day["business_date"] for day in found["days"]] == ["2026-11-19"]
    assert found["days"][0]["numbers"] == found["total"]
    assert found["total"] == {
        "runs": 5,
        "succeeded": 4,
        "failed": 1,
        "skipped": 1,
        "cancelled": 1,
        "with_warnings": 1,
        "recoveries": 2,
        "success_rate": 0.8,
        "error_rate": 0.2,
        "mean_duration_seconds": 40.0,
        "p95_duration_seconds": 100.0,
        "mean_start_delay_seconds": 1.5,  # the third attempt's ten minutes are no start delay
        "p95_start_delay_seconds": 3.0,
    }


async def test_all_routines_by_day_and_together(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    one, other = uuid4(), uuid4()
    for number in range(20):
        before = YESTERDAY - timedelta(days=number % 2)
        await ended(session, clock, routine=one, day=before, minute=number, seconds=1 + number)
        await ended(session, clock, routine=other, day=before, minute=number, seconds=101 + number, status="FAILED")
    await make(session, clock)
    found = await get(as_viewer, "stats/days", start="2026-11-01", end=YESTERDAY)
    assert [(day["business_date"], day["numbers"]["runs"]) for day in found["days"]] == [
        ("2026-11-18", 20),
        ("2026-11-19", 20),
    ]
    total = found["total"]
    assert (total["runs"], total["failed"], total["error_rate"]) == (40, 20, 0.5)
    assert total["mean_duration_seconds"] == pytest.approx(sum(range(1, 21)) / 40 + sum(range(101, 121)) / 40)
    # The 38th of 40: 118 seconds, from a histogram of 5 % wide buckets.
    assert total["p95_duration_seconds"] == pytest.approx(118, rel=0.026)


async def test_percentiles_of_many_days_are_those_of_all_their_runs(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    """Days with few and with many runs, fast ones and slow ones, in every mixture."""
    chance = random.Random(20)
    expected: dict[str, tuple[float, float]] = {}
    for number in range(6):
        routine = (await add_routine(session, clock, f"routine-{number}")).id
        runs: list[tuple[float, float]] = []
        for before in range(5):
            pace, day = 10 ** chance.uniform(-1, 3), YESTERDAY - timedelta(days=before)
            for minute in range(chance.choice((0, 1, 3, 21, 25))):
                seconds, delay = pace * chance.uniform(0.5, 2), 10 ** chance.uniform(-2, 1)
                await ended(session, clock, routine=routine, day=day, minute=minute, seconds=seconds, delay=delay)
                runs.append((seconds, delay))
        if runs:
            rank = math.ceil(0.95 * len(runs)) - 1
            expected[f"routine-{number}"] = sorted(one[0] for one in runs)[rank], sorted(one[1] for one in runs)[rank]
    await make(session, clock)
    found = await get(as_viewer, "stats/routines", start=YESTERDAY - timedelta(days=10))
    numbers = {one["name"]: one["numbers"] for one in found["routines"]}
    assert numbers.keys() == expected.keys()
    for name, (duration, delay) in expected.items():
        assert numbers[name]["p95_duration_seconds"] == pytest.approx(duration, rel=0.026), name
        assert numbers[name]["p95_start_delay_seconds"] == pytest.approx(delay, rel=0.026), name


async def test_routines_in_the_order_that_was_asked_for(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    slow = (await add_routine(session, clock, "a-slow", title="Lenta")).id
    broken = (await add_routine(session, clock, "b-broken")).id
    await ended(session, clock, routine=slow, seconds=500)
    await ended(session, clock, routine=broken, status="FAILED", seconds=1)
    await ended(session, clock, routine=broken, minute=1, seconds=3)
    await make(session, clock)
    by_name = await get(as_viewer, "stats/routines")
    assert [(one["name"], one["numbers"]["runs"]) for one in by_name["routines"]] == [("a-slow", 1), ("b-broken", 2)]
    assert (by_name["routines"][0]["title"], by_name["total"]["runs"]) == ("Lenta", 3)
    for order, first in [("runs", "b-broken"), ("error_rate", "b-broken"), ("p95_duration", "a-slow")]:
        found = await get(as_viewer, "stats/routines", order=order, limit=1)
        assert [one["name"] for one in found["routines"]] == [first], order


async def test_today_is_counted_as_it_stands(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    """Without any scheduler, too: nothing was aggregated here."""
    routine = uuid4()
    await ended(session, clock, routine=routine, day=DAY, seconds=7)
    await session.commit()
    for path in ("stats/days", f"routines/{routine}/stats"):
        found = await get(as_viewer, path)
        assert [(day["business_date"], day["numbers"]["mean_duration_seconds"]) for day in found["days"]] == [
            ("2026-11-20", 7.0)
        ], path
    assert (await get(as_viewer, "stats/routines"))["routines"][0]["numbers"]["runs"] == 1
    await make(session, clock)
    assert (await get(as_viewer, "stats/days"))["total"]["runs"] == 1, "counted twice"


async def test_making_numbers_again_changes_nothing_and_late_changes_count(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    routine = uuid4()
    one = await ended(session, clock, routine=routine, status="FAILED", seconds=5)
    await make(session, clock)
    await make(session, clock)
    path = f"routines/{routine}/stats"
    assert (await get(as_viewer, path))["total"]["failed"] == 1
    clock.advance(timedelta(hours=3))
    await force(session, one, status="SUCCEEDED", updated_at=clock.now())
    await aggregate(session, clock)
    await session.commit()
    assert [(await get(as_viewer, path))["total"][name] for name in ("failed", "succeeded")] == [0, 1]
    assert [(await get(as_viewer, "stats/days"))["total"][name] for name in ("failed", "succeeded")] == [0, 1]


async def test_numbers_outlive_their_executions(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    routine, other = uuid4(), uuid4()
    gone = await ended(session, clock, routine=routine, seconds=5)
    await make(session, clock)
    await seal(session, date(2026, 11, 1))
    await session.execute(text("DELETE FROM core.executions WHERE id = :id"), {"id": gone})
    # The same routine runs for that date again, by hand and later, and so does another one.
    await ended(session, clock, routine=routine, minute=9, seconds=50)
    await ended(session, clock, routine=other, minute=9, seconds=50)
    await make(session, clock)
    assert (await get(as_viewer, f"routines/{routine}/stats"))["total"]["mean_duration_seconds"] == 5.0
    assert (await get(as_viewer, "stats/days"))["total"]["runs"] == 2


async def test_the_loop_catches_up_day_after_day_and_takes_turns(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    begin = clock.now() - timedelta(days=10)
    await session.execute(text("UPDATE core.stats_progress SET until = :at"), {"at": begin})
    await session.commit()
    loop = StatsLoop(sessionmaker, clock)
    assert [await loop.step() for _ in range(4)] == [0.0, 0.0, 60.0, 60.0]
    assert await session.scalar(text("SELECT until FROM core.stats_progress")) == clock.now()


async def test_a_range_that_makes_no_sense(as_viewer: httpx.AsyncClient) -> None:
    for params in ({"start": "2026-11-02", "end": "2026-11-01"}, {"start": "2020-01-01", "end": "2026-01-01"}):
        answer = await as_viewer.get("/api/v1/stats/days", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "RANGE_INVALID")
    assert (await get(as_viewer, f"routines/{uuid4()}/stats"))["total"]["success_rate"] is None


@pytest.mark.parametrize("path", ["stats/days", "stats/routines", f"routines/{UUID(int=1)}/stats"])
async def test_reading_needs_a_token(path: str, anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(f"/api/v1/{path}")).status_code == 401
