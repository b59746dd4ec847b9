"""PgQueuer: PostgreSQL; a finished job leaves the queue and keeps rows in its log, the default."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
from pgqueuer import AsyncpgPoolDriver, Job, PgQueuer, Queries

from peers.script import Peer, Send, main, mark

BATCH = 200


@asynccontextmanager
async def opened() -> AsyncIterator[Queries]:
    async with asyncpg.create_pool(os.environ["PEER_POSTGRES"], min_size=2) as pool:
        yield Queries(AsyncpgPoolDriver(pool))


async def setup() -> None:
    async with opened() as queries:
        await queries.install()


def work() -> None:
    async def run() -> None:
        async with asyncpg.create_pool(os.environ["PEER_POSTGRES"], min_size=2) as pool:
            queue = PgQueuer(AsyncpgPoolDriver(pool))

            @queue.entrypoint("note")
            async def note(job: Job) -> None:
                mark(int(job.payload or b"0"))

            await queue.run(batch_size=BATCH)

    asyncio.run(run())


async def bulk(count: int) -> None:
    async with opened() as queries:
        for start in range(0, count, 1000):
            size = min(1000, count - start)
            await queries.enqueue(["note"] * size, [b"0"] * size, [0] * size)


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    async with opened() as queries:

        async def send(due: int, wait: float | None) -> None:
            after = None if wait is None else timedelta(seconds=wait)
            await queries.enqueue("note", str(due).encode(), execute_after=after)

        yield send


if __name__ == "__main__":
    main(Peer(work=work, bulk=bulk, sender=sender, setup=setup))
