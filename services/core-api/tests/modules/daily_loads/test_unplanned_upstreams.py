"""What becomes of a routine on a date on which its upstream does not run (DESIGN, E3 and E11: never silent)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from factories.routines import add_day_group, add_routine
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.daily_loads.public import load_day, load_service
from shared_schemas.events.executions import ExecutionSkipped
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.testing.events import published

HOLIDAY = date(2026, 11, 20)
LATER = {"trigger": {"type": "times", "times": ["22:00"]}}


async def rows(session: WriteSession, name: str) -> list[tuple[Any, ...]]:
    query = text("SELECT status, reason, finished_at IS NOT NULL FROM core.executions WHERE routine_name = :name")
    return [tuple(row) for row in await session.execute(query, {"name": name})]


async def test_e03_a_routine_whose_upstream_does_not_run_is_written_as_skipped_with_its_reason(
    session: WriteSession, clock: FakeClock
) -> None:
    b3 = await add_day_group(session, clock)
    up = await add_routine(session, clock, "acima", day_group_id=b3)
    await add_routine(session, clock, "abaixo", depends_on=[up.id], **LATER)
    for created in (1, 0):
        load = await load_day(session, HOLIDAY, trigger="schedule", clock=clock)
        assert load.created == created
        await session.commit()
        clock.set(clock.now() + timedelta(seconds=1))
    assert await rows(session, "abaixo") == [("SKIPPED", "UPSTREAM_NOT_PLANNED", True)]
    (event,) = await published(session, OUTBOX, ExecutionSkipped)
    assert (event.payload.routine_name, event.payload.reason) == ("abaixo", "UPSTREAM_NOT_PLANNED")


async def test_e03_it_runs_after_all_when_the_upstream_is_planned_for_that_date(
    session: WriteSession, clock: FakeClock, as_admin: httpx.AsyncClient
) -> None:
    """The upstream's own change is enough: what depends on it is planned again."""
    b3 = await add_day_group(session, clock)
    up = await add_routine(session, clock, "acima", day_group_id=b3)
    await add_routine(session, clock, "abaixo", depends_on=[up.id], **LATER)
    await load_service(session, clock=clock).reload_changed()
    await load_day(session, HOLIDAY, trigger="schedule", clock=clock)
    await session.commit()
    changes = {"day_group_id": None}
    changed = await as_admin.patch(
        f"/api/v1/routines/{up.id}?allow_unknown_job=true", json=changes, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    clock.set(datetime(2026, 11, 20, 15, 1, tzinfo=UTC))
    assert {routine.name for routine in await load_service(session, clock=clock).reload_changed()} == {
        "acima",
        "abaixo",
    }
    await session.commit()
    assert await rows(session, "acima") == [("PENDING", None, False)]
    assert await rows(session, "abaixo") == [("PENDING", None, False)]


async def test_a_run_by_hand_looks_at_the_dates_of_its_upstreams(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    up = await add_routine(session, clock, "acima")
    below = await add_routine(session, clock, "abaixo", depends_on=[{"routine_id": up.id, "day_offset": -2}])
    await session.commit()
    answer = await as_operator.post(f"/api/v1/routines/{below.id}/run", json={"business_date": "2026-11-20"})
    assert answer.status_code == 201, answer.text
    row = (await session.execute(text("SELECT depends_on, upstream_dates FROM core.executions"))).one()
    assert (row.depends_on, row.upstream_dates) == ([up.id], [date(2026, 11, 18)])
