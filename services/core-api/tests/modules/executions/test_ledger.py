"""Ids as the ledger of slots, partitions, and what enters and leaves the queue (E1)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from factories.executions import DAY, SLOT, add, add_one, force, new_execution, row_of, statuses
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core_api.modules.executions.public import (
    bring_forward,
    downstream_of,
    enqueue,
    execution_id,
    to_millisecond,
    withdraw_untouched,
)
from shared_utils.db.session import WriteSession

ROUTINE = UUID("0190a0a0-0000-7000-8000-000000000001")
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_an_id_is_always_the_same() -> None:
    """Written down once: a change would let the next load write every slot of today a second time."""
    assert str(execution_id(ROUTINE, SLOT)) == "01a1f8d3-ea00-8c7e-8180-58d730a51917"
    assert str(execution_id(ROUTINE, SLOT, "key")) == "01a1f8d3-ea00-8102-bb6e-59096c66d1c2"


@given(instant=INSTANTS, key=st.text(max_size=20))
def test_ids_carry_their_slot_and_are_valid_uuids(instant: datetime, key: str) -> None:
    slot = to_millisecond(instant)
    made = execution_id(ROUTINE, slot, key)
    assert (made.version, made.variant) == (8, "specified in RFC 4122")
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=made.int >> 80) == slot


@given(first=INSTANTS, second=INSTANTS)
def test_ids_sort_by_slot(first: datetime, second: datetime) -> None:
    one, other = to_millisecond(first), to_millisecond(second)
    if one < other:
        assert execution_id(ROUTINE, one) < execution_id(UUID(int=0), other)


def test_routine_slot_and_run_key_all_count() -> None:
    ids = {
        execution_id(routine, slot, key)
        for routine in (ROUTINE, UUID(int=7))
        for slot in (SLOT, SLOT + timedelta(milliseconds=1))
        for key in ("", "a", "b")
    }
    assert len(ids) == 12


def test_a_slot_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        execution_id(ROUTINE, datetime(1969, 12, 31, tzinfo=UTC))


async def test_e01_writing_twice_writes_nothing_twice(session: WriteSession) -> None:
    day = [new_execution(routine_id=UUID(int=n + 1), slot=SLOT + timedelta(minutes=n)) for n in range(50)]
    first = await enqueue(session, day, now=SLOT)
    more = [*day, new_execution(routine_id=UUID(int=99))]
    second = await enqueue(session, more, now=SLOT)
    assert (first.created, first.already_there) == (50, 0)
    assert (second.created, second.already_there) == (1, 50)


async def test_a_snapshot_comes_back_as_it_went_in(session: WriteSession) -> None:
    upstream = UUID(int=5)
    execution = await add_one(
        session,
        params={"nome": "pregão", "n": [1, 2.5, None]},
        depends_on=(upstream,),
        pool="b3",
        concurrency_key="k",
        timeout_seconds=60,
        requested_by="ana",
    )
    row = await row_of(session, execution)
    assert row.params == {"nome": "pregão", "n": [1, 2.5, None]}
    assert row.depends_on == [upstream]
    assert (row.status, row.due_at, row.slot, row.attempt, row.failures) == ("PENDING", SLOT, SLOT, 0, 0)
    assert (row.pool, row.concurrency_key, row.timeout_seconds, row.requested_by) == ("b3", "k", 60, "ana")
    assert row.correlation_id == execution.hex


async def test_executions_of_one_routine_keep_what_is_their_own(session: WriteSession) -> None:
    """Snapshots are sent once for all executions that share them: those that differ must not share."""
    routine, params = UUID(int=3), {"n": 1}
    made = [
        new_execution(routine_id=routine, slot=SLOT, params=params, priority=5),
        new_execution(routine_id=routine, slot=SLOT + timedelta(minutes=1), params=params, priority=7, title="other"),
        new_execution(
            routine_id=routine, slot=SLOT + timedelta(minutes=2), params={"n": 2}, run_key="k", origin="manual"
        ),
        new_execution(routine_id=routine, slot=SLOT + timedelta(minutes=3), params=params, due_at=SLOT, priority=5),
    ]
    ids = await add(session, *made)
    rows = [await row_of(session, one) for one in ids]
    assert [(row.priority, row.title, row.params["n"]) for row in rows] == [
        (5, "Baixar COTAHIST", 1),
        (7, "other", 1),
        (5, "Baixar COTAHIST", 2),
        (5, "Baixar COTAHIST", 1),
    ]
    assert [row.slot for row in rows] == [one.slot for one in made]
    assert [(row.origin, row.run_key) for row in rows] == [("schedule", "")] * 2 + [("manual", "k"), ("schedule", "")]
    assert [row.due_at for row in rows] == [made[0].slot, made[1].slot, made[2].slot, SLOT]


async def test_writing_nothing_writes_nothing(session: WriteSession) -> None:
    done = await enqueue(session, [], now=SLOT)
    assert (done.created, done.already_there) == (0, 0)


async def test_e01_untouched_executions_leave_and_touched_ones_stay(session: WriteSession) -> None:
    routine = UUID(int=3)
    slots = [SLOT + timedelta(hours=n) for n in range(7)]
    ids = await add(session, *(new_execution(routine_id=routine, slot=slot) for slot in slots))
    other = await add_one(session, slot=slots[0])
    await force(session, ids[1], status="RUNNING", attempt=1)
    await force(session, ids[2], due_at=SLOT - timedelta(hours=1))
    await force(session, ids[3], attempt=1)
    await force(session, ids[4], origin="manual")
    await force(session, ids[5], status="QUEUED")

    gone = await withdraw_untouched(session, [routine])

    assert {item.id for item in gone} == {ids[0], ids[6]}
    left = (await session.scalars(text("SELECT id FROM core.executions"))).all()
    assert set(left) == {*ids[1:6], other}


async def test_only_slots_from_an_instant_on_are_withdrawn(session: WriteSession) -> None:
    routine = UUID(int=3)
    ids = await add(session, *(new_execution(routine_id=routine, slot=SLOT + timedelta(hours=n)) for n in range(3)))
    gone = await withdraw_untouched(session, [routine], from_instant=SLOT + timedelta(hours=1))
    assert {item.id for item in gone} == set(ids[1:])


async def test_a_day_is_brought_forward(session: WriteSession) -> None:
    evening, night = SLOT + timedelta(hours=8), SLOT + timedelta(hours=9)
    waiting = await add(session, new_execution(slot=evening), new_execution(slot=night))
    due = await add_one(session, slot=SLOT - timedelta(hours=1))
    tomorrow = await add_one(session, slot=evening, business_date=DAY + timedelta(days=1))
    done = await add_one(session, slot=evening)
    await force(session, done, status="SUCCEEDED")

    assert await bring_forward(session, DAY, now=SLOT) == 2

    assert [(await row_of(session, one)).due_at for one in waiting] == [SLOT, SLOT]
    assert (await row_of(session, due)).due_at == SLOT - timedelta(hours=1)
    assert (await row_of(session, tomorrow)).due_at == evening
    assert await statuses(session, [done]) == ["SUCCEEDED"]


async def test_downstream_is_found_through_others(session: WriteSession) -> None:
    a, b, c, d = (UUID(int=n) for n in range(1, 5))
    await add(
        session,
        new_execution(routine_id=a),
        new_execution(routine_id=b, depends_on=(a,)),
        new_execution(routine_id=c, depends_on=(b,)),
        new_execution(routine_id=d),
        new_execution(routine_id=UUID(int=9), depends_on=(a,), business_date=DAY + timedelta(days=1)),
    )
    assert set(await downstream_of(session, a, DAY)) == {b, c}


# --- partitions ------------------------------------------------------------------------------------------------------


async def partitions(session: WriteSession, parent: str) -> set[str]:
    query = text("""
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = CAST('core.' || :parent AS regclass)
    """)
    return set((await session.scalars(query, {"parent": parent})).all())


async def test_the_runtime_role_gets_months_but_may_create_nothing(session: WriteSession) -> None:
    created = await session.scalar(text("SELECT core.ensure_partitions('2031-01-15', '2031-03-01')"))
    assert created == 9
    assert await session.scalar(text("SELECT core.ensure_partitions('2031-01-15', '2031-03-01')")) == 0
    for parent in ("executions", "attempts", "execution_logs"):
        assert {f"{parent}_y2031m0{n}" for n in (1, 2, 3)} < await partitions(session, parent)
    with pytest.raises(DBAPIError, match="permission denied"):
        await session.execute(text("CREATE TABLE core.mine (id int)"))


@pytest.mark.parametrize(
    ("start", "end"), [("1960-01-01", "1960-02-01"), ("2031-02-01", "2031-01-01"), ("1990-01-01", "2090-01-01")]
)
async def test_a_range_of_months_that_makes_no_sense_is_refused(session: WriteSession, start: str, end: str) -> None:
    with pytest.raises(DBAPIError, match="not a range"):
        await session.execute(
            text("SELECT core.ensure_partitions(:start, :end)"),
            {"start": date.fromisoformat(start), "end": date.fromisoformat(end)},
        )


async def test_rows_without_a_month_wait_in_the_default_partition_and_move(session: WriteSession) -> None:
    slot = datetime(2032, 5, 1, tzinfo=UTC)
    last = datetime(2032, 5, 31, 23, 59, 59, 999000, tzinfo=UTC)
    inside = await add(session, new_execution(slot=slot), new_execution(slot=last))
    outside = await add(
        session,
        new_execution(slot=slot - timedelta(milliseconds=1)),
        new_execution(slot=last + timedelta(milliseconds=1)),
    )
    home = text("SELECT id, CAST(tableoid AS regclass)::text AS home FROM core.executions WHERE slot > '2032-01-01'")
    assert {row.home for row in await session.execute(home)} == {"executions_default"}

    await session.execute(text("SELECT core.ensure_partitions('2032-05-01', '2032-05-01')"))

    homes = {row.id: row.home for row in await session.execute(home)}
    assert [homes[one] for one in inside] == ["executions_y2032m05"] * 2
    assert [homes[one] for one in outside] == ["executions_default"] * 2
    again = await enqueue(session, [new_execution(routine_id=UUID(int=1), slot=slot)] * 1, now=slot)
    assert again.created == 1


async def test_hot_partitions_leave_room_on_their_pages(session: WriteSession) -> None:
    query = text("SELECT reloptions FROM pg_class WHERE relname = 'executions_default'")
    options = await session.scalar(query)
    assert "fillfactor=70" in options
    assert any(option.startswith("autovacuum_vacuum_scale_factor") for option in options)
