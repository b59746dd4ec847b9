"""Two schedulers and two workers: no slot twice, no run twice (DESIGN, E1 and E6)."""

from datetime import timedelta
from typing import Any

import pytest

from shared_utils.clock import home_date, utc_now

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

ROUTINES = 50
SLOTS_A_DAY = 48


async def test_two_schedulers_and_two_workers_run_2400_executions_once_each(journey: Any) -> None:
    stack = journey.stack
    trigger = {"type": "interval", "every_minutes": 30, "start": "00:00", "end": "23:59"}
    for number in range(ROUTINES):
        await journey.routine(f"grid-{number}", job="journey.light", trigger=trigger, max_instances=1000)
    stack.start_scheduler("scheduler-1")
    stack.start_scheduler("scheduler-2")
    await stack.start_worker("worker-1", slots=20)
    await stack.start_worker("worker-2", slots=20)
    # The day after tomorrow: no loop loads it meanwhile, so the counts below are this test's alone.
    day = home_date(utc_now() + timedelta(days=2)).isoformat()

    loads = [await journey.post("/scheduler/daily-load", {"business_date": day}) for _ in range(2)]
    assert loads[0]["created"] == ROUTINES * SLOTS_A_DAY
    assert (loads[1]["created"], loads[1]["already_there"]) == (0, ROUTINES * SLOTS_A_DAY)
    forward = await journey.post("/scheduler/run", {"business_date": day})
    assert forward["brought_forward"] == ROUTINES * SLOTS_A_DAY

    async def all_done() -> bool:
        query = "SELECT count(*) FROM core.executions WHERE business_date = $1::text::date AND status = 'SUCCEEDED'"
        return bool((await stack.fetch(query, day))[0]["count"] == ROUTINES * SLOTS_A_DAY)

    await stack.until(all_done, timeout=120, what="every execution of the day succeeds")
    rows = await stack.fetch(
        "SELECT id::text, routine_id, slot, attempt, worker_id FROM core.executions WHERE business_date = $1::text::date",
        day,
    )
    assert len({(row["routine_id"], row["slot"]) for row in rows}) == len(rows) == ROUTINES * SLOTS_A_DAY
    assert {row["attempt"] for row in rows} == {1}
    ends = journey.effects("end")
    assert {row["id"] for row in rows} <= set(ends)
    assert set(ends.values()) == {1}, "no run twice"
    assert len({row["worker_id"] for row in rows}) == 2, "both workers took part"
