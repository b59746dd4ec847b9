"""/health lives, /health/ready says which part is missing, and a Redis that may evict stops the start."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from ai_svc.listening import Listening, NotListeningError
from ai_svc.settings import Settings
from shared_utils.messaging.streams import StreamsMayEvict, create_redis


async def admin(database: Any, statement: str) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_ready_names_every_part(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert answer.status_code == 200, answer.text
    checks = answer.json()["data"]["checks"]
    assert checks == {
        "database": "ok",
        "migrations": "ok",
        "streams": "ok",
        "consumer": "ok",
        "relay": "ok",
        "indexing": "ok",
        "tasks": "ok",
    }


async def test_alive_and_measured(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json()["data"]["service"] == "ai-svc"
    assert "http_request" in (await client.get("/metrics")).text


async def test_without_pgvector_it_is_not_ready(client: httpx.AsyncClient, database: Any) -> None:
    await admin(database, "REVOKE USAGE ON SCHEMA extensions FROM ai")
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_READY")
    checks = answer.json()["details"]["checks"]
    assert (checks["database"], checks["streams"]) == ("failed", "ok")
    assert (await client.get("/health")).status_code == 200, "it lives all the same"


async def test_an_unmigrated_database_is_not_ready(
    serve: Any, settings: Settings, fresh_database: Any, streams_redis: Any
) -> None:
    empty = fresh_database(schema="ai", migrations_dir=None)
    async with serve(settings.model_copy(update={"database_url": SecretStr(empty.runtime_url)})) as client:
        answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["details"]["checks"]["migrations"] == "failed"


async def test_a_streams_redis_that_may_evict_stops_the_start(serve: Any, settings: Settings, own_redis: Any) -> None:
    client = create_redis(own_redis.url(), name="test")
    await client.config_set("maxmemory-policy", "allkeys-lru")
    await client.aclose()
    with pytest.raises(StreamsMayEvict, match="maxmemory-policy noeviction"):
        async with serve(settings.model_copy(update={"streams_url": SecretStr(own_redis.url())})):
            pass


async def test_a_consumer_that_ended_is_noticed() -> None:
    async def loop() -> None:
        raise RuntimeError("it broke")

    async with Listening(loop(), asyncio.Event()) as listening:
        assert listening.alive
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not listening.alive
        with pytest.raises(NotListeningError):
            listening.check()


async def test_stopping_lets_the_message_at_hand_end() -> None:
    stop = asyncio.Event()
    done: list[str] = []

    async def loop() -> None:
        await stop.wait()
        done.append("handled")

    async with Listening(loop(), stop):
        await asyncio.sleep(0)
    assert done == ["handled"]
