"""The relay: nothing lost, whatever ends in the middle."""

import asyncio
import json
from uuid import uuid4

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from shared_schemas.jobs import wake_stream, work_stream
from shared_utils.clock import SystemClock
from shared_utils.db.base import metadata_for
from shared_utils.db.notify import Wake
from shared_utils.db.outbox import Outbox, outbox_table
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.messaging.relay import OutboxRelay
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.waiting import until

OUTBOX = outbox_table(metadata_for("core"), "core")
STREAM = "events:worker.lost"


@pytest.fixture
def relay(sessions, streams_redis):
    return OutboxRelay(sessions, streams_redis, OUTBOX)


async def delivered(redis, stream: str = STREAM) -> list[str]:
    return [json.loads(fields["data"])["payload"]["worker_id"] for _, fields in await redis.xrange(stream)]


async def test_rows_become_entries_in_order_and_leave_the_outbox(relay, streams_redis, announce, outbox_size):
    names = await announce(20)
    assert await relay.relay_once() == 20
    assert await delivered(streams_redis) == names
    assert await outbox_size() == 0
    assert await relay.relay_once() == 0


async def test_an_entry_is_the_event_envelope(relay, streams_redis, announce):
    [name] = await announce(1)
    await relay.relay_once()
    [(_, fields)] = await streams_redis.xrange(STREAM)
    assert list(fields) == ["data"]
    envelope = json.loads(fields["data"])
    assert envelope["payload"] == {"worker_id": name, "host": "h", "executions": 1}
    assert (envelope["event_type"], envelope["version"], envelope["source_service"]) == ("worker.lost", 1, "core-api")
    assert envelope["occurred_at"] == "2026-11-20T00:00:00Z"


async def test_a_batch_takes_no_more_than_its_size(sessions, streams_redis, announce, outbox_size):
    await announce(25)
    small = OutboxRelay(sessions, streams_redis, OUTBOX, batch=10)
    assert [await small.relay_once() for _ in range(4)] == [10, 10, 5, 0]
    assert await streams_redis.xlen(STREAM) == 25


async def test_a_transaction_that_commits_late_is_not_overtaken(sessions, relay, streams_redis, announce):
    """A relay that remembers the last id it saw would never send the late row, whose id is lower."""
    async with sessions() as late:
        outbox = Outbox(late, source_service="x", clock=SystemClock(), table=OUTBOX)
        outbox.add_entries("late", [{"n": "1"}])
        await outbox.flush()
        await announce(3)
        assert await relay.relay_once() == 3
        await late.commit()
    assert await relay.relay_once() == 1
    assert await streams_redis.xlen("late") == 1


async def test_two_relays_side_by_side_send_each_row_once(sessions, streams_redis, announce, redis_streams_url):
    names = await announce(600)
    other_redis = create_redis(redis_streams_url, name="other")
    relays = [OutboxRelay(sessions, client, OUTBOX, batch=7) for client in (streams_redis, other_redis)]

    async def drain(relay: OutboxRelay) -> int:
        sent = 0
        while taken := await relay.relay_once():
            sent += taken
        return sent

    counts = await asyncio.gather(*(drain(relay) for relay in relays))
    await other_redis.aclose()
    assert sum(counts) == 600
    assert min(counts) > 0
    assert sorted(await delivered(streams_redis)) == sorted(names)


async def test_rows_that_one_relay_holds_do_not_block_another(sessions, relay, announce):
    await announce(3)
    async with sessions() as holder:
        await holder.execute(text("SELECT id FROM core.outbox ORDER BY id LIMIT 2 FOR UPDATE"))
        assert await relay.relay_once() == 1
        await holder.rollback()
    assert await relay.relay_once() == 2


async def test_a_crash_after_redis_took_the_rows_delivers_them_again(
    sessions, relay, streams_redis, announce, outbox_size
):
    """At least once: the row is committed away only after Redis has it."""
    names = await announce(2)
    claimed = await _crash_before_commit(sessions, relay)
    assert claimed == 2
    assert await outbox_size() == 2
    assert await relay.relay_once() == 2
    assert await delivered(streams_redis) == names + names


async def _crash_before_commit(sessions, relay) -> int:
    """What `relay_once` does, ended by a crash of the connection between XADD and COMMIT."""
    async with sessions() as session:
        rows = await relay._claim(session)
        await relay._send(rows)
        await (await session.connection()).invalidate()
        return len(rows)


async def test_redis_being_down_loses_nothing(sessions, own_redis, announce, outbox_size):
    names = await announce(5)
    client = create_redis(own_redis.url(), name="relay")
    relay = OutboxRelay(sessions, client, OUTBOX)
    own_redis.kill()
    with pytest.raises(RedisConnectionError):
        await relay.relay_once()
    assert await outbox_size() == 5
    own_redis.start()
    assert await relay.relay_once() == 5
    assert await delivered(client) == names
    await client.aclose()


