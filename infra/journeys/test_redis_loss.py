"""Redis holds 10,000 entries and burns: PostgreSQL is the truth, so all of it comes back and runs once (DESIGN, E5)."""

import shutil
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ephemeral import EphemeralStack
from journey_jobs import registry
from shared_utils.clock import home_date, utc_now
from shared_utils.testing.redis_server import RedisServer, new_password
from shared_utils.testing.servers import free_port
from silent_workers import entries_at_rest, executions_at_rest, silent_workers

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

ROUTINES = 10
THOUSAND_MINUTES = {"type": "interval", "every_minutes": 1, "start": "00:00", "end": "16:39"}
QUEUED = 10_000
BAR_SECONDS = 10
# The bar holds on an idle machine; a test that shares two cores with others must not fail for that.
PATIENCE_SECONDS = 60


def flush(stack: EphemeralStack) -> None:
    stack.streams.flushall()


def kill_without_persistence(stack: EphemeralStack) -> None:
    stack.streams.kill()
    shutil.rmtree(stack.folder / "streams")
    stack.streams.start()


@pytest.mark.parametrize("burn", [flush, kill_without_persistence])
async def test_e05_ten_thousand_queued_come_back_and_run_once(
    journey: Any, burn: Callable[[EphemeralStack], None]
) -> None:
    stack = journey.stack
    day = home_date(utc_now()) + timedelta(days=2)
    await _routines_of(journey, day)
    stack.start_scheduler("scheduler-1")
    jobs = [spec.descriptor() for spec in registry]
    async with silent_workers(stack, jobs, count=5):
        await journey.post("/scheduler/run", {"business_date": day.isoformat()})
        await stack.until(lambda: _at_rest(stack), timeout=60, what="10,000 entries are on the streams")
        ids = {row["id"] for row in await stack.fetch("SELECT id::text FROM core.executions WHERE status = 'QUEUED'")}
        assert len(ids) == QUEUED

        burn(stack)
        burnt_at = time.monotonic()
        assert await entries_at_rest(stack) < QUEUED, "they are really gone"
        await stack.until(lambda: _at_rest(stack), timeout=PATIENCE_SECONDS, what="10,000 entries are back")
        seconds = time.monotonic() - burnt_at
        assert await executions_at_rest(stack) == ids
    print(f"10,000 entries were back after {seconds:.1f} s (bar {BAR_SECONDS} s)", file=sys.stderr)

    await stack.start_worker("worker-1", slots=200)
    await stack.until(lambda: _all_succeeded(journey), timeout=120, what="all 10,000 run")
    attempts = await stack.fetch("SELECT attempt, count(*) AS n FROM core.attempts GROUP BY attempt")
    assert [tuple(row) for row in attempts] == [(1, QUEUED)], "nothing was begun twice"
    ends = journey.effects("end")
    assert set(ends) == ids
    assert set(ends.values()) == {1}


async def _routines_of(journey: Any, day: date) -> None:
    """Ten routines with 1,000 slots on `day` and none on the days that the scheduler loads by itself meanwhile."""
    others = [(day + timedelta(days=n)).isoformat() for n in range(-4, 3) if n]
    group = {"name": f"only {day} {uuid4().hex}", "calendar_code": "EVERY_DAY", "rule": {"exclude": others}}
    created = await journey.post("/day-groups", group)
    for number in range(ROUTINES):
        await journey.routine(
            f"many-{number}",
            job="journey.light",
            trigger=THOUSAND_MINUTES,
            max_instances=1000,
            day_group_id=created["id"],
        )


async def _at_rest(stack: EphemeralStack) -> bool:
    # On a slow machine the first are sent again before the last are handed out: entries alone would be counted twice.
    return await entries_at_rest(stack) >= QUEUED and len(await executions_at_rest(stack)) == QUEUED


async def _all_succeeded(journey: Any) -> bool:
    statuses = await journey.statuses()
    return bool(statuses["SUCCEEDED"] == QUEUED == statuses.total())


@pytest.mark.parametrize("process", ["scheduler", "worker"])
async def test_e05_a_streams_redis_that_may_evict_stops_the_start_and_says_what_to_set(
    journey: Any, process: str
) -> None:
    stack = journey.stack
    folder = stack.folder / "evicting"
    evicting = RedisServer(
        folder, free_port(), password=new_password(), role="cache", log_file=folder.with_suffix(".log")
    )
    evicting.start()
    try:
        settings = {"CORE_API_STREAMS_URL": evicting.url(), "WORKER_SVC_STREAMS_URL": evicting.url()}
        arguments = {"scheduler": "core_api.scheduler", "worker": "worker_svc"}[process]
        started = stack._spawn(  # noqa: SLF001  the stack's own way to start a process
            f"{process}-refused",
            *("-m", arguments),
            **settings,
            WORKER_SVC_HTTP_PORT="0",
            WORKER_SVC_STORAGE_DIR=str(stack.folder / "storage"),
        )
        status = await stack.until(lambda: _ended(started), timeout=30, what=f"the {process} refuses to start")
    finally:
        evicting.stop()
    assert status[0] != 0
    output = started.log.read_text()
    assert "maxmemory-policy allkeys-lru: queued work could be thrown away" in output
    assert "Set maxmemory-policy noeviction and appendonly yes" in output


async def _ended(process: Any) -> tuple[int] | None:
    code = process.popen.poll()
    return None if code is None else (code,)
