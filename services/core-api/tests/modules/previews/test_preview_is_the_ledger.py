"""Preview equals reality (DESIGN, E17): whatever the routines, what was foretold is what the load wrote."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from factories.routines import add_day_group, add_routine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core_api.modules.daily_loads.public import load_day
from core_api.modules.planning.public import planning_service
from core_api.modules.previews.service import PreviewService
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

ZONES = [
    *("America/Sao_Paulo", "America/Noronha", "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "UTC"),
    *("Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "America/Santiago", "Africa/Casablanca"),
]
# Clock changes of these zones, holidays, ends of months and quarters, and whatever else.
SPECIAL = [
    *(
        date(2018, 11, 4),
        date(2018, 2, 17),
        date(2018, 2, 18),
        date(2017, 10, 15),
        date(2011, 12, 30),
        date(2011, 12, 31),
    ),
    *(date(2024, 3, 31), date(2024, 10, 27), date(2024, 10, 6), date(2024, 4, 7), date(2024, 3, 10), date(2024, 11, 3)),
    *(
        date(2026, 11, 20),
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2026, 2, 17),
        date(2024, 2, 29),
        date(2026, 6, 30),
    ),
]

minutes = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")
# Half of all times are near midnight and the early hours, where clocks change.
times = st.one_of(minutes, st.sampled_from(["00:00", "00:01", "00:30", "01:00", "02:15", "02:30", "23:30", "23:59"]))


def triggers(day: date) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.lists(times, min_size=1, max_size=4).map(lambda some: {"type": "times", "times": some}),
        st.tuples(st.integers(20, 900), times, times).map(
            lambda t: {"type": "interval", "every_minutes": t[0], "start": min(t[1:]), "end": max(t[1:])}
        ),
        st.sampled_from(
            [
                "*/40 * * * *",
                "0 8 * * mon-fri",
                "30 0,2,23 * * *",
                "1 0 L * *",
                "15 7 13 * fri",
                "0 6 * * 5L",
                "5 4 * 2 *",
            ]
        ).map(lambda expression: {"type": "cron", "expression": expression}),
        st.tuples(st.integers(-1, 1), times).map(
            lambda t: {"type": "once", "at": f"{(day + timedelta(days=t[0])).isoformat()}T{t[1]}"}
        ),
        st.just({"type": "manual"}),
    )


def rules(day: date) -> st.SearchStrategy[dict[str, Any]]:
    near = st.lists(st.integers(-3, 3).map(lambda n: (day + timedelta(days=n)).isoformat()), max_size=3, unique=True)
    chosen = st.one_of(
        st.just({}),
        st.lists(st.integers(1, 7), min_size=1, unique=True).map(lambda some: {"weekdays": some}),
        st.sampled_from(["week", "month", "quarter", "year"]).flatmap(
            lambda of: st.sampled_from([1, 2, -1]).map(lambda n: {"positions": [{"of": of, "n": n}]})
        ),
        st.sampled_from(["none", "next", "previous", "modified_following"]).map(
            lambda roll: {"month_end": True, "month_days": [5, 17], "roll": roll}
        ),
    )
    added = st.tuples(near, near).map(lambda t: {"include": t[0], "exclude": [one for one in t[1] if one not in t[0]]})
    return st.tuples(chosen, added).map(lambda t: t[0] | t[1])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(st.one_of(st.sampled_from(SPECIAL), st.dates(date(2008, 1, 10), date(2027, 12, 20))))
    groups = draw(st.lists(st.tuples(st.sampled_from(["B3", "ANBIMA", "EVERY_DAY"]), rules(day)), max_size=3))
    routine = st.fixed_dictionaries(
        {
            "trigger": triggers(day),
            "time_zone": st.sampled_from(ZONES),
            "group": st.none() | st.integers(0, len(groups) - 1) if groups else st.none(),
            "paused": st.sampled_from([False, False, False, True]),
            "priority": st.integers(1, 40),
        }
    )
    routines = draw(st.lists(routine, min_size=1, max_size=6))
    edge = st.fixed_dictionaries(
        {"day_offset": st.integers(-3, 0), "on_skip": st.sampled_from(["wait", "skip", "run"])}
    )
    for n, one in enumerate(routines):
        one["edges"] = draw(st.dictionaries(st.integers(0, n - 1), edge, max_size=2)) if n else {}
    return {"day": day, "groups": groups, "routines": routines}


async def build(session: WriteSession, clock: FakeClock, world: dict[str, Any]) -> list[UUID]:
    """The world's routines in the database; returns their ids."""
    groups = [
        await add_day_group(session, clock, f"grupo {n}", calendar=calendar, **rule)
        for n, (calendar, rule) in enumerate(world["groups"])
    ]
    ids: list[UUID] = []
    for n, routine in enumerate(world["routines"]):
        changes = {name: routine[name] for name in ("trigger", "time_zone", "paused", "priority")}
        group = None if routine["group"] is None else groups[routine["group"]]
        if group is not None and changes["trigger"]["type"] == "once":
            group = None  # a date that its group leaves out is refused, which is another test
        changes["depends_on"] = [{"routine_id": ids[above], **edge} for above, edge in routine["edges"].items()]
        ids.append((await add_routine(session, clock, f"rotina-{n}", day_group_id=group, **changes)).id)
    return ids


LEDGER = text(
    "SELECT routine_id, slot, status, reason, depends_on, upstream_dates FROM core.executions WHERE business_date = :day AND origin = 'schedule'"
    " ORDER BY slot, priority, routine_id"
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
async def test_e17_what_was_foretold_is_what_the_load_writes(
    session: WriteSession, clock: FakeClock, world: dict[str, Any]
) -> None:
    day = world["day"]
    example = await session.begin_nested()
    try:
        ids = await build(session, clock, world)
        previews = PreviewService(planning_service(session))
        foretold = await previews.preview_day(day, limit=5000, language="en")
        of_each = {
            id_: (
                await previews.preview(id_, start=day - timedelta(days=1), end=day + timedelta(days=1), language="en")
            ).days[1]
            for id_ in ids
        }
        await load_day(session, day, trigger="manual", clock=clock)
        written = (await session.execute(LEDGER, {"day": day})).all()
    finally:
        await example.rollback()

    assert [(run.routine_id, run.slot) for run in foretold.runs] == [(row.routine_id, row.slot) for row in written]
    assert foretold.runs_total == len(written)
    for run, row in zip(foretold.runs, written, strict=True):
        assert {(up.routine_id, up.business_date) for up in run.waits_for} == set(
            zip(row.depends_on, row.upstream_dates, strict=True)
        )
        assert (row.status, row.reason) == (("SKIPPED", run.skipped.code) if run.skipped else ("PENDING", None))
    running = {row.routine_id for row in written}
    assert {absence.routine_id for absence in foretold.not_running} == set(ids) - running, "each routine is in one list"
    for id_, routine in zip(ids, world["routines"], strict=True):
        rows = [row for row in written if row.routine_id == id_]
        if not routine["paused"]:
            assert of_each[id_].slots == [row.slot for row in rows]
            assert of_each[id_].runs == any(row.status == "PENDING" for row in rows)
        assert (of_each[id_].reason is None) == of_each[id_].runs
