"""The reader: order, duplicates, and a Redis that forgets."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio
from factories.protocol_server import ProtocolServer

from shared_schemas.jobs import Outcome, work_stream
from shared_utils.messaging.streams import create_redis
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.waiting import until
from worker_svc.runtime.reader import GROUP, QueueReader
from worker_svc.settings import Settings


@pytest.fixture
async def reader(streams_redis: redis.asyncio.Redis, redis_streams_url: str) -> Any:
    blocking = create_redis(redis_streams_url, name="test-blocking", blocking=True)
    yield QueueReader(streams_redis, blocking, queues=["default"], consumer="worker-one")
    await blocking.aclose()


async def _fill(streams: redis.asyncio.Redis, band: int, count: int) -> list[str]:
    ids = [str(uuid4()) for _ in range(count)]
    async with streams.pipeline(transaction=False) as pipe:
        for one in ids:
            pipe.xadd(work_stream("default", band), {"execution_id": one})
        await pipe.execute()
    return ids


async def test_bands_are_read_in_strict_order_over_3000_entries(
    reader: QueueReader, streams_redis: redis.asyncio.Redis
) -> None:
    expected = {band: await _fill(streams_redis, band, 1000) for band in (3, 2, 1)}
    read: list[str] = []
    late: list[str] = []
    while entries := await reader.read(7):
        assert len(entries) <= 7
        read += [str(entry.execution_id) for entry in entries]
        if len(read) == 1400:  # amid the second band something urgent comes: it is next
            late = await _fill(streams_redis, 1, 3)
    assert read == [*expected[1], *expected[2][:400], *late, *expected[2][400:], *expected[3]]


async def test_settled_entries_are_gone_and_others_stay_pending(
    reader: QueueReader, streams_redis: redis.asyncio.Redis
) -> None:
    await _fill(streams_redis, 1, 5)
    entries = await reader.read(5)
    await reader.settle(entries[:3])
    assert await streams_redis.xlen(work_stream("default", 1)) == 2
    assert (await streams_redis.xpending(work_stream("default", 1), GROUP))["pending"] == 2


async def test_a_flushed_redis_is_set_up_again_by_the_next_read(
    reader: QueueReader, streams_redis: redis.asyncio.Redis
) -> None:
    await _fill(streams_redis, 1, 2)
    assert len(await reader.read(10)) == 2
    await streams_redis.flushdb()
    ids = await _fill(streams_redis, 2, 2)
    found = [*await reader.read(10), *await reader.read(10)]
    assert [str(entry.execution_id) for entry in found] == ids


async def test_entries_that_are_no_work_are_dropped(reader: QueueReader, streams_redis: redis.asyncio.Redis) -> None:
    await streams_redis.xadd(work_stream("default", 1), {"execution_id": "not an id"})
    await streams_redis.xadd(work_stream("default", 1), {"something": "else"})
    ids = await _fill(streams_redis, 1, 1)
    entries = [*await reader.read(10), *await reader.read(10)]
    assert [str(entry.execution_id) for entry in entries] == ids
    assert await streams_redis.xlen(work_stream("default", 1)) == 1


async def test_entries_of_a_dead_worker_are_taken_over(reader: QueueReader, streams_redis: redis.asyncio.Redis) -> None:
    ids = await _fill(streams_redis, 2, 3)
    dead = QueueReader(streams_redis, streams_redis, queues=["default"], consumer="worker-dead")
    assert len(await dead.read(10)) == 3
    assert await reader.abandoned(idle_ms=60_000) == []
    assert {str(entry.execution_id) for entry in await reader.abandoned(idle_ms=0)} == set(ids)


async def test_only_consumers_with_nothing_pending_are_forgotten(
    reader: QueueReader, streams_redis: redis.asyncio.Redis
) -> None:
    await _fill(streams_redis, 1, 1)
    busy = QueueReader(streams_redis, streams_redis, queues=["default"], consumer="worker-busy")
    idle = QueueReader(streams_redis, streams_redis, queues=["default"], consumer="worker-idle")
    assert len(await busy.read(5)) == 1
    await _fill(streams_redis, 1, 1)
    entries = await idle.read(5)
    await idle.settle(entries)
    await reader.read(5)
    # Idle is counted in milliseconds by Redis: the consumer becomes old enough in a moment, and is forgotten once.
    assert await until(lambda: reader.forget_consumers(idle_ms=10), what="an idle consumer is forgotten") == 1
    names = {one["name"] for one in await streams_redis.xinfo_consumers(work_stream("default", 1), GROUP)}
    assert names == {"worker-busy"} | ({"worker-one"} & names)


async def test_the_same_execution_twice_runs_once(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.echo")
    await queue.put(execution, execution, execution)
    await core.finished(execution)
    await queue.put(execution)
    await queue.until_empty()
    assert len(execution.results) == 1
    assert execution.attempt == 1


async def test_refused_entries_are_deleted(core: ProtocolServer, queue: Any, worker: Any) -> None:
    gone = core.add("rough.echo")
    del core.executions[gone.id]
    await queue.put(gone)
    await queue.until_empty()
    assert core.started == []


async def test_e04_entries_are_spent_on_whatever_core_api_gives(core: ProtocolServer, queue: Any, worker: Any) -> None:
    """An entry is settled with the run that it paid for, one that nothing was left for at once."""
    woken_by = [core.add("rough.light") for _ in range(3)]
    urgent = [core.add("rough.echo"), core.add("rough.light")]
    core.most_urgent = [one.id for one in urgent]
    await queue.put(*woken_by, band=2)
    await core.finished(*urgent)
    await queue.until_empty()
    assert [len(one.results) for one in urgent] == [1, 1]
    assert [one.attempt for one in urgent] == [1, 1]


async def test_urgent_work_overtakes_what_waits(
    core: ProtocolServer, settings: Settings, queue: Any, start_worker: Any
) -> None:
    late = [core.add("rough.light", count=number) for number in range(6)]
    urgent = [core.add("rough.light", count=100 + number) for number in range(3)]
    await queue.put(*late, band=3)
    await queue.put(*urgent, band=1)
    one_slot = settings.model_copy(update={"slots": 1})
    async with start_worker(one_slot):
        await core.finished(*late, *urgent)
    assert core.started == [one.id for one in (*urgent, *late)]


async def test_no_more_is_read_than_there_are_free_slots(
    core: ProtocolServer, queue: Any, worker: Any, settings: Settings
) -> None:
    runs = [core.add("rough.sleep", seconds=0.3) for _ in range(12)]
    await queue.put(*runs)
    await core.finished(*runs)
    assert max(len(beat.running) for _, beat in core.beats) <= settings.slots * 2
    assert max(len(ids) for ids in core.claims) <= settings.slots


async def test_a_worker_survives_a_redis_that_is_flushed_stopped_and_started(
    core: ProtocolServer,
    settings: Settings,
    own_redis: RedisServer,
    queue: Any,
    start_worker: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mine = settings.model_copy(update={"streams_url": type(settings.streams_url)(own_redis.url())})
    streams = create_redis(own_redis.url(), name="test")
    queue.redis = streams
    async with start_worker(mine, streams):
        before = core.add("rough.light")
        await queue.put(before)
        await core.finished(before)
        await asyncio.to_thread(own_redis.flushall)
        after_flush = core.add("rough.light")
        await queue.put(after_flush)
        await core.finished(after_flush)
        await asyncio.to_thread(own_redis.kill)
        await core.until(lambda: "the queue cannot be read" in caplog.text, what="the reader meets a dead server")
        await asyncio.to_thread(own_redis.start)
        after_restart = core.add("rough.light")
        await queue.put(after_restart)
        await core.finished(after_restart)
        await queue.until_empty()
    assert [one.result.outcome for one in (before, after_flush, after_restart)] == [Outcome.SUCCEEDED] * 3
    assert [one.attempt for one in (before, after_flush, after_restart)] == [1, 1, 1]
    await streams.aclose()