async def test_a_full_redis_keeps_the_rows_in_the_outbox(sessions, own_redis, announce, outbox_size):
    await announce(5)
    client = create_redis(own_redis.url(), name="relay")
    relay = OutboxRelay(sessions, client, OUTBOX)
    await client.config_set("maxmemory", "1")
    with pytest.raises(RedisError, match="maxmemory"):
        await relay.relay_once()
    assert await outbox_size() == 5
    await client.config_set("maxmemory", "0")
    assert await relay.relay_once() == 5
    await client.aclose()


async def test_an_entry_that_redis_refuses_does_not_hold_up_the_others(
    sessions, relay, streams_redis, announce, outbox_size
):
    await streams_redis.set("events:occupied", "a string")
    async with transaction(sessions) as session:
        await session.execute(insert(OUTBOX).values(stream="events:occupied", fields={"data": "{}"}))
    names = await announce(3)
    for _ in range(3):
        await relay.relay_once()
    assert await delivered(streams_redis) == names
    assert await outbox_size() == 1
    await streams_redis.delete("events:occupied")
    await relay.relay_once()
    assert await streams_redis.xlen("events:occupied") == 1


async def test_entries_arrive_whole_and_in_order_whatever_they_hold(sessions, relay, streams_redis):
    entries = [{"one": "1"}, {"one": "a b", "two": "", "three": "\r\n\u00e9"}, {"one": "2"}]
    async with transaction(sessions) as session:
        for fields in entries:
            await session.execute(insert(OUTBOX).values(stream="events:mixed", fields=fields))
    assert await relay.relay_once() == 3
    assert [fields for _, fields in await streams_redis.xrange("events:mixed")] == entries


async def test_work_wakes_its_queue(sessions, relay, streams_redis):
    async with transaction(sessions) as session:
        outbox = Outbox(session, source_service="core-api", clock=SystemClock(), table=OUTBOX)
        outbox.add_entries(work_stream("default", 1), [{"execution_id": str(uuid4())} for _ in range(40)])
        outbox.add_entries(work_stream("heavy", 3), [{"execution_id": str(uuid4())}])
    await relay.relay_once()
    assert await streams_redis.xlen(work_stream("default", 1)) == 40
    assert await streams_redis.xlen(wake_stream("default")) == 1
    assert await streams_redis.xlen(wake_stream("heavy")) == 1


async def test_the_wake_stream_stays_tiny_and_the_work_stream_is_never_trimmed(sessions, relay, streams_redis):
    stream = work_stream("default", 2)
    for _ in range(300):
        async with transaction(sessions) as session:
            await session.execute(insert(OUTBOX).values(stream=stream, fields={"execution_id": "x"}))
        await relay.relay_once()
    assert await streams_redis.xlen(stream) == 300
    assert await streams_redis.xlen(wake_stream("default")) <= 128  # `~` trims whole nodes


async def test_the_loop_sends_at_once_when_woken_and_stops_when_told(relay, streams_redis, announce):
    stop, wake = asyncio.Event(), Wake()
    task = asyncio.create_task(relay.run(stop, wake, poll_seconds=60))
    names = await announce(2)
    wake.set()
    await until(lambda: streams_redis.xlen(STREAM))
    stop.set()
    async with asyncio.timeout(5):
        await task
    assert await delivered(streams_redis) == names


async def test_the_loop_finds_rows_without_a_wake_up(relay, streams_redis, announce):
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop, poll_seconds=0.05))
    names = await announce(1)
    await until(lambda: streams_redis.xlen(STREAM))
    stop.set()
    await task
    assert set(await delivered(streams_redis)) == set(names)


async def test_the_loop_survives_a_restart_of_redis(sessions, own_redis, announce, outbox_size):
    client = create_redis(own_redis.url(), name="relay")
    stop = asyncio.Event()
    task = asyncio.create_task(OutboxRelay(sessions, client, OUTBOX).run(stop, poll_seconds=0.05))
    own_redis.kill()
    names = await announce(4)
    own_redis.start()

    async def empty() -> bool:
        return await outbox_size() == 0

    await until(empty)
    stop.set()
    await task
    assert sorted(set(await delivered(client))) == sorted(names)
    await client.aclose()


async def test_the_loop_survives_a_lost_database_connection(sessions, relay, streams_redis, announce, database):
    import asyncpg

    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop, poll_seconds=0.02))
    admin = await asyncpg.connect(database.admin_url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'core' AND datname = current_database()"
    )
    await admin.close()
    await until(lambda: _usable(sessions))  # the test's own connections were lost as well
    names = await announce(1)
    await until(lambda: streams_redis.xlen(STREAM))
    stop.set()
    await task
    assert set(await delivered(streams_redis)) == set(names)


async def _usable(sessions: SessionFactory) -> bool:
    try:
        async with transaction(sessions) as session:
            await session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
