"""The consumer: each event has its effect once, and what cannot be handled ends where people can see it."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from shared_schemas.events.operations import WorkerLost
from shared_utils.db.base import metadata_for
from shared_utils.db.outbox import event_row, inbox_table
from shared_utils.logging import correlation_id
from shared_utils.messaging.consumer import StreamConsumer, StreamMessage
from shared_utils.messaging.streams import create_redis
from shared_utils.observability.tracing import current_traceparent
from shared_utils.testing.servers import RedisServer
from shared_utils.testing.waiting import until

INBOX = inbox_table(metadata_for("core"), "core")
STREAM = "events:worker.lost"
GROUP = "notifications"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def entry(name: str = "worker-1", **options) -> dict[str, str]:
    payload = WorkerLost(worker_id=name, host="h", executions=2)
    return event_row(payload, source_service="core-api", occurred_at=NOW, **options)[1]


class Recorder:
    """A handler that writes one row per event, and fails when it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fail: Exception | None = None
        self.contexts: list[tuple[str, str | None]] = []

    async def __call__(self, session, message: StreamMessage) -> None:
        payload = message.read(WorkerLost)
        self.seen.append(payload.worker_id)
        self.contexts.append((correlation_id(), current_traceparent()))
        await session.execute(text("INSERT INTO core.effects (what) VALUES (:what)"), {"what": payload.worker_id})
        if self.fail is not None:
            raise self.fail


@pytest.fixture
def handler() -> Recorder:
    return Recorder()


@pytest.fixture
async def blocking_redis(redis_streams_url, streams_redis):
    async with create_redis(redis_streams_url, name="consumer", blocking=True) as client:
        yield client


@pytest.fixture
def make_consumer(blocking_redis, sessions, handler):
    def make(consumer: str = "one", **options) -> StreamConsumer:
        settings = {"claim_idle_ms": 0, "block_ms": 20, "streams": [STREAM]} | options
        return StreamConsumer(
            blocking_redis,
            group=GROUP,
            consumer=consumer,
            handler=handler,
            sessionmaker=sessions,
            inbox=INBOX,
            **settings,
        )

    return make


@pytest.fixture
def effects(sessions):
    async def read() -> list[str]:
        async with sessions() as session:
            return list((await session.execute(text("SELECT what FROM core.effects ORDER BY id"))).scalars())

    return read


async def pending(redis: Redis) -> int:
    return int((await redis.xpending(STREAM, GROUP))["pending"])


async def test_new_entries_have_their_effect_and_are_acknowledged(make_consumer, streams_redis, effects):
    consumer = make_consumer()
    await consumer.create_groups()
    for number in range(5):
        await streams_redis.xadd(STREAM, entry(f"w{number}"))
    assert await consumer.consume_new() == 5
    assert await effects() == ["w0", "w1", "w2", "w3", "w4"]
    assert await pending(streams_redis) == 0
    assert await consumer.consume_new() == 0


async def test_events_from_before_the_group_are_not_missed(make_consumer, streams_redis, effects):
    await streams_redis.xadd(STREAM, entry("early"))
    consumer = make_consumer()
    await consumer.create_groups()
    await consumer.consume_new()
    assert await effects() == ["early"]


async def test_creating_the_groups_again_keeps_the_position(make_consumer, streams_redis, effects):
    consumer = make_consumer()
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("a"))
    await consumer.consume_new()
    await consumer.create_groups()
    assert await consumer.consume_new() == 0
    assert await effects() == ["a"]


async def test_the_same_event_twice_has_one_effect(make_consumer, streams_redis, effects, handler):
    consumer = make_consumer()
    await consumer.create_groups()
    same = entry("twice", event_id=uuid4())
    await streams_redis.xadd(STREAM, same)
    await streams_redis.xadd(STREAM, same)
    assert await consumer.consume_new() == 2
    assert await effects() == ["twice"]
    assert handler.seen == ["twice"]
    assert await pending(streams_redis) == 0


async def test_two_groups_each_handle_an_event(
    make_consumer, streams_redis, effects, blocking_redis, sessions, handler
):
    other = StreamConsumer(
        blocking_redis,
        group="statistics",
        consumer="one",
        streams=[STREAM],
        handler=handler,
        sessionmaker=sessions,
        inbox=INBOX,
        block_ms=20,
    )
    first = make_consumer()
    for consumer in (first, other):
        await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("both"))
    await first.consume_new()
    await other.consume_new()
    assert await effects() == ["both", "both"]


async def test_a_failing_handler_leaves_no_effect_and_gets_the_event_again(
    make_consumer, streams_redis, effects, handler
):
    consumer = make_consumer()
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("retry"))
    handler.fail = ValueError("not yet")
    await consumer.consume_new()
    assert await effects() == []
    assert await pending(streams_redis) == 1
    handler.fail = None
    assert await consumer.claim_abandoned() == 1
    assert await effects() == ["retry"]
    assert await pending(streams_redis) == 0


