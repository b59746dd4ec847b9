"""What the queue asks of routines: stale routines, dependencies, snapshots."""

from datetime import date
from itertools import pairwise
from uuid import uuid4

import pytest
from factories.routines import add_day_group, add_routine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core_api.modules.params.public import ParamsInvalid
from core_api.modules.routines.exceptions import RoutineNotFound
from core_api.modules.routines.public import (
    downstream_of,
    get_routine_for_run,
    mark_loaded,
    stale_routines,
)
from core_api.modules.routines.schemas import RoutineWrite, Upstream, path_to
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

HOLIDAY = date(2026, 11, 20)


async def test_a_routine_is_stale_until_marked_and_again_after_each_change(
    session: WriteSession, clock: FakeClock
) -> None:
    group = await add_day_group(session, clock)
    routine = await add_routine(session, clock, "uma", day_group_id=group)
    (stale,) = await stale_routines(session)
    assert (stale.id, stale.version, stale.active) == (routine.id, 1, True)
    assert (stale.name, stale.time_zone) == ("uma", "America/Sao_Paulo")
    await mark_loaded(session, [stale])
    assert await stale_routines(session) == []
    for change in (
        "UPDATE core.routines SET version = version + 1",
        "UPDATE core.day_groups SET revision = revision + 1",
        "UPDATE core.calendars SET revision = revision + 1",
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
