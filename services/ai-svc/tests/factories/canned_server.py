"""A web server that answers with what it is given, block by block, keeps what was asked, and notices who leaves."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HANG = b"hang"


@dataclass(slots=True)
class Canned:
    """`blocks` of the next answers, whole HTTP bodies of one content type; HANG is silence from there on."""

    port: int = 0
    status: int = 200
    content_type: str = "text/event-stream"
    headers: str = ""
    blocks: Sequence[bytes] = ()
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        sizes = [int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:")]
        self.asked.append((head[0].split(" ")[1], json.loads(await reader.readexactly(sizes[0]))))
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Type: {self.content_type}\r\n{self.headers}"
            "Connection: close\r\n\r\n".encode()
        )
        for block in self.blocks:
            if block is HANG:
                await reader.read()
                self.left.set()
                break
            writer.write(block)
            await writer.drain()
        writer.close()


def events(*contents: dict[str, Any]) -> list[bytes]:
    """Server-sent events, each with its name when it has a type."""
    return [
        (f"event: {one['type']}\n" if "type" in one else "").encode() + b"data: " + json.dumps(one).encode() + b"\n\n"
        for one in contents
    ]


@asynccontextmanager
async def canned() -> AsyncIterator[Canned]:
    made = Canned()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
