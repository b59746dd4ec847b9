"""procrastinate: PostgreSQL; a finished job keeps its row and its events, the default."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import procrastinate

from peers.script import Peer, Send, main, mark

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["PEER_POSTGRES"]))


@app.task(name="note")
async def note(due: int) -> None:
    mark(due)


async def setup() -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


async def bulk(count: int) -> None:
    async with app.open_async():
        for start in range(0, count, 1000):
            await note.batch_defer_async(*({"due": 0} for _ in range(start, min(start + 1000, count))))


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    async with app.open_async():

        async def send(due: int, wait: float | None) -> None:
            delay = {} if wait is None else {"schedule_in": {"milliseconds": round(wait * 1000)}}
            await note.configure(**delay).defer_async(due=due)

        yield send


if __name__ == "__main__":
    main(Peer(work=lambda: app.run_worker(concurrency=20), bulk=bulk, sender=sender, setup=setup))
