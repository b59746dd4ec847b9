"""Daily loads (E1): once, whoever asks and however often; what changes with routines; the clock's odd days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from factories.executions import force
from factories.routines import add_day_group, add_routine
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.daily_loads.public import days_begun, load_day, load_loop, load_service
from core_api.modules.executions.public import execution_id
from core_api.modules.routines.public import RoutineRead
from shared_schemas.events.operations import DailyLoadCompleted
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.testing.events import published

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 23, 12, 0, tzinfo=SAO_PAULO).astimezone(UTC))


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SAO_PAULO).astimezone(UTC)


def times(*values: str) -> dict[str, Any]:
    return {"trigger": {"type": "times", "times": list(values)}}


async def slots(session: WriteSession, routine: RoutineRead, day: date = MONDAY) -> list[datetime]:
    query = text("SELECT slot FROM core.executions WHERE routine_id = :id AND business_date = :day ORDER BY slot")
    return list((await session.scalars(query, {"id": routine.id, "day": day})).all())


async def reload(session: WriteSession, clock: FakeClock) -> list[str]:
    changed = await load_service(session, clock=clock).reload_changed()
    await session.commit()
    return [routine.name for routine in changed]


async def load(
    session: WriteSession, clock: FakeClock, day: date = MONDAY, trigger: Any = "schedule"
) -> tuple[int, int]:
    done = await load_day(session, day, trigger=trigger, clock=clock)
    await session.commit()
    return done.created, done.already_there


async def change(session: WriteSession, routine: RoutineRead, **columns: Any) -> None:
    """As a change through the API leaves the row: another version."""
    for column, value in columns.items():
        await session.execute(
            text(f"UPDATE core.routines SET {column} = :value, version = version + 1 WHERE id = :id"),
            {"value": value, "id": routine.id},
        )
    await session.commit()


# --- once ------------------------------------------------------------------------------------------------------------


async def test_e01_a_load_writes_one_row_per_routine_and_slot_and_the_next_one_nothing(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    download = await add_routine(session, clock, "baixar", day_group_id=group, **times("20:45"))
    await add_routine(session, clock, "carregar", day_group_id=group, depends_on=[str(download.id)], **times("20:45"))
    check = await add_routine(session, clock, "verificar", **times("06:00", "18:00"))

    assert await load(session, clock) == (4, 0)
    assert await load(session, clock) == (0, 4)

    assert await slots(session, check) == [at(6), at(18)]
    row = (await session.execute(text("SELECT * FROM core.executions WHERE routine_name = 'carregar'"))).one()
    assert (row.id, row.business_date, row.origin, row.status, row.due_at) == (
        execution_id(row.routine_id, at(20, 45)),
        MONDAY,
        "schedule",
        "PENDING",
        at(20, 45),
    )
    assert row.depends_on == [download.id]
    events = await published(session, OUTBOX, DailyLoadCompleted)
    assert [(event.payload.created, event.payload.already_there) for event in events] == [(4, 0), (0, 4)]
    rows = await session.execute(
        text("SELECT created, already_there, routines, trigger FROM core.daily_loads ORDER BY id")
    )
    assert [tuple(item) for item in rows] == [(4, 0, 3, "schedule"), (0, 4, 3, "schedule")]


async def test_e01_a_holiday_loads_nothing_of_what_follows_the_calendar(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    await add_routine(session, clock, "baixar", day_group_id=group, **times("20:45"))
    await add_routine(session, clock, "verificar", **times("06:00"))
    assert await load(session, clock, date(2026, 11, 20)) == (1, 0)
    assert await load(session, clock, date(2026, 11, 22)) == (1, 0)
    assert await load(session, clock, MONDAY) == (2, 0)


# --- changes ---------------------------------------------------------------------------------------------------------


async def test_e01_a_new_routine_gets_what_is_left_of_today(session: WriteSession, clock: FakeClock) -> None:
    await load(session, clock)
    routine = await add_routine(session, clock, "nova", **times("06:00", "11:59", "12:00", "18:00"))
    assert await reload(session, clock) == ["nova"]
    assert await slots(session, routine) == [at(12), at(18)]
    assert await reload(session, clock) == []


async def test_e01_a_changed_time_moves_what_is_left(session: WriteSession, clock: FakeClock) -> None:
    routine = await add_routine(session, clock, "mudada", **times("10:00", "18:00"))
    await load(session, clock)
    await reload(session, clock)
    ten = execution_id(routine.id, at(10))
    await force(session, ten, status="SUCCEEDED", attempt=1)
    await change(session, routine, trigger='{"type": "times", "times": ["11:00", "19:00"]}')
    assert await reload(session, clock) == ["mudada"]
    assert await slots(session, routine) == [at(10), at(19)]


async def test_e01_what_waits_past_its_slot_keeps_its_place_with_the_new_settings(
    session: WriteSession, clock: FakeClock
) -> None:
    routine = await add_routine(session, clock, "espera", job="no.such.job", **times("10:00"))
    await load(session, clock)
    await reload(session, clock)
    await change(session, routine, job="system.check")
    await reload(session, clock)
    row = (await session.execute(text("SELECT slot, job FROM core.executions"))).one()
    assert (row.slot, row.job) == (at(10), "system.check")


@pytest.mark.parametrize("how", ["paused", "deleted"])
async def test_e01_paused_and_deleted_routines_leave_the_queue_untouched_work_only(
    how: str, session: WriteSession, clock: FakeClock
) -> None:
    routine = await add_routine(session, clock, "fora", **times("10:00", "11:00", "18:00"))
    other = await add_routine(session, clock, "fica", **times("18:00"))
    await load(session, clock)
    await reload(session, clock)
    await force(session, execution_id(routine.id, at(10)), status="RUNNING", attempt=1)
    await change(session, routine, **({"paused": True} if how == "paused" else {"deleted_at": clock.now()}))
    assert await reload(session, clock) == ["fora"]
    assert await slots(session, routine) == [at(10)]
    assert await slots(session, other) == [at(18)]


async def test_e01_a_resumed_routine_gets_what_is_left(session: WriteSession, clock: FakeClock) -> None:
    routine = await add_routine(session, clock, "volta", paused=True, **times("10:00", "18:00"))
    await load(session, clock)
    await reload(session, clock)
    assert await slots(session, routine) == []
    await change(session, routine, paused=False)
    await reload(session, clock)
    assert await slots(session, routine) == [at(18)]


async def test_e01_days_loaded_ahead_follow_changes_too(session: WriteSession, clock: FakeClock) -> None:
    routine = await add_routine(session, clock, "amanha", **times("10:00"))
    tuesday = MONDAY + timedelta(days=1)
    await load(session, clock)
    await load(session, clock, tuesday)
    await reload(session, clock)
    await change(session, routine, trigger='{"type": "times", "times": ["09:00"]}')
    await reload(session, clock)
    assert await slots(session, routine, tuesday) == [at(9, day=tuesday)]


async def test_e01_a_corrected_calendar_changes_today(session: WriteSession, clock: FakeClock, as_admin: Any) -> None:
    group = await add_day_group(session, clock)
    routine = await add_routine(session, clock, "baixar", day_group_id=group, **times("20:45"))
    await load(session, clock)
    await reload(session, clock)
    assert await slots(session, routine) == [at(20, 45)]
    answer = await as_admin.put(
        f"/api/v1/calendars/B3/overrides/{MONDAY}", json={"is_business_day": False, "note": "Luto oficial"}
    )
    assert answer.status_code in (200, 201), answer.text
    assert await reload(session, clock) == ["baixar"]
    assert await slots(session, routine) == []


# --- the scheduler's loop --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), date(2026, 11, 22)),  # 00:00 in São Paulo: not yet
        (datetime(2026, 11, 23, 3, 0, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 23, 3, 1, tzinfo=UTC), date(2026, 11, 23)),  # 00:01
        (datetime(2026, 11, 24, 2, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_e01_a_day_begins_at_one_minute_past_midnight(instant: datetime, expected: date) -> None:
    assert days_begun({"America/Sao_Paulo"}, instant) == {expected}


# The days on which São Paulo's clocks jumped from 00:00 to 01:00, so that there was no 00:01 (IANA database).
GAP_DAYS = [
    *(date(2008, 10, 19), date(2009, 10, 18), date(2010, 10, 17), date(2011, 10, 16), date(2012, 10, 21)),
    *(date(2013, 10, 20), date(2014, 10, 19), date(2015, 10, 18), date(2016, 10, 16), date(2017, 10, 15)),
    date(2018, 11, 4),
]


@pytest.mark.parametrize("day", GAP_DAYS)
def test_e02_the_eleven_days_without_a_minute_past_midnight_are_loaded_when_the_day_begins(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)
    begun = [days_begun({"America/Sao_Paulo"}, midnight + timedelta(minutes=n)) for n in range(-2, 3)]
    yesterday = day - timedelta(days=1)
    assert begun == [{yesterday}, {yesterday}, {day}, {day}, {day}]


def test_every_zone_has_its_own_midnight() -> None:
    instant = datetime(2026, 11, 23, 15, 1, tzinfo=UTC)
    zones = {"America/Sao_Paulo", "Asia/Tokyo", "Pacific/Kiritimati"}
    assert days_begun(zones, instant) == {date(2026, 11, 23), date(2026, 11, 24)}


async def test_e01_the_loop_loads_at_start_and_at_each_midnight_once(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await session.commit()
    loop = load_loop(sessionmaker, clock)
    for _ in range(3):
        await loop.step()
    clock.set(at(0, 0, day=MONDAY + timedelta(days=1)))
    await loop.step()
    clock.set(at(0, 1, day=MONDAY + timedelta(days=1)))
    for _ in range(2):
        await loop.step()
    second = load_loop(sessionmaker, clock)
    await second.step()

    query = text(
        "SELECT business_date, trigger, created FROM core.daily_loads WHERE trigger <> 'routine_change' ORDER BY id"
    )
    rows = [tuple(row) for row in await session.execute(query)]
    assert rows == [(MONDAY, "startup", 1), (MONDAY + timedelta(days=1), "schedule", 1)]
    ten_past = (await session.scalars(text("SELECT slot FROM core.executions ORDER BY slot"))).all()
    assert ten_past == [at(10), at(10, day=MONDAY + timedelta(days=1))]


async def test_a_load_that_fails_is_noted_once_and_tried_again(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    """A calendar that ends: every routine on it would be a guess."""
    group = await add_day_group(session, clock)
    await add_routine(session, clock, "baixar", day_group_id=group)
    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2026-11-01'"))
    await session.commit()
    loop = load_loop(sessionmaker, clock)
    for _ in range(3):
        with pytest.raises(Exception, match="outside calendar"):
            await loop.step()
    events = (await session.scalars(text("SELECT event FROM core.scheduler_logs"))).all()
    assert events == ["DAILY_LOAD_FAILED"]
    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2035-12-31'"))
    await session.commit()
    await loop.step()
    assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 1


def test_ids_of_other_routines_differ() -> None:
    assert execution_id(UUID(int=1), at(10)) != execution_id(UUID(int=2), at(10))
