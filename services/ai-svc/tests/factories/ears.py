"""Everything that leaves the service on its own account: logs, error reports, spans, metrics, events."""

import asyncio
import gzip
import json
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sentry_sdk.utils import event_from_exception

from shared_utils.logging import JsonFormatter
from shared_utils.observability.errors import scrub

REPORTING = {"include_local_variables": False, "include_source_context": True, "max_value_length": 100_000}


class Ears(logging.Handler):
    """All that is logged by anybody, as our format writes it and as it is, and the error reports that it would make."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []
        self.reports: list[str] = []
        self.formatter = JsonFormatter("ai-svc")

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "httpx" and "http://ai/" in record.getMessage():
            return  # the test's own client
        self.lines.append(self.formatter.format(record) + repr(record.__dict__))
        if record.exc_info and record.exc_info[1] is not None:
            self.lines.append("".join(traceback.format_exception(record.exc_info[1])))
            event, _ = event_from_exception(record.exc_info, client_options=REPORTING)
            self.reports.append(json.dumps(scrub(event), default=str))


@contextmanager
def listening() -> Iterator[Ears]:
    """Every logger at DEBUG, also those that were told to be quiet."""
    ears, root = Ears(), logging.getLogger()
    loggers = [root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.disabled) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG if one is root else logging.NOTSET)
        one.disabled = False
    root.addHandler(ears)
    try:
        yield ears
    finally:
        root.removeHandler(ears)
        for one, level, disabled in before:
            one.setLevel(level)
            one.disabled = disabled


class Sink:
    """Takes whatever is posted, as a collector of spans and metrics does."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            said = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            body = await reader.readexactly(int(said.get(b"content-length", b"0")))
            self.bodies.append(gzip.decompress(body) if said.get(b"content-encoding") == b"gzip" else body)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    made = Sink()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await made.serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


async def told_to_redis(redis: Any) -> list[str]:
    """Every key but the events of answers, which are the answers and live for two minutes, and what it holds."""
    told = []
    async for key in redis.scan_iter(count=1000):
        name = key.decode() if isinstance(key, bytes) else key
        kind = (await redis.type(key)).decode() if isinstance(key, bytes) else await redis.type(key)
        if name.startswith("ai:run:"):
            assert await redis.pttl(key) > 0, f"{name} stays for ever"
        elif kind == "stream":
            told.append(f"{name} {await redis.xrange(key)}")
        else:
            told.append(f"{name} {await redis.dump(key)}")
    return told
