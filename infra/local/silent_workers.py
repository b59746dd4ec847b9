"""Workers whose hearts beat but who take nothing: the queue hands out to them, and a test may look at entries at rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import redis.asyncio

from ephemeral import EphemeralStack
from shared_schemas.jobs import JobDescriptor, work_stream

SLOTS_EACH: Final = 1000  # as many as one worker may have
BANDS: Final = (1, 2, 3)


@asynccontextmanager
async def silent_workers(stack: EphemeralStack, jobs: Sequence[JobDescriptor], *, count: int) -> AsyncIterator[None]:
    """`count` workers with 1,000 free slots each are registered for the time of the block: 2,000 places each (E4)."""
    names = [f"silent.{number}.0" for number in range(count)]
    headers = {"X-Internal-Key": stack.worker_key}
    async with httpx.AsyncClient(base_url=f"{stack.core_url}/internal/v1", headers=headers, timeout=30) as http:
        for name in names:
            await _post(http, "/workers", _registration(name, jobs))
        hearts = asyncio.create_task(_beat(http, names, seconds=stack.lease_seconds / 4))
        try:
            yield
        finally:
            hearts.cancel()
            for name in names:
                await _post(http, f"/workers/{name}/deregister", {})


def _registration(name: str, jobs: Sequence[JobDescriptor]) -> dict[str, object]:
    return {
        "worker_id": name,
        "host": "silent",
        "pid": 1,
        "queues": ["default"],
        "slots": SLOTS_EACH,
        "version": "0",
        "jobs": [job.model_dump(mode="json") for job in jobs],
    }


async def _beat(http: httpx.AsyncClient, names: Sequence[str], *, seconds: float) -> None:
    while True:
        for name in names:
            await _post(http, f"/workers/{name}/heartbeat", {"running": []})
        await asyncio.sleep(seconds)


async def _post(http: httpx.AsyncClient, path: str, body: dict[str, object]) -> None:
    answer = await http.post(path, json=body)
    answer.raise_for_status()


async def entries_at_rest(stack: EphemeralStack, *, queue: str = "default") -> int:
    """How many entries the work streams of a queue hold."""
    async with _client(stack) as client:
        lengths: list[int] = [await client.xlen(work_stream(queue, band)) for band in BANDS]
    return sum(lengths)


async def executions_at_rest(stack: EphemeralStack, *, queue: str = "default") -> set[str]:
    """The ids of the executions that have at least one entry."""
    async with _client(stack) as client:
        rows: list[Any] = [await client.xrange(work_stream(queue, band)) for band in BANDS]
    return {fields["execution_id"] for stream in rows for _, fields in stream}


def _client(stack: EphemeralStack) -> redis.asyncio.Redis:
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(stack.redis_url(stack.streams), decode_responses=True)
    return client