async def test_a_dead_consumers_entries_are_taken_over(make_consumer, streams_redis, effects):
    await make_consumer().create_groups()
    for number in range(3):
        await streams_redis.xadd(STREAM, entry(f"w{number}"))
    await streams_redis.xreadgroup(GROUP, "dead", {STREAM: ">"})
    assert await pending(streams_redis) == 3
    assert await make_consumer("alive").claim_abandoned() == 3
    assert await effects() == ["w0", "w1", "w2"]
    assert await pending(streams_redis) == 0


async def test_entries_that_another_consumer_has_just_got_are_left_alone(make_consumer, streams_redis, effects):
    consumer = make_consumer(claim_idle_ms=60_000)
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("busy"))
    await streams_redis.xreadgroup(GROUP, "other", {STREAM: ">"})
    assert await consumer.claim_abandoned() == 0
    assert await effects() == []


async def test_a_restarted_consumer_first_handles_what_it_had(make_consumer, streams_redis, effects):
    consumer = make_consumer("same-name", claim_idle_ms=60_000)
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("left"))
    await streams_redis.xreadgroup(GROUP, "same-name", {STREAM: ">"})
    assert await consumer.consume_pending() == 1
    assert await effects() == ["left"]
    assert await pending(streams_redis) == 0


async def test_after_n_deliveries_it_is_a_dead_letter_with_its_error(make_consumer, streams_redis, effects, handler):
    consumer = make_consumer(max_deliveries=3)
    await consumer.create_groups()
    sent = entry("poison")
    entry_id = await streams_redis.xadd(STREAM, sent)
    await streams_redis.xadd(STREAM, entry("fine"))
    handler.fail = ValueError("cannot be done")
    await consumer.consume_new()
    for _ in range(2):
        await consumer.claim_abandoned()
    assert handler.seen.count("poison") == 3
    assert await streams_redis.xlen(f"{STREAM}.dead") == 0
    handler.fail = None
    await consumer.claim_abandoned()
    [first, second] = await streams_redis.xrange(f"{STREAM}.dead")
    dead = first[1]
    assert dead["data"] == sent["data"]
    assert dead["dead_error"] == "ValueError: cannot be done"
    assert (dead["dead_stream"], dead["dead_entry_id"], dead["dead_group"]) == (STREAM, entry_id, GROUP)
    assert dead["dead_deliveries"] == "4"
    assert json.loads(second[1]["data"])["payload"]["worker_id"] == "fine"
    assert handler.seen.count("poison") == 3
    assert await pending(streams_redis) == 0
    assert await effects() == []


@pytest.mark.parametrize("fields", [{"data": "{not json"}, {"other": "field"}, {"data": '{"event_id": "x"}'}])
async def test_what_is_no_event_goes_to_the_dead_letters_at_once(make_consumer, streams_redis, fields, handler):
    consumer = make_consumer()
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, fields)
    await streams_redis.xadd(STREAM, entry("good"))
    assert await consumer.consume_new() == 2
    [(_, dead)] = await streams_redis.xrange(f"{STREAM}.dead")
    assert dead["dead_error"] == "not an event envelope"
    assert handler.seen == ["good"]
    assert await pending(streams_redis) == 0


async def test_an_event_of_a_newer_release_is_read_as_far_as_it_is_known(make_consumer, streams_redis, effects):
    consumer = make_consumer()
    await consumer.create_groups()
    envelope = json.loads(entry("newer")["data"])
    envelope["payload"]["added_later"] = {"x": 1}
    envelope["added_to_the_envelope"] = True
    await streams_redis.xadd(STREAM, {"data": json.dumps(envelope)})
    await consumer.consume_new()
    assert await effects() == ["newer"]


async def test_the_handler_works_in_the_context_of_the_event(make_consumer, streams_redis, handler):
    consumer = make_consumer()
    await consumer.create_groups()
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await streams_redis.xadd(STREAM, entry("x", correlation_id="request-77", traceparent=parent))
    await consumer.consume_new()
    [(request_id, traceparent)] = handler.contexts
    assert request_id == "request-77"
    assert traceparent is not None
    assert traceparent[3:35] == parent[3:35]
    assert traceparent != parent
    assert correlation_id() == ""


async def test_trimmed_entries_that_were_pending_are_forgotten(make_consumer, streams_redis, handler):
    """Retention may delete an entry that a consumer still holds: nobody can handle it any more."""
    consumer = make_consumer()
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("trimmed"))
    await streams_redis.xadd(STREAM, entry("kept"))
    await streams_redis.xreadgroup(GROUP, "dead", {STREAM: ">"})
    await streams_redis.xtrim(STREAM, maxlen=1, approximate=False)
    await consumer.claim_abandoned()
    assert handler.seen == ["kept"]
    assert await pending(streams_redis) == 0


