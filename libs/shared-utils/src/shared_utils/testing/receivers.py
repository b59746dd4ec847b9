"""A web receiver and a mail server on loopback, for tests of what leaves the house: they keep what came.

Both can misbehave on request.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Literal

from shared_utils.testing.ports import free_port

Behaviour = Literal["ok", "500", "429", "redirect", "hang", "close", "drip"]

_ANSWERS = {
    "ok": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    "500": b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "429": b"HTTP/1.1 429 Slow down\r\nRetry-After: 120\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
}


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came in; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    """What came, and how to answer the next requests. `port` is 0 while it is down."""

    port: int
    behaviour: Behaviour = "ok"
    received: list[Received] = field(default_factory=list)
    accepted: list[Received] = field(default_factory=list)
    """Those that got a success for an answer."""
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Ends what hangs."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def count(self, wanted: int, *, timeout: float = 30) -> list[Received]:
        """Waits until so many requests were accepted."""
        async with asyncio.timeout(timeout), self.arrived:
            await self.arrived.wait_for(lambda: len(self.accepted) >= wanted)
        return self.accepted

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _request(reader)
            self.received.append(request)
            behaviour = self.behaviour
            await self._answer(writer, behaviour)
            if behaviour == "ok":
                self.accepted.append(request)
            async with self.arrived:
                self.arrived.notify_all()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, behaviour: Behaviour) -> None:
        if behaviour == "hang":
            await self.released.wait()
        elif behaviour == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.released.is_set():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)
        elif behaviour != "close":
            writer.write(_ANSWERS[behaviour])
            await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(head[0].split(" ")[1], headers, body)


@asynccontextmanager
async def receiver(*, port: int | None = None, behaviour: Behaviour = "ok") -> AsyncIterator[Receiver]:
    """A web server that keeps every request. Give `port` to come back where one was before."""
    made = Receiver(port or free_port(), behaviour)
    server = await asyncio.start_server(made.serve, "127.0.0.1", made.port)
    try:
        yield made
    finally:
        made.released.set()
        server.close()


@dataclass(slots=True)
class Mailbox:
    """A mail server's messages. With `login`, it takes only who knows it."""

    port: int
    login: tuple[str, str] | None = None
    refuse: bool = False
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def count(self, wanted: int, *, timeout: float = 30) -> list[EmailMessage]:
        """Waits until so many messages came."""
        async with asyncio.timeout(timeout), self.arrived:
            await self.arrived.wait_for(lambda: len(self.messages) >= wanted)
        return self.messages

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _SmtpSession(self, reader, writer)
        try:
            await session.run()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


class _SmtpSession:
    def __init__(self, box: Mailbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box = box
        self._reader = reader
        self._writer = writer
        self._known = box.login is None
        self._recipients: list[str] = []

    async def run(self) -> None:
        self._say("220 test ESMTP")
        while line := (await self._reader.readline()).decode().rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                await self._writer.drain()
                return
            await self._handle(verb, line)
            await self._writer.drain()

    async def _handle(self, verb: str, line: str) -> None:
        if verb == "EHLO":
            self._say("250-test")
            self._say("250 AUTH PLAIN")
        elif verb == "AUTH":
            self._authenticate(line)
        elif not self._known:
            self._say("530 log in first")
        elif verb == "RCPT" and self._box.refuse:
            self._say("550 no such user")
        elif verb == "RCPT":
            self._recipients.append(line.partition("<")[2].partition(">")[0])
            self._say("250 ok")
        elif verb == "DATA":
            await self._data()
        else:
            self._say("250 ok")

    def _authenticate(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
        self._known = (user, password) == self._box.login
        self._say("235 welcome" if self._known else "535 wrong")

    async def _data(self) -> None:
        self._say("354 go on")
        await self._writer.drain()
        raw = (await self._reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        parsed = message_from_bytes(raw, policy=policy.default)
        self._box.messages.append(parsed)
        self._box.recipients.append(self._recipients)
        self._recipients = []
        self._say("250 kept")
        async with self._box.arrived:
            self._box.arrived.notify_all()

    def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())


@asynccontextmanager
async def mailbox(*, login: tuple[str, str] | None = None) -> AsyncIterator[Mailbox]:
    """A mail server without TLS on loopback."""
    made = Mailbox(free_port(), login)
    server = await asyncio.start_server(made.serve, "127.0.0.1", made.port)
    try:
        yield made
    finally:
        server.close()
