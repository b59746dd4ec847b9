"""Celery: Redis as broker and for results, kept for a day, the default; prefork with one process per core."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import celery

from peers.script import Peer, Send, main, mark

app = celery.Celery("peers", broker=os.environ["PEER_REDIS"], backend=os.environ["PEER_REDIS"])
app.conf.broker_connection_retry_on_startup = True


@app.task(name="note")
def note(due: int) -> None:
    mark(due)


def work() -> None:
    app.worker_main(["worker", "--concurrency", str(os.cpu_count()), "--loglevel", "WARNING"])


async def bulk(count: int) -> None:
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(count):
            note.apply_async((0,), producer=producer)


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    async def send(due: int, wait: float | None) -> None:
        note.apply_async((due,), countdown=wait)

    yield send


if __name__ == "__main__":
    main(Peer(work=work, bulk=bulk, sender=sender))