async def test_its_own_trimmed_entries_too(make_consumer, streams_redis, handler):
    consumer = make_consumer("me")
    await consumer.create_groups()
    await streams_redis.xadd(STREAM, entry("trimmed"))
    await streams_redis.xreadgroup(GROUP, "me", {STREAM: ">"})
    await streams_redis.xtrim(STREAM, maxlen=0, approximate=False)
    await consumer.consume_pending()
    assert handler.seen == []
    assert await pending(streams_redis) == 0


async def test_more_than_one_claim_page(make_consumer, streams_redis, effects):
    consumer = make_consumer()
    await consumer.create_groups()
    for number in range(230):
        await streams_redis.xadd(STREAM, entry(f"w{number}"))
    await streams_redis.xreadgroup(GROUP, "dead", {STREAM: ">"}, count=1000)
    assert await consumer.claim_abandoned() == 230
    assert len(await effects()) == 230


async def test_several_streams(make_consumer, streams_redis, effects):
    consumer = make_consumer(streams=[STREAM, "events:other"])
    await consumer.create_groups()
    await streams_redis.xadd("events:other", entry("b"))
    await streams_redis.xadd(STREAM, entry("a"))
    assert await consumer.consume_new() == 2
    assert sorted(await effects()) == ["a", "b"]


async def test_flushall_is_healed(make_consumer, streams_redis, effects):
    """After FLUSHALL the group is gone, and reading answers NOGROUP for ever unless somebody creates it again."""
    stop = asyncio.Event()
    task = asyncio.create_task(make_consumer(claim_idle_ms=60_000).run(stop))
    await until(lambda: streams_redis.exists(STREAM))
    await streams_redis.flushdb()
    await streams_redis.xadd(STREAM, entry("after"))

    async def done() -> bool:
        return await effects() == ["after"]

    await until(done)
    stop.set()
    async with asyncio.timeout(5):
        await task
    assert (await streams_redis.xinfo_groups(STREAM))[0]["pending"] == 0, "and the new group has it acknowledged"


async def test_the_loop_survives_a_restart_of_redis(own_redis: RedisServer, sessions, handler, effects):
    client = create_redis(own_redis.url(), name="c", blocking=True)
    writer = create_redis(own_redis.url(), name="w")
    consumer = StreamConsumer(
        client, group=GROUP, consumer="one", streams=[STREAM], handler=handler, sessionmaker=sessions, inbox=INBOX
    )
    stop = asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    await until(lambda: writer.exists(STREAM))
    own_redis.kill()
    own_redis.start()
    await writer.xadd(STREAM, entry("after"))

    async def done() -> bool:
        return "after" in await effects()

    await until(done)
    stop.set()
    await task
    assert await effects() == ["after"], "once, although the server went away in between"
    await client.aclose()
    await writer.aclose()


async def test_an_outage_of_the_database_is_not_the_events_fault(
    own_postgres, blocking_redis, streams_redis, handler, open_engine
):
    """The event waits for PostgreSQL and is not delivered again and again until it counts as poison."""
    from shared_utils.db.session import sessionmaker_for

    server = own_postgres
    admin = await asyncpg.connect(server.admin_dsn())
    await admin.execute("CREATE SCHEMA core")
    await admin.execute("CREATE TABLE core.effects (what text)")
    await admin.execute("CREATE TABLE core.inbox (consumer text, event_id uuid, PRIMARY KEY (consumer, event_id))")
    await admin.close()
    url = server.admin_dsn().replace("postgresql://", "postgresql+asyncpg://")
    async with open_engine(url) as engine:
        consumer = StreamConsumer(
            blocking_redis,
            group=GROUP,
            consumer="one",
            streams=[STREAM],
            handler=handler,
            sessionmaker=sessionmaker_for(engine),
            inbox=INBOX,
            max_deliveries=1,
            claim_idle_ms=0,
            block_ms=20,
        )
        await consumer.create_groups()
        await streams_redis.xadd(STREAM, entry("patient"))
        server.stop("immediate")
        handling = asyncio.create_task(consumer.consume_new())
        assert await consumer.claim_abandoned() == 0
        server.start()
        async with asyncio.timeout(15):
            assert await handling == 1
    assert handler.seen[-1] == "patient"
    assert await streams_redis.xlen(f"{STREAM}.dead") == 0
    assert await pending(streams_redis) == 0


async def test_what_is_not_wanted_is_acknowledged_without_the_handler(make_consumer, streams_redis, effects, handler):
    consumer = make_consumer(wanted=lambda message: message.read(WorkerLost).worker_id == "wanted")
    await consumer.create_groups()
    for name in ("first", "wanted", "last"):
        await streams_redis.xadd(STREAM, entry(name))
    assert await consumer.consume_new() == 3
    assert handler.seen == ["wanted"]
    assert await effects() == ["wanted"]
    assert (await streams_redis.xpending(STREAM, GROUP))["pending"] == 0
