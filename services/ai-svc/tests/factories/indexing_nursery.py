"""A process that forks indexing workers: each is a process of its own within milliseconds, and may be killed like one.

It reads a plan of a worker from each line of its input and writes lines `pid what`: `began`, what it was about to do
when it killed itself, and `ended` or, when it was not killed, `broke`. When its input ends, it kills what is left.
"""

import asyncio
import contextlib
import json
import os
import random
import select
import signal
from pathlib import Path
from typing import Any

from libraries import InProcess, Library, StubEmbedder
from sqlalchemy import event

from ai_svc.database import OUTBOX
from ai_svc.rag.documents.public import CHANNEL
from ai_svc.rag.parsing import ParsedText
from ai_svc.rag.parsing.parsers import Parsers
from ai_svc.tasks.public import OUTBOX_CHANNEL
from shared_utils.clock import SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener
from shared_utils.messaging.relay import OutboxRelay
from shared_utils.messaging.streams import create_redis


def tell(what: str) -> None:
    os.write(1, f"{os.getpid()} {what}\n".encode())


def die(about_to: str) -> None:
    """SIGKILL: nothing is given back, nothing is closed, nobody is told but the test."""
    tell(about_to)
    os.kill(os.getpid(), signal.SIGKILL)


class Death:
    """Comes before the statement, the step of a swap or its commit whose turn it is."""

    def __init__(self, engine: Any, *, at: str, after: int) -> None:
        self.at, self.left = at, after
        self.swapping: Any = None
        event.listen(engine.sync_engine, "before_cursor_execute", self.statement)
        event.listen(engine.sync_engine, "commit", self.commit)

    def statement(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SET CONSTRAINTS"):
            self.swapping = connection
        if self.at == "statement" or (self.at == "swap" and self.swapping is connection):
            self.left -= 1
            if self.left < 0:
                die("swap" if self.swapping is connection else "statement")

    def commit(self, connection: Any) -> None:
        if self.swapping is connection:
            self.swapping = None
            if self.at in ("swap", "commit"):
                die("commit")


class Dying:
    """Real parsers, in whose midst the worker dies."""

    def __init__(self, parsers: Parsers, *, after: int, milliseconds: float) -> None:
        self.parsers, self.left, self.seconds = parsers, after, milliseconds / 1000

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
        self.left -= 1
        if self.left < 0 and self.parsers.pid is not None:
            asyncio.get_running_loop().call_later(self.seconds, self.end)
        return await self.parsers.parse(content, media_type=media_type, name=name)

    def end(self) -> None:
        children = Path(f"/proc/{self.parsers.pid}/task/{self.parsers.pid}/children")
        die("parser runs" if children.exists() and children.read_text() else "between parsers")


async def work(plan: dict[str, Any]) -> None:
    """Indexes and relays until it dies, as the service does."""
    rng = random.Random(plan["seed"])
    engine = create_engine(plan["database"], application_name="killed-indexer")
    library = Library(engine, StubEmbedder(plan["space"]))
    library.clock = SystemClock()
    if plan["at"] != "parser":
        Death(engine, at=plan["at"], after=plan["after"])
    streams = create_redis(plan["streams"], name="killed-indexer")
    stop = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        reader: Any = InProcess()
        if plan["at"] == "parser":
            parsers = await stack.enter_async_context(Parsers())
            reader = Dying(parsers, after=plan["after"], milliseconds=rng.random() * 12)
        listener = await stack.enter_async_context(Listener(plan["database"], application_name="killed-indexer"))
        documents = await stack.enter_async_context(listener.subscribe(CHANNEL))
        events = await stack.enter_async_context(listener.subscribe(OUTBOX_CHANNEL))
        indexer = library.indexer(concurrency=rng.randint(1, 4), lease=plan["lease"], reader=reader)
        relay = OutboxRelay(library.sessions, streams, OUTBOX)
        tell("began")
        await asyncio.gather(indexer.run(stop, documents), relay.run(stop, events))


def nurse() -> None:
    alive: dict[int, int] = {}  # descriptor of the process -> pid
    waiting = select.poll()
    waiting.register(0, select.POLLIN)
    unread = b""
    while True:
        for descriptor, _ in waiting.poll():
            if descriptor != 0:
                waiting.unregister(descriptor)
                os.close(descriptor)
                pid, status = os.waitpid(alive.pop(descriptor), 0)
                os.write(1, f"{pid} {'ended' if os.WIFSIGNALED(status) else 'broke'}\n".encode())
                continue
            read = os.read(0, 65536)
            if not read:
                for pid in alive.values():
                    os.kill(pid, signal.SIGKILL)
                return
            *lines, unread = (unread + read).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                    try:
                        asyncio.run(work(json.loads(line)))
                    finally:
                        os._exit(1)
                process = os.pidfd_open(pid)
                alive[process] = pid
                waiting.register(process, select.POLLIN)


if __name__ == "__main__":
    nurse()
