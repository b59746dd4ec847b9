"""SAQ: Redis, asyncio; a finished job is kept for ten minutes, the default."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from saq import Queue, Worker

from peers.script import Peer, Send, main, mark


def queue() -> Queue:
    return Queue.from_url(os.environ["PEER_REDIS"])


async def note(_ctx: dict[str, Any], *, due: int) -> None:
    mark(due)


def work() -> None:
    async def run() -> None:
        await Worker(queue(), functions=[("note", note)], concurrency=100).start()

    asyncio.run(run())


async def bulk(count: int) -> None:
    jobs = queue()
    await jobs.connect()
    for start in range(0, count, 100):
        await asyncio.gather(*(jobs.enqueue("note", due=0) for _ in range(start, min(start + 100, count))))
    await jobs.disconnect()


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    jobs = queue()
    await jobs.connect()

    async def send(due: int, wait: float | None) -> None:
        # What is due is looked for every second, the default.
        await jobs.enqueue("note", due=due, scheduled=0 if wait is None else due / 1e9)

    yield send
    await jobs.disconnect()


if __name__ == "__main__":
    main(Peer(work=work, bulk=bulk, sender=sender))
