"""dramatiq: Redis; nothing is kept of a finished message, the default. One process per core, eight threads each."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.cli import main as run_cli
from dramatiq.cli import make_argument_parser

from peers.script import Peer, Send, main, mark

dramatiq.set_broker(RedisBroker(url=os.environ["PEER_REDIS"]))


@dramatiq.actor(actor_name="note")
def note(due: int) -> None:
    mark(due)


def work() -> None:
    arguments = ["peers.with_dramatiq", "--processes", str(os.cpu_count()), "--threads", "8"]
    sys.exit(run_cli(make_argument_parser().parse_args(arguments)))


async def bulk(count: int) -> None:
    for _ in range(count):
        note.send(0)


@asynccontextmanager
async def sender() -> AsyncIterator[Send]:
    async def send(due: int, wait: float | None) -> None:
        note.send_with_options(args=(due,), delay=None if wait is None else round(wait * 1000))

    yield send


if __name__ == "__main__":
    main(Peer(work=work, bulk=bulk, sender=sender))
