"""Plans: which slots a day has."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from factories.routines import add_day_group, add_pool, add_routine
from sqlalchemy import event, text

from core_api.modules.planning.public import business_dates, edges_when_asked, plan_day, plan_days
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

WEDNESDAY = date(2026, 11, 18)
HOLIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


async def test_a_plan_is_a_snapshot_of_everything_the_queue_needs(session: WriteSession, clock: FakeClock) -> None:
    await add_pool(session, clock, "b3", slots=2)
    first = await add_routine(session, clock, "antes", trigger={"type": "manual"})
    retry = {"max_attempts": 5, "backoff_seconds": 1, "backoff_factor": 3, "backoff_max_seconds": 60, "jitter": 0}
    routine = await add_routine(
        session,
        clock,
        "baixar",
        title="Baixar",
        job="b3.cotahist.download",
        params={"reference": "business_date"},
        day_group_id=await add_day_group(session, clock),
        priority=5,
        queue="heavy",
        pool="b3",
        concurrency_key="k",
        max_instances=2,
        retry=retry,
        max_recoveries=1,
        timeout_seconds=60,
        depends_on=[first.id],
    )
    (slot,) = await plan_day(session, WEDNESDAY)
    assert slot.routine_id == routine.id
    assert (slot.routine_name, slot.title, slot.job) == ("baixar", "Baixar", "b3.cotahist.download")
    assert slot.slot == datetime(2026, 11, 18, 23, 45, tzinfo=UTC)
    assert slot.business_date == WEDNESDAY
    assert slot.params == {"reference": "business_date"}
    assert (slot.queue, slot.priority, slot.pool, slot.concurrency_key) == ("heavy", 5, "b3", "k")
    assert (slot.max_instances, slot.max_attempts, slot.max_recoveries, slot.timeout_seconds) == (2, 5, 1, 60)
    assert slot.retry == retry
    assert slot.depends_on == (first.id,)
    assert slot.trigger == {"type": "times", "times": ["20:45"]}


async def test_a_plan_obeys_calendars_rules_and_pauses(session: WriteSession, clock: FakeClock) -> None:
    b3 = await add_day_group(session, clock)
    mondays = await add_day_group(session, clock, "Segundas", calendar="EVERY_DAY", weekdays=[1])
    special = await add_day_group(session, clock, "Sessão extra", include=["2026-11-21"], exclude=["2026-11-18"])
    for name, group in (("b3", b3), ("segundas", mondays), ("extra", special), ("sempre", None)):
        await add_routine(session, clock, f"r-{name}", day_group_id=group)
    await add_routine(session, clock, "r-parada", paused=True)

    async def names(day: date) -> list[str]:
        return sorted(slot.routine_name for slot in await plan_day(session, day))

    assert await names(WEDNESDAY) == ["r-b3", "r-sempre"]
    assert await names(HOLIDAY) == ["r-sempre"]
    assert await names(SATURDAY) == ["r-extra", "r-sempre"]
    assert await names(date(2026, 11, 23)) == ["r-b3", "r-extra", "r-segundas", "r-sempre"]


async def test_slots_come_by_time_priority_and_id(session: WriteSession, clock: FakeClock) -> None:
    await add_routine(session, clock, "tarde", trigger={"type": "times", "times": ["22:00"]}, priority=1)
    await add_routine(session, clock, "baixa", priority=30)
    await add_routine(session, clock, "alta", priority=2)
    await add_routine(session, clock, "manha", trigger={"type": "times", "times": ["23:00", "06:00"]}, priority=99)
    names = [slot.routine_name for slot in await plan_day(session, WEDNESDAY)]
    assert names == ["manha", "alta", "baixa", "tarde", "manha"]


async def test_a_plan_of_some_routines(session: WriteSession, clock: FakeClock) -> None:
    one = await add_routine(session, clock, "uma")
    await add_routine(session, clock, "outra")
    paused = await add_routine(session, clock, "parada", paused=True)
    slots = await plan_day(session, WEDNESDAY, routine_ids=[one.id, paused.id, uuid4()])
    assert [slot.routine_id for slot in slots] == [one.id]
    assert await plan_day(session, WEDNESDAY, routine_ids=[]) == []


async def test_the_business_date_is_the_date_in_the_routines_zone(session: WriteSession, clock: FakeClock) -> None:
    await add_routine(session, clock, "toquio", time_zone="Asia/Tokyo", trigger={"type": "times", "times": ["00:30"]})
    (slot,) = await plan_day(session, WEDNESDAY)
    assert (slot.slot, slot.business_date) == (datetime(2026, 11, 17, 15, 30, tzinfo=UTC), WEDNESDAY)


async def test_a_plan_takes_a_handful_of_queries_whatever_the_number_of_routines(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    first = await add_routine(session, clock, "r-00")
    for number in range(1, 12):
        await add_routine(session, clock, f"r-{number:02}", day_group_id=group, depends_on=[first.id])
    await plan_day(session, WEDNESDAY)
    statements: list[str] = []
    connection = (await session.connection()).sync_connection

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", count)
    try:
        assert len(await plan_day(session, WEDNESDAY)) == 12
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert len(statements) <= 4, statements


async def test_e01_a_calendar_that_ends_keeps_only_its_own_routines_from_being_planned(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    session_only = await add_routine(session, clock, "pregao", day_group_id=group)
    daily = await add_routine(session, clock, "diaria")
    await session.execute(text("UPDATE core.calendar_versions SET coverage_end = '2026-11-18'"))
    known, unknown = await plan_days(session, [WEDNESDAY, HOLIDAY])
    assert {item.routine.routine_id for item in known.routines} == {session_only.id, daily.id}
    assert known.unplanned == []
    assert [item.routine.routine_id for item in unknown.routines] == [daily.id]
    assert [(one.routine_id, one.routine_name, one.code) for one in unknown.unplanned] == [
        (session_only.id, "pregao", "CALENDAR_OUT_OF_RANGE")
    ]
    assert "2026-11-18" in unknown.unplanned[0].message


async def test_e13_business_dates_of_a_range_whatever_the_trigger(session: WriteSession, clock: FakeClock) -> None:
    group = await add_day_group(session, clock)
    manual = await add_routine(session, clock, "pregao", day_group_id=group, trigger={"type": "manual"}, paused=True)
    daily = await add_routine(session, clock, "diaria")
    found = await business_dates(session, [manual.id, daily.id], start=WEDNESDAY, end=date(2026, 11, 23))
    assert found[manual.id].dates == (WEDNESDAY, date(2026, 11, 19), date(2026, 11, 23))
    assert [day.day for day in found[daily.id].dates] == [18, 19, 20, 21, 22, 23]
    ends = await business_dates(session, [manual.id, daily.id], start=WEDNESDAY, end=date(2050, 1, 1))
    assert (ends[manual.id].dates, ends[daily.id].problem) == ((), None)
    assert ends[manual.id].problem is not None


# --- dependencies by date ----------------------------------------------------------------------------------------------


async def test_e03_an_upstream_counts_on_its_own_business_date(session: WriteSession, clock: FakeClock) -> None:
    """D-1 and D-3 in sessions of the downstream routine's calendar; in plain days without one."""
    b3 = await add_day_group(session, clock)
    up = await add_routine(session, clock, "acima")
    edges = [{"routine_id": up.id, "day_offset": -1}]
    await add_routine(session, clock, "d-1", day_group_id=b3, depends_on=edges)
    await add_routine(session, clock, "d-3", day_group_id=b3, depends_on=[{"routine_id": up.id, "day_offset": -3}])
    await add_routine(session, clock, "ontem", depends_on=edges)
    await add_routine(session, clock, "hoje", depends_on=[up.id])
    monday = date(2026, 11, 23)  # the Friday before it is a holiday
    found = {slot.routine_name: slot.upstream_dates for slot in await plan_day(session, monday)}
    assert found == {
        "acima": (),
        "d-1": (date(2026, 11, 19),),
        "d-3": (date(2026, 11, 17),),
        "ontem": (date(2026, 11, 22),),
        "hoje": (monday,),
    }


