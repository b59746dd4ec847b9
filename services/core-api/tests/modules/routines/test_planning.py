"""What the queue asks of routines: plans, stale routines, dependencies, snapshots."""

from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import uuid4

import pytest
from factories.routines import add_day_group, add_pool, add_routine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from core_api.modules.routines.exceptions import ParamsInvalid, RoutineNotFound
from core_api.modules.routines.public import (
    business_dates,
    downstream_of,
    get_routine_for_run,
    mark_loaded,
    plan_day,
    plan_days,
    stale_routines,
)
from core_api.modules.routines.schemas import RoutineWrite, Upstream, path_to
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


async def test_a_routine_is_stale_until_marked_and_again_after_each_change(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    routine = await add_routine(session, clock, "uma", day_group_id=group)
    (stale,) = await stale_routines(session)
    assert (stale.id, stale.version, stale.revision, stale.active) == (routine.id, 1, 1, True)
    assert (stale.name, stale.time_zone) == ("uma", "America/Sao_Paulo")
    await mark_loaded(session, [stale])
    assert await stale_routines(session) == []
    for change in (
        "UPDATE core.routines SET version = version + 1",
        "UPDATE core.day_groups SET revision = revision + 1",
        "UPDATE core.routines SET deleted_at = now(), version = version + 1",
    ):
        await session.execute(text(change))
        (stale,) = await stale_routines(session)
        assert stale.active == ("deleted_at" not in change)
        await mark_loaded(session, [stale])
        assert await stale_routines(session) == []


async def test_marking_an_older_version_leaves_a_newer_one_stale(session: WriteSession, clock: FakeClock) -> None:
    await add_routine(session, clock, "uma")
    (seen,) = await stale_routines(session)
    await session.execute(text("UPDATE core.routines SET version = version + 1"))
    await mark_loaded(session, [seen])
    (again,) = await stale_routines(session)
    assert again.version == seen.version + 1


async def test_stale_routines_come_in_bites(session: WriteSession, clock: FakeClock) -> None:
    for number in range(5):
        await add_routine(session, clock, f"r-{number}")
    seen = set()
    while bite := await stale_routines(session, limit=2):
        assert len(bite) <= 2
        seen |= {stale.name for stale in bite}
        await mark_loaded(session, bite)
    assert seen == {f"r-{number}" for number in range(5)}


async def test_downstream_is_transitive(session: WriteSession, clock: FakeClock) -> None:
    a = await add_routine(session, clock, "aa")
    b = await add_routine(session, clock, "bb", depends_on=[a.id])
    c = await add_routine(session, clock, "cc", depends_on=[b.id, a.id])
    d = await add_routine(session, clock, "dd")
    assert set(await downstream_of(session, [a.id])) == {b.id, c.id}
    assert set(await downstream_of(session, [b.id, d.id])) == {c.id}
    assert await downstream_of(session, [c.id]) == []


async def test_a_snapshot_for_a_manual_run(session: WriteSession, clock: FakeClock) -> None:
    routine = await add_routine(session, clock, "uma", params={"a": 1, "b": 2}, paused=True)
    snapshot = await get_routine_for_run(session, routine.id, params={"b": 3})
    assert (snapshot.params, snapshot.time_zone) == ({"a": 1, "b": 3}, "America/Sao_Paulo")
    slot = snapshot.at(clock.now(), business_date=HOLIDAY)
    assert (slot.routine_id, slot.slot, slot.business_date, slot.params) == (
        routine.id,
        clock.now(),
        HOLIDAY,
        {"a": 1, "b": 3},
    )
    with pytest.raises(RoutineNotFound):
        await get_routine_for_run(session, uuid4())


async def test_params_of_a_manual_run_fit_the_jobs_schema(session: WriteSession, clock: FakeClock) -> None:
    await session.execute(
        text(
            "INSERT INTO core.jobs (name, title, description, params_schema, light, queues, updated_at)"
            """ VALUES ('system.check', '', '', '{"properties": {"n": {"type": "integer"}}}', false, '{}', now())"""
        )
    )
    routine = await add_routine(session, clock, "uma", params={"n": 1})
    with pytest.raises(ParamsInvalid, match=r"system\.check"):
        await get_routine_for_run(session, routine.id, params={"n": "many"})


nodes = st.integers(0, 7)


@given(st.lists(st.tuples(nodes, nodes).filter(lambda pair: pair[0] != pair[1]), max_size=14), nodes, st.lists(nodes))
def test_a_cycle_is_found_exactly_when_there_is_one(
    pairs: list[tuple[int, int]], start: int, upstreams: list[int]
) -> None:
    ids = [uuid4() for _ in range(8)]
    edges = [Upstream(ids[below], ids[above]) for below, above in pairs if below != start]
    path = path_to(ids[start], [ids[upstream] for upstream in upstreams], edges)
    graph = {(edge.routine_id, edge.upstream_id) for edge in edges} | {(ids[start], ids[up]) for up in upstreams}
    reachable = {ids[upstream] for upstream in upstreams}
    while more := {above for below, above in graph if below in reachable} - reachable:
        reachable |= more
    assert bool(path) == (ids[start] in reachable)
    if path:
        assert path[0] == path[-1] == ids[start]
        assert set(pairwise(path)) <= graph


def test_the_default_routine_is_the_documented_one() -> None:
    schema = RoutineWrite.model_json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"name", "title", "job", "trigger"}


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
