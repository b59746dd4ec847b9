"""arq: Redis, asyncio; results kept for an hour, the default. It looks every half second, also the default."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from arq import create_pool, func
from arq.connections import RedisSettings
from arq.worker import run_worker

from peers.script import Peer, Send, main, mark

REDIS = RedisSettings.from_dsn(os.environ["PEER_REDIS"])


async def note(_ctx: dict[str, Any], due: int) -> None:
    mark(due)


class WorkerSettings:
    functions = (func(note, name="note"),)
    redis_settings = REDIS
    max_jobs = 200


async def bulk(count: int) -> None:
    pool = await create_pool(REDIS)
    for start in range(0, count, 100):
        await asyncio.gather(*(pool.enqueue_job("note", 0) for _ in range(start, min(start + 100, count))))
    await pool.aclose()


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    pool = await create_pool(REDIS)

    async def send(due: int, wait: float | None) -> None:
        await pool.enqueue_job("note", due, _defer_by=None if wait is None else timedelta(seconds=wait))

    yield send
    await pool.aclose()


if __name__ == "__main__":
    main(Peer(work=lambda: run_worker(WorkerSettings), bulk=bulk, sender=sender))
