"""Events start routines (DESIGN, E2): which ones, once each, and never in a loop."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis.asyncio
from factories.routines import add_day_group, add_routine
from sqlalchemy import text

from core_api.modules.reactions.dependencies import event_loop, reaction_service
from core_api.modules.reactions.schemas import Happening
from core_api.modules.reactions.service import GROUP, MAX_CHAIN, EventLoop, event_types_of, matches
from core_api.modules.routines.public import RoutineRead, Watcher, event_watchers
from shared_schemas.events.envelope import EventPayload, event_stream
from shared_schemas.events.executions import ExecutionFailed, ExecutionSucceeded
from shared_schemas.events.operations import DatasetLoaded, FileArrived
from shared_utils.clock import FakeClock
from shared_utils.db.outbox import event_row
from shared_utils.db.session import SessionFactory, WriteSession
from shared_utils.messaging.streams import create_redis

HOLIDAY = date(2026, 11, 20)
THURSDAY = date(2026, 11, 19)


def after(routine: RoutineRead, *statuses: str) -> dict[str, Any]:
    return {
        "trigger": {
            "type": "event",
            "on": "execution",
            "routine": str(routine.id),
            "statuses": statuses or ["SUCCEEDED"],
        }
    }


def on_dataset(name: str = "b3.cotahist") -> dict[str, Any]:
    return {"trigger": {"type": "event", "on": "dataset", "dataset": name}}


def ended(routine: RoutineRead, clock: FakeClock, *, day: date = THURSDAY, **changes: Any) -> Happening:
    fields: dict[str, Any] = {
        "event_id": uuid4(),
        "event_type": "execution.succeeded",
        "occurred_at": clock.now(),
        "correlation_id": "c" * 32,
        "traceparent": None,
        "business_date": day,
        "routine_id": routine.id,
        "status": "SUCCEEDED",
        "cause": {"type": "event", "status": "SUCCEEDED"},
    }
    return Happening(**fields | changes)


async def react(session: WriteSession, clock: FakeClock, event: Happening) -> list[UUID]:
    return await reaction_service(session, clock=clock).react(event, await event_watchers(session))


async def rows(session: WriteSession) -> list[Any]:
    return list(await session.execute(text("SELECT * FROM core.executions ORDER BY created_at, id")))


# --- what an event starts --------------------------------------------------------------------------------------------


async def test_e02_the_end_of_an_execution_starts_who_waits_for_it_with_its_business_date(
    session: WriteSession, clock: FakeClock
) -> None:
    up = await add_routine(session, clock, "primeira")
    below = await add_routine(session, clock, "segunda", **after(up))
    await add_routine(session, clock, "na-falha", **after(up, "FAILED", "CANCELLED"))
    await add_routine(session, clock, "parada", paused=True, **after(up))
    event = ended(up, clock)
    assert len(await react(session, clock, event)) == 1
    (row,) = await rows(session)
    assert (row.routine_id, row.origin, row.status, row.business_date) == (below.id, "event", "PENDING", THURSDAY)
    assert (row.run_key, row.due_at, row.correlation_id) == (event.event_id.hex, clock.now(), "c" * 32)
    assert row.cause == {"type": "event", "status": "SUCCEEDED"}


async def test_e02_the_same_event_again_starts_nothing_again(session: WriteSession, clock: FakeClock) -> None:
    up = await add_routine(session, clock, "primeira")
    await add_routine(session, clock, "segunda", **after(up))
    event = ended(up, clock)
    first = await react(session, clock, event)
    assert await react(session, clock, event) == first
    assert len(await rows(session)) == 1


async def test_e02_dates_that_the_day_group_leaves_out_start_nothing_and_are_noted(
    session: WriteSession, clock: FakeClock
) -> None:
    b3 = await add_day_group(session, clock)
    up = await add_routine(session, clock, "primeira")
    await add_routine(session, clock, "pregao", day_group_id=b3, **after(up))
    for day in (HOLIDAY, THURSDAY, date(2099, 1, 1)):
        await react(session, clock, ended(up, clock, day=day))
    assert [row.business_date for row in await rows(session)] == [THURSDAY]
    notes = (await session.execute(text("SELECT event, fields FROM core.scheduler_logs ORDER BY id"))).all()
    assert [(note.event, note.fields["reason"]) for note in notes] == [
        ("EVENT_PASSED_OVER", "DAY_GROUP"),
        ("EVENT_PASSED_OVER", "CALENDAR_OUT_OF_RANGE"),
    ]


async def test_e02_an_event_from_before_the_trigger_starts_nothing(session: WriteSession, clock: FakeClock) -> None:
    up = await add_routine(session, clock, "primeira")
    await add_routine(session, clock, "segunda", **after(up))
    early = ended(up, clock, occurred_at=clock.now() - timedelta(seconds=1))
    assert await react(session, clock, early) == []


async def test_e02_a_loop_over_data_sets_ends(session: WriteSession, clock: FakeClock) -> None:
    """What the job of a routine announces cannot be known when it is saved; its chain has an end all the same."""
    await add_routine(session, clock, "circular", **on_dataset())
    for _ in range(MAX_CHAIN + 3):
        event = ended_dataset(clock)
        await react(session, clock, event)
    assert len(await rows(session)) == MAX_CHAIN
    assert (await session.scalars(text("SELECT fields ->> 'reason' FROM core.scheduler_logs"))).all() == ["LOOP"] * 3


def ended_dataset(clock: FakeClock) -> Happening:
    return Happening(
        event_id=uuid4(),
        event_type="dataset.loaded",
        occurred_at=clock.now(),
        correlation_id="d" * 32,
        traceparent=None,
        business_date=THURSDAY,
        dataset="b3.cotahist",
        cause={},
    )


# --- matching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("COTAHIST_D*.ZIP", "COTAHIST_D18112026.ZIP", True),
        ("cotahist_d*.zip", "COTAHIST_D18112026.ZIP", True),
        ("COTAHIST_D????2026.ZIP", "COTAHIST_D18112026.ZIP", True),
        ("COTAHIST_D*.ZIP", "COTAHIST_A2026.ZIP", False),
        ("COTAHIST", "COTAHIST_A2026.ZIP", False),
        ("a[1].csv", "a[1].csv", True),
        ("a[1].csv", "a1.csv", False),
    ],
)
def test_e02_files_are_matched_by_name(pattern: str, name: str, fits: bool, clock: FakeClock) -> None:
    watcher = Watcher(uuid4(), {"type": "event", "on": "file", "pattern": pattern}, clock.now())
    event = Happening(
        event_id=uuid4(),
        event_type="file.arrived",
        occurred_at=clock.now(),
        correlation_id="c",
        traceparent=None,
        business_date=None,
        file=name,
        cause={},
    )
    assert matches(watcher, event) is fits


def test_only_what_somebody_waits_for_is_read(clock: FakeClock) -> None:
    def watcher(**trigger: Any) -> Watcher:
        return Watcher(uuid4(), {"type": "event", **trigger}, clock.now())

    assert event_types_of([]) == frozenset()
    assert event_types_of([watcher(on="dataset", dataset="x")]) == {"dataset.loaded"}
    assert event_types_of(
        [
            watcher(on="execution", routine=str(uuid4()), statuses=["FAILED", "SKIPPED"]),
            watcher(on="file", pattern="*"),
        ]
    ) == {"execution.failed", "execution.skipped", "file.arrived"}


# --- the loop, over a real Redis --------------------------------------------------------------------------------------


@pytest.fixture
async def streams(redis_streams_url: str, streams_redis: redis.asyncio.Redis) -> AsyncIterator[redis.asyncio.Redis]:
    client = create_redis(redis_streams_url, name="test-events", blocking=True)
    yield client
    await streams_redis.flushdb()
    await client.aclose()


async def announce(streams: redis.asyncio.Redis, payload: EventPayload, clock: FakeClock) -> UUID:
    event_id = uuid4()
    stream, fields = event_row(
        payload, source_service="test", occurred_at=clock.now(), correlation_id="e" * 32, event_id=event_id
    )
    await streams.xadd(stream, fields)
    return event_id


def loop(sessionmaker: SessionFactory, streams: redis.asyncio.Redis, clock: FakeClock, name: str = "one") -> EventLoop:
    return event_loop(sessionmaker, streams, clock, consumer=name, block_ms=50)


def succeeded(routine: RoutineRead) -> ExecutionSucceeded:
    return ExecutionSucceeded(
        execution_id=uuid4(),
        routine_id=routine.id,
        routine_name=routine.name,
        job="system.check",
        business_date=THURSDAY,
        slot=datetime(2026, 11, 19, 23, 45, tzinfo=UTC),
        origin="schedule",
        attempt=1,
        duration_seconds=1.0,
        result={},
        warnings=0,
    )


async def test_e02_the_loop_starts_routines_by_execution_dataset_and_file(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, streams: redis.asyncio.Redis
) -> None:
    up = await add_routine(session, clock, "primeira")
    other = await add_routine(session, clock, "outra")
    await add_routine(session, clock, "apos", **after(up))
    await add_routine(session, clock, "dados", **on_dataset())
    pattern = {"type": "event", "on": "file", "pattern": "COTAHIST_D*.ZIP"}
    await add_routine(session, clock, "arquivo", trigger=pattern)
    await session.commit()
    first = await announce(streams, succeeded(up), clock)
    await announce(streams, succeeded(other), clock)
    loaded = DatasetLoaded(
        dataset="b3.cotahist", reference_date=THURSDAY, release_id=uuid4(), rows=1, inserted=1, updated=0, deleted=0
    )
    await announce(streams, loaded, clock)
    await announce(streams, loaded.model_copy(update={"dataset": "cvm.other"}), clock)
    arrived = FileArrived(
        name="COTAHIST_D20112026.ZIP", source="b3", reference_date=None, address=None, sha256="0" * 64, size_bytes=1
    )
    await announce(streams, arrived, clock)

    one, two = loop(sessionmaker, streams, clock), loop(sessionmaker, streams, clock, "two")
    for _ in range(3):
        assert await one.step() == 0.0
        await two.step()

    found = {row.routine_name: row for row in await rows(session)}
    assert {name: row.business_date for name, row in found.items()} == {
        "apos": THURSDAY,
        "dados": THURSDAY,
        "arquivo": HOLIDAY,  # the clock's date in the routine's zone, since the file says none
    }
    assert found["apos"].run_key == first.hex
    assert found["apos"].cause["routine_name"] == "primeira"
    assert found["arquivo"].cause["name"] == "COTAHIST_D20112026.ZIP"
    for payload in (ExecutionSucceeded, DatasetLoaded, FileArrived):
        pending = await streams.xpending(event_stream(payload.event_type), GROUP)
        assert pending["pending"] == 0, "everything is acknowledged, wanted or not"
    handled = (
        await session.scalars(text("SELECT count(*) FROM core.inbox WHERE consumer = :group"), {"group": GROUP})
    ).one()
    assert handled == 3, "what nobody waits for costs no transaction"


async def test_e02_without_anybody_who_waits_nothing_is_read(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, streams: redis.asyncio.Redis
) -> None:
    up = await add_routine(session, clock, "primeira")
    await session.commit()
    await announce(streams, succeeded(up), clock)
    assert await loop(sessionmaker, streams, clock).step() > 0
    assert await streams.xinfo_groups(event_stream(ExecutionSucceeded.event_type)) == []


async def test_e02_a_loop_that_was_away_goes_on_after_a_flush(
    session: WriteSession, sessionmaker: SessionFactory, clock: FakeClock, streams: redis.asyncio.Redis
) -> None:
    up = await add_routine(session, clock, "primeira")
    await add_routine(session, clock, "apos", **after(up))
    await session.commit()
    running = loop(sessionmaker, streams, clock)
    await running.step()
    await streams.delete(event_stream(ExecutionSucceeded.event_type))
    with pytest.raises(redis.exceptions.ResponseError, match="NOGROUP"):
        await running.step()
    await announce(streams, succeeded(up), clock)
    await running.step()
    assert [row.routine_name for row in await rows(session)] == ["apos"]
    assert ExecutionFailed.event_type not in event_types_of(await event_watchers(session))
