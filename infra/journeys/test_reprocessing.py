"""Ranges of days run again by the real processes: in order, once, and no longer than somebody wants it."""

from datetime import timedelta
from typing import Any

import pytest

from shared_utils.clock import home_date, utc_now

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

_STARTS = """
    SELECT e.business_date, e.routine_name, e.status, a.started_at, a.finished_at
    FROM core.executions AS e JOIN core.attempts AS a ON a.execution_id = e.id
    WHERE e.backfill_id = $1::text::uuid ORDER BY a.started_at
"""


async def test_e13_a_backfill_keeps_the_order_of_its_routines_on_each_date_and_is_done(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=8)
    fields = {"job": "journey.light", "tags": ["week"], "max_instances": 10}
    first = await journey.routine("first", **fields)
    await journey.routine("second", depends_on=[first], **fields)
    today = home_date(utc_now())
    request = {
        "tags": ["week"],
        "start": (today - timedelta(days=8)).isoformat(),
        "end": (today - timedelta(days=2)).isoformat(),
        "max_active": 3,
    }
    backfill = (await journey.post("/backfills", request))["id"]
    assert (await journey.post("/backfills", request))["id"] == backfill
    done = await stack.until(lambda: _ended(journey, backfill), timeout=60, what="the backfill is done")
    assert (done["status"], done["counts"]) == ("DONE", {"SUCCEEDED": 14})
    starts = await stack.fetch(_STARTS, backfill)
    assert len(starts) == 14
    when = {(row["business_date"], row["routine_name"]): row for row in starts}
    for day in {row["business_date"] for row in starts}:
        assert when[day, "first"]["finished_at"] <= when[day, "second"]["started_at"]
    assert set(journey.effects("end").values()) == {1}


async def test_e13_a_cancelled_backfill_starts_nothing_after_a_second(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    await journey.routine("long", job="journey.light", tags=["years"], max_instances=4)
    today = home_date(utc_now())
    request = {
        "tags": ["years"],
        "start": (today - timedelta(days=3000)).isoformat(),
        "end": today.isoformat(),
        "max_active": 4,
    }
    made = await journey.post("/backfills", request)
    assert made["total"] >= 2999
    await stack.until(lambda: _some_ended(journey, made["id"]), timeout=60, what="some of it has run")
    asked_at = utc_now()
    stopped = await journey.post(f"/backfills/{made['id']}/cancel")
    answered_at = utc_now()
    assert stopped["status"] == "CANCELLED"
    done = await stack.until(lambda: _ended(journey, made["id"]), timeout=60, what="the last runs have ended")
    assert set(done["counts"]) == {"SUCCEEDED", "CANCELLED"}
    assert sum(done["counts"].values()) == made["total"]
    last_start = max(row["started_at"] for row in await stack.fetch(_STARTS, made["id"]))
    # Nothing starts once the answer is there; how long it took is told, since this machine may be busy.
    assert last_start <= answered_at
    print(f"\ncancelled {done['counts']['CANCELLED']} in {(answered_at - asked_at).total_seconds():.2f} s, ", end="")
    print(f"last start {max((last_start - asked_at).total_seconds(), 0):.2f} s after it was asked")


async def test_e13_a_paused_backfill_starts_nothing_until_it_is_resumed(journey: Any) -> None:
    stack = journey.stack
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    await journey.routine("long", job="journey.light", tags=["months"], max_instances=4)
    live = await journey.routine("live", job="journey.light")
    today = home_date(utc_now())
    request = {"tags": ["months"], "start": (today - timedelta(days=400)).isoformat(), "end": today.isoformat()}
    made = await journey.post("/backfills", request)
    await stack.until(lambda: _some_ended(journey, made["id"]), timeout=60, what="some of it has run")
    await journey.post(f"/backfills/{made['id']}/pause")
    paused_at = utc_now()
    # The dispatcher goes on with what is not paused: when this one has run, it has looked at the queue again.
    await journey.until_status(await journey.run(live), "SUCCEEDED")
    starts = await stack.fetch(_STARTS, made["id"])
    assert max(row["started_at"] for row in starts) <= paused_at
    waiting = await journey.get("/executions", backfill_id=made["id"], status="PENDING", limit=5)
    assert {one["reason"]["code"] for one in waiting} == {"BACKFILL_PAUSED"}
    await journey.post(f"/backfills/{made['id']}/resume")
    done = await stack.until(lambda: _ended(journey, made["id"]), timeout=120, what="the backfill is done")
    assert done["counts"] == {"SUCCEEDED": made["total"]}


async def test_e01_e11_days_without_a_scheduler_are_loaded_and_each_policy_decides(journey: Any) -> None:
    """The last load was four days ago; a scheduler comes back, and every slot since has a row with its reason."""
    stack = journey.stack
    midnight = {"type": "times", "times": ["00:00"]}
    for policy in ("none", "latest", "all"):
        await journey.routine(policy, job="journey.light", trigger=midnight, catch_up=policy)
    today = home_date(utc_now() - timedelta(minutes=1))  # a day is loaded from 00:01 on (E1)
    await stack.fetch(
        "INSERT INTO core.daily_loads (id, business_date, trigger, started_at, finished_at, created, already_there,"
        " routines) VALUES (gen_random_uuid(), $1::text::date, 'schedule', now(), now(), 0, 0, 0)",
        (today - timedelta(days=5)).isoformat(),
    )
    # Long ago for today's slot, too: then it was missed like the others, whatever the time of day is now.
    await stack.fetch("UPDATE core.routines SET misfire_grace_seconds = 0, version = version + 1")
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    rows = await stack.until(lambda: _all_decided(journey, 12), timeout=60, what="every missed slot is decided")
    days = [today - timedelta(days=n) for n in range(4, 0, -1)]
    found = {(row["routine_name"], row["business_date"]): (row["status"], row["reason"]) for row in rows}
    for day in days:
        newest = day == days[-1] and not any(row["business_date"] == today for row in rows)
        assert found["none", day] == ("SKIPPED", "MISFIRED")
        assert found["all", day] == ("SUCCEEDED", None)
        assert found["latest", day] == (("SUCCEEDED", None) if newest else ("SKIPPED", "SUPERSEDED"))
    loads = await journey.get("/daily-loads/days", start=days[0].isoformat(), end=days[-1].isoformat())
    assert [(load["state"], load["trigger"]) for load in loads] == [("LOADED", "catch_up")] * 4


async def _all_decided(journey: Any, least: int) -> Any:
    query = "SELECT routine_name, business_date, status, reason FROM core.executions ORDER BY slot"
    rows = await journey.stack.fetch(query)
    open_ones = [row for row in rows if row["status"] in ("PENDING", "QUEUED", "RUNNING", "RECOVERY")]
    return rows if len(rows) >= least and not open_ones else None


async def _ended(journey: Any, backfill: str) -> Any:
    found = await journey.get(f"/backfills/{backfill}")
    return found if found["finished_at"] is not None else None


async def _some_ended(journey: Any, backfill: str) -> bool:
    return int((await journey.get(f"/backfills/{backfill}"))["ended"]) >= 5
