"""Events on the streams become episodes, through the consumer that runs beside the API."""

import asyncio
from typing import Any

import ai_events
import httpx
from redis.asyncio import Redis

from ai_svc.memory.consumers import STREAMS
from ai_svc.memory.schemas import EpisodeType
from shared_schemas.events.envelope import event_stream
from shared_utils.db.ids import uuid7


async def episodes(client: httpx.AsyncClient, *, at_least: int) -> list[dict[str, Any]]:
    """The remembered episodes, as soon as there are `at_least` so many; each question is a round trip to PostgreSQL."""
    async with asyncio.timeout(15):
        while True:
            found: list[dict[str, Any]] = (await client.get("/api/v1/ai/episodes", params={"limit": 200})).json()[
                "data"
            ]
            if len(found) >= at_least:
                return found


async def test_events_of_every_stream_are_remembered(client: httpx.AsyncClient, streams_redis: Redis) -> None:
    for payload in (ai_events.failed(), ai_events.loaded(), ai_events.worker_lost()):
        stream, fields = ai_events.entry(payload)
        await streams_redis.xadd(stream, fields)  # type: ignore[arg-type]  # redis-py's type is wider than a dict of strings
    found = await episodes(client, at_least=3)
    assert {row["event_type"] for row in found} == {"execution.failed", "dataset.loaded", "worker.lost"}


async def test_an_event_delivered_twice_is_remembered_once(client: httpx.AsyncClient, streams_redis: Redis) -> None:
    stream, fields = ai_events.entry(ai_events.failed(), event_id=uuid7())
    _, after = ai_events.entry(ai_events.failed())
    for one in (fields, fields, after):
        await streams_redis.xadd(stream, one)  # type: ignore[arg-type]
    # Entries of one stream come in order, so the later event marks that both earlier ones were handled.
    found = await episodes(client, at_least=2)
    assert len(found) == 2


async def test_events_from_before_the_start_are_remembered(serve: Any, settings: Any, streams_redis: Redis) -> None:
    stream, fields = ai_events.entry(ai_events.loaded())
    await streams_redis.xadd(stream, fields)  # type: ignore[arg-type]
    async with serve(settings) as client:
        assert len(await episodes(client, at_least=1)) == 1


async def test_what_was_handled_is_acknowledged(serve: Any, settings: Any, streams_redis: Redis) -> None:
    stream, fields = ai_events.entry(ai_events.loaded())
    await streams_redis.xadd(stream, fields)  # type: ignore[arg-type]
    async with serve(settings) as client:
        await episodes(client, at_least=1)
    pending = await streams_redis.xpending(stream, "ai-svc")
    assert pending["pending"] == 0


async def test_what_is_no_event_is_set_aside_and_does_not_hold_up_the_rest(
    client: httpx.AsyncClient, streams_redis: Redis
) -> None:
    stream, fields = ai_events.entry(ai_events.loaded())
    await streams_redis.xadd(stream, {"data": "not an envelope"})
    await streams_redis.xadd(stream, fields)  # type: ignore[arg-type]
    assert len(await episodes(client, at_least=1)) == 1
    dead = await streams_redis.xrange(f"{stream}.dead")
    assert [entry["data"] for _, entry in dead] == ["not an envelope"]


def test_the_consumer_reads_exactly_the_streams_of_notable_events() -> None:
    assert sorted(STREAMS) == sorted(event_stream(kind) for kind in EpisodeType)