@pytest.mark.parametrize(
    ("on_skip", "depends", "missing"), [("run", False, False), ("skip", True, True), ("wait", True, False)]
)
async def test_e03_an_upstream_that_does_not_run_that_day(
    session: WriteSession, clock: FakeClock, on_skip: str, depends: bool, missing: bool
) -> None:
    b3 = await add_day_group(session, clock)
    up = await add_routine(session, clock, "pregao", day_group_id=b3)
    other = await add_routine(session, clock, "diaria")
    below = await add_routine(
        session, clock, "abaixo", depends_on=[{"routine_id": up.id, "on_skip": on_skip, "on_failure": "run"}, other.id]
    )
    (planned,) = await plan_days(session, [HOLIDAY], routine_ids=[below.id])
    (day,) = planned.routines
    assert set(day.routine.depends_on) == {other.id, *([up.id] if depends else [])}
    assert dict(zip(day.routine.depends_on, day.routine.upstream_rules, strict=True))[other.id] == "wait skip"
    assert day.upstream_dates == (HOLIDAY,) * len(day.routine.depends_on)
    assert day.missing == (((up.id, HOLIDAY),) if missing else ())
    (session_day,) = await plan_days(session, [WEDNESDAY], routine_ids=[below.id])
    assert set(session_day.routines[0].routine.depends_on) == {up.id, other.id}
    assert session_day.routines[0].missing == ()


@pytest.mark.parametrize("how", [{"trigger": {"type": "manual"}}, {"paused": True}, {"trigger": {"type": "webhook"}}])
async def test_e03_an_upstream_that_no_clock_starts_is_waited_for(
    session: WriteSession, clock: FakeClock, how: dict[str, object]
) -> None:
    up = await add_routine(session, clock, "acima", **how)
    below = await add_routine(session, clock, "abaixo", depends_on=[{"routine_id": up.id, "on_skip": "run"}])
    (planned,) = await plan_days(session, [WEDNESDAY])
    assert [(day.routine.routine_id, day.routine.depends_on) for day in planned.routines] == [(below.id, (up.id,))]


async def test_a_run_that_is_asked_for_does_not_wait_for_what_will_not_come(
    session: WriteSession, clock: FakeClock
) -> None:
    b3 = await add_day_group(session, clock)
    up = [await add_routine(session, clock, f"acima-{n}", day_group_id=b3) for n in range(3)]
    policies = zip(up, ("run", "skip", "wait"), strict=True)
    edges = [{"routine_id": one.id, "on_skip": on_skip, "day_offset": 0} for one, on_skip in policies]
    below = await add_routine(session, clock, "abaixo", depends_on=edges)
    asked = await edges_when_asked(session, below.id, HOLIDAY)
    assert (asked.depends_on, asked.dates, asked.rules) == ((up[2].id,), (HOLIDAY,), ("wait wait",))
    assert set((await edges_when_asked(session, below.id, WEDNESDAY)).depends_on) == {one.id for one in up}
    assert (await edges_when_asked(session, uuid4(), WEDNESDAY)).depends_on == ()
