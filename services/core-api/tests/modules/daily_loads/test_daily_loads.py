"""Daily loads (E1): once, whoever asks and however often; what changes with routines; the clock's odd days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from factories.executions import force
from factories.routines import add_day_group, add_routine
from sqlalchemy import text

from core_api.database import OUTBOX, SCHEMA
from core_api.migrate import MIGRATIONS
from core_api.modules.daily_loads.public import days_begun, load_day, load_loop, load_service
from core_api.modules.daily_loads.service import LoadService
from core_api.modules.executions.public import execution_id
from core_api.modules.routines.public import RoutineRead
from shared_schemas.events.operations import DailyLoadCompleted
from shared_utils.clock import FakeClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import SessionFactory, WriteSession, sessionmaker_for, transaction
from shared_utils.testing.databases import ServiceDatabase
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


async def test_e01_what_waits_does_not_vanish_because_its_routine_runs_at_another_time_now(
    session: WriteSession, clock: FakeClock
) -> None:
    """Neither what waits since this morning nor what waits since days ago; only what still lies ahead moves."""
    routine = await add_routine(session, clock, "espera", **times("10:00", "18:00"))
    yesterday = MONDAY - timedelta(days=1)
    await load(session, clock, yesterday)
    await load(session, clock)
    await session.execute(text("UPDATE core.routines SET loaded_version = version"))
    await change(session, routine, trigger='{"type": "times", "times": ["11:00", "19:00"]}', priority=3)
    await reload(session, clock)
    assert await slots(session, routine, yesterday) == [at(10, day=yesterday), at(18, day=yesterday)]
    assert await slots(session, routine) == [at(10), at(19)]
    assert set(await session.scalars(text("SELECT priority FROM core.executions"))) == {3}


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


async def loads(session: WriteSession) -> list[tuple[Any, ...]]:
    query = "SELECT business_date, trigger, created FROM core.daily_loads WHERE trigger <> 'routine_change' ORDER BY id"
    return [tuple(row) for row in await session.execute(text(query))]


async def noted(session: WriteSession, event: str) -> list[Any]:
    query = text("SELECT level, message, fields FROM core.scheduler_logs WHERE event = :event ORDER BY id")
    return list(await session.execute(query, {"event": event}))


async def test_e01_every_day_since_the_last_loaded_one_is_loaded_once(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, as_viewer: Any
) -> None:
    group = await add_day_group(session, clock)
    await add_routine(session, clock, "pregao", day_group_id=group, **times("10:00"))
    await load(session, clock, date(2026, 11, 18))
    for _ in range(2):
        await load_loop(sessionmaker, clock).step()
    assert await loads(session) == [
        (date(2026, 11, 18), "schedule", 1),
        (date(2026, 11, 19), "catch_up", 1),
        *((date(2026, 11, day), "catch_up", 0) for day in (20, 21, 22)),  # a holiday and a weekend
        (MONDAY, "startup", 1),
    ]
    answer = await as_viewer.get("/api/v1/daily-loads/days", params={"start": "2026-11-17", "end": "2026-11-24"})
    assert [(day["business_date"][-2:], day["state"], day["trigger"]) for day in answer.json()["data"]] == [
        ("17", "NOT_LOADED", None),
        ("18", "LOADED", "schedule"),
        *((str(day), "LOADED", "catch_up") for day in (19, 20, 21, 22)),
        ("23", "LOADED", "startup"),
        ("24", "UPCOMING", None),
    ]


async def test_e01_a_scheduler_that_slept_catches_up_without_a_restart(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await session.commit()
    loop = load_loop(sessionmaker, clock)
    await loop.step()
    clock.set(at(12, day=MONDAY + timedelta(days=3)))
    await loop.step()
    assert await loads(session) == [
        (MONDAY, "startup", 1),
        *((MONDAY + timedelta(days=n), "catch_up", 1) for n in (1, 2)),
        (MONDAY + timedelta(days=3), "schedule", 1),
    ]


async def test_e01_days_too_long_ago_are_named_once_and_read_as_not_loaded(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, as_viewer: Any
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await load(session, clock, MONDAY - timedelta(days=40))
    for _ in range(2):
        await load_loop(sessionmaker, clock).step()
    assert len(await loads(session)) == 1 + 32
    [note] = await noted(session, "DAYS_NOT_LOADED")
    assert (note.level, note.fields) == ("WARNING", {"first": "2026-10-15", "last": "2026-10-22", "days": 8})
    answer = await as_viewer.get("/api/v1/daily-loads/days", params={"start": "2026-10-14", "end": "2026-10-23"})
    states = [day["state"] for day in answer.json()["data"]]
    assert states == ["LOADED", *["NOT_LOADED"] * 8, "LOADED"]


async def test_e01_what_a_person_loaded_does_not_hide_the_days_before_it(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await load(session, clock, MONDAY - timedelta(days=2))
    await load(session, clock, MONDAY, trigger="manual")
    await load(session, clock, date(2016, 1, 4), trigger="manual")
    await load_loop(sessionmaker, clock).step()
    assert [row[:2] for row in await loads(session)][3:] == [(MONDAY - timedelta(days=1), "catch_up")]


async def test_e01_nothing_is_loaded_before_the_first_day_of_a_new_system(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await load(session, clock, date(2016, 1, 4), trigger="manual")
    await load_loop(sessionmaker, clock).step()
    assert [row[0] for row in await loads(session)] == [date(2016, 1, 4), MONDAY]


async def test_e01_a_calendar_that_ends_leaves_out_its_own_routines_and_they_come_once_it_goes_on(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, as_viewer: Any
) -> None:
    group = await add_day_group(session, clock)
    routine = await add_routine(session, clock, "baixar", day_group_id=group, **times("10:00", "20:45"))
    other = await add_routine(session, clock, "diaria", **times("06:00"))
    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2026-11-01'"))
    await session.commit()
    loop = load_loop(sessionmaker, clock)
    for _ in range(3):
        await loop.step()
    assert (await slots(session, routine), await slots(session, other)) == ([], [at(6)])
    [note] = await noted(session, "DAILY_LOAD_INCOMPLETE")
    assert (note.level, note.fields["routines"]) == ("ERROR", ["baixar"])
    params = {"start": MONDAY.isoformat(), "end": MONDAY.isoformat()}
    [day] = (await as_viewer.get("/api/v1/daily-loads/days", params=params)).json()["data"]
    assert (day["state"], day["unplanned"][0]["routine_name"], day["unplanned"][0]["code"]) == (
        "INCOMPLETE",
        "baixar",
        "CALENDAR_OUT_OF_RANGE",
    )
    [listed] = (await as_viewer.get("/api/v1/daily-loads", params={"limit": 1})).json()["data"]
    assert listed["unplanned"] == 1

    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2035-12-31'"))
    await change(session, routine)
    await session.execute(text("UPDATE core.routines SET version = version + 1 WHERE id = :id"), {"id": routine.id})
    await session.commit()
    await loop.step()
    assert await slots(session, routine) == [at(10), at(20, 45)]  # E11 decides about the one that has passed
    [day] = (await as_viewer.get("/api/v1/daily-loads/days", params=params)).json()["data"]
    assert (day["state"], day["unplanned"]) == ("LOADED", [])


async def test_e01_a_deleted_routine_is_missing_nowhere(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    routine = await add_routine(session, clock, "baixar", day_group_id=group)
    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2026-11-01'"))
    await session.commit()
    await load_loop(sessionmaker, clock).step()
    count = text("SELECT count(*) FROM core.unplanned_routines")
    assert await session.scalar(count) == 1
    await change(session, routine, deleted_at=clock.now())
    await reload(session, clock)
    assert await session.scalar(count) == 0


class FailsOn(LoadService):
    """A load of which one day meets a full disk."""

    def __init__(self, real: LoadService, day: date) -> None:
        self.__dict__.update(real.__dict__)
        self._day = day

    async def load_if_missing(self, business_date: date, **options: Any) -> Any:
        if business_date == self._day:
            raise OSError(28, "No space left on device")
        return await super().load_if_missing(business_date, **options)


async def test_e01_a_day_that_fails_is_noted_once_and_keeps_no_other_from_being_loaded(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00"))
    await load(session, clock, MONDAY - timedelta(days=3))
    broken = MONDAY - timedelta(days=2)
    loop = load_loop(sessionmaker, clock)
    working = loop._service_for
    loop._service_for = lambda opened: FailsOn(working(opened), broken)
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            await loop.step()
    assert {row[0] for row in await loads(session)} == {MONDAY - timedelta(days=n) for n in (0, 1, 3)}
    [note] = await noted(session, "DAILY_LOAD_FAILED")
    assert note.fields["business_date"] == broken.isoformat()
    loop._service_for = working
    await loop.step()
    assert len(await loads(session)) == 4


class Watches(LoadService):
    """A load that looks, before each day, at what others can see of the days before it."""

    def __init__(self, real: LoadService, others: SessionFactory, seen: list[int]) -> None:
        self.__dict__.update(real.__dict__)
        self._others = others
        self._seen = seen

    async def load_if_missing(self, business_date: date, **options: Any) -> Any:
        async with self._others() as session:
            self._seen.append(int(await session.scalar(text("SELECT count(*) FROM core.executions")) or 0))
        return await super().load_if_missing(business_date, **options)


async def test_e11_missed_days_become_visible_together(
    fresh_database: Callable[..., ServiceDatabase], clock: FakeClock
) -> None:
    """A dispatcher that saw only the first of them would take its slot for the newest one that was missed."""
    database = fresh_database(schema=SCHEMA, migrations_dir=MIGRATIONS)
    engine = create_engine(database.runtime_url, application_name="test", pool_size=5)
    committed = sessionmaker_for(engine)
    async with transaction(committed) as session:
        await add_routine(session, clock, "diaria", **times("10:00"))
        await load_day(session, MONDAY - timedelta(days=4), trigger="schedule", clock=clock)
    loop = load_loop(committed, clock)
    seen: list[int] = []
    working = loop._service_for
    loop._service_for = lambda opened: Watches(working(opened), committed, seen)
    await loop.step()
    async with committed() as session:
        assert await session.scalar(text("SELECT count(*) FROM core.executions")) == 5
    assert seen == [1, 1, 1, 1]
    await engine.dispose()


# --- what a person asks for is never a missed slot (E11) ---------------------------------------------------------------


async def test_e11_slots_that_had_passed_when_a_person_asked_for_them_carry_their_name(
    session: WriteSession, clock: FakeClock, as_operator: Any
) -> None:
    await add_routine(session, clock, "diaria", **times("10:00", "18:00"))
    await session.commit()
    for day in ("2026-11-19", "2026-11-23", "2026-11-24"):
        answer = await as_operator.post("/api/v1/scheduler/daily-load", json={"business_date": day})
        assert answer.json()["data"]["created"] == 2
    query = text("SELECT slot, origin, requested_by FROM core.executions ORDER BY slot")
    rows = [tuple(row) for row in await session.execute(query)]
    thursday, tuesday = date(2026, 11, 19), date(2026, 11, 24)
    assert rows == [
        (at(10, day=thursday), "schedule", "Test operator"),
        (at(18, day=thursday), "schedule", "Test operator"),
        (at(10), "schedule", "Test operator"),
        (at(18), "schedule", None),
        (at(10, day=tuesday), "schedule", None),
        (at(18, day=tuesday), "schedule", None),
    ]


async def test_e11_what_waits_is_not_younger_because_its_routine_changed(
    session: WriteSession, clock: FakeClock
) -> None:
    routine = await add_routine(session, clock, "espera", **times("10:00"))
    clock.set(at(9))
    await load(session, clock)
    await reload(session, clock)
    await force(session, execution_id(routine.id, at(10)), requested_by="ana")
    clock.set(at(15))
    await change(session, routine, priority=3)
    assert await reload(session, clock) == ["espera"]
    row = (
        await session.execute(text("SELECT priority, created_at, updated_at, requested_by FROM core.executions"))
    ).one()
    assert (row.priority, row.created_at, row.updated_at, row.requested_by) == (3, at(9), at(15), "ana")


def test_ids_of_other_routines_differ() -> None:
    assert execution_id(UUID(int=1), at(10)) != execution_id(UUID(int=2), at(10))
