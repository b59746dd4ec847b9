"""The parsers as the service sees them: each document is read by a child process of its own."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, Self

from ai_svc.rag.parsing import formats, wire
from ai_svc.rag.parsing.bounds import MEBIBYTE, Bounds
from ai_svc.rag.parsing.exceptions import (
    DocumentBroken,
    DocumentTimedOut,
    DocumentTooLarge,
    ParserUnavailable,
    error_of,
)
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

FORK_SERVER: Final = ("-m", "ai_svc.rag.parsing.fork_server")
IDLE_SECONDS: Final = 60.0
"""How long the fork server is kept when there is nothing to read: it has parsers in memory."""
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 5.0
# Images have our own packages as a path, not as something installed (see the Dockerfile).
_SOURCES: Final = str(Path(__file__).parents[3])
_BLOCK: Final = 256 * 1024
_SIGKILL, _SIGXCPU = 9, 24
# How much longer than its text an answer may be: JSON, headings and pages.
_ANSWER_FACTOR: Final = 8


class Parsers:
    """Reads documents in child processes, a few at a time; one for the whole service, opened by its lifespan.

    async with Parsers() as parsers:
        parsed = await parsers.parse(path, media_type="application/pdf", name="ata.pdf")

    A crash, a kill, or too much memory or time fails that one document. The process that forks the children has none
    of the service's environment and secrets; it starts with the first document and goes when nothing comes any more.
    """

    def __init__(
        self,
        bounds: Bounds | None = None,
        *,
        at_a_time: int = 2,
        idle_seconds: float = IDLE_SECONDS,
        fork_server: Sequence[str] = FORK_SERVER,
    ) -> None:
        self.bounds = bounds or Bounds()
        self._free = asyncio.Semaphore(at_a_time)
        self._idle_seconds = idle_seconds
        self._arguments = tuple(fork_server)
        self._folder = tempfile.TemporaryDirectory(prefix="parsers-")
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._under_way = 0
        self._idle: asyncio.TimerHandle | None = None
        self._stopping: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.stop()
        self._folder.cleanup()

    @property
    def pid(self) -> int | None:
        """The fork server's process, when there is one."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
        """The text of a file; `media_type` is a hint that content and `name` overrule.

        Raises an error of `ai_svc.rag.parsing.exceptions` (DOCUMENT_TOO_LARGE, DOCUMENT_BROKEN, DOCUMENT_ENCRYPTED,
        DOCUMENT_HAS_NO_TEXT, DOCUMENT_TIMED_OUT, DOCUMENT_NOT_SUPPORTED, DOCUMENT_DANGEROUS): only this document fails.
        DOCUMENT_PARSER_UNAVAILABLE is not the document's fault: the same call may succeed later.
        """
        size = _size(content)
        if size > self.bounds.file_bytes:
            raise error_of(formats.too_large(self.bounds))
        order = wire.Order(name=name, media_type=media_type, size=size)
        async with self._free, self._busy():
            answer, ending = await self._ask(order, content)
        return self._understood(answer, ending, name)

    async def stop(self) -> None:
        """Ends the fork server and with it every child."""
        if self._idle is not None:
            self._idle.cancel()
        async with self._starting:
            process, self._process = self._process, None
            if process is not None:
                await _end(process)

    @contextlib.asynccontextmanager
    async def _busy(self) -> AsyncIterator[None]:
        self._under_way += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            yield
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._rest)

    def _rest(self) -> None:
        if self._under_way == 0:
            task = asyncio.create_task(self.stop(), name="parsers-rest")
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _ask(self, order: wire.Order, content: bytes | Path) -> tuple[bytes, wire.Ending]:
        """What the child answered and how it ended. A fork server that is gone is started again, once."""
        for attempt in (1, 2):
            try:
                async with asyncio.timeout(START_SECONDS + self.bounds.wall_seconds):
                    received = await self._exchange(order, content)
            except (ConnectionError, FileNotFoundError, asyncio.IncompleteReadError):
                received = b""
            except TimeoutError as error:
                raise ParserUnavailable from error
            ending = wire.Ending.unpacked(received[-wire.ENDING_BYTES :])
            if ending is not None:
                return received[: -wire.ENDING_BYTES], ending
            logger.warning("the fork server for documents is gone", extra={"attempt": attempt})
            await self.stop()
        raise ParserUnavailable

    async def _exchange(self, order: wire.Order, content: bytes | Path) -> bytes:
        reader, writer = await asyncio.open_unix_connection(await self._started(), limit=_BLOCK)
        try:
            sending = asyncio.create_task(_send(writer, order, content))
            try:
                return await _receive(reader, _ANSWER_FACTOR * self.bounds.text_chars)
            finally:
                sending.cancel()
                await asyncio.wait([sending])
        finally:
            writer.transport.abort()

    async def _started(self) -> str:
        """The address of the fork server, which is started when there is none."""
        path = str(Path(self._folder.name) / "socket")
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await self._start(path)
        return path

    async def _start(self, path: str) -> asyncio.subprocess.Process:
        with _listener(path) as listener:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *("-s", *self._arguments, str(listener.fileno()), json.dumps(asdict(self.bounds))),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,  # what libraries print may quote the document
                pass_fds=(listener.fileno(),),
                env={
                    "PATH": os.defpath,
                    "LANG": "C.UTF-8",
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "PYTHONPATH": _SOURCES,
                },
                start_new_session=True,
            )

    def _understood(self, answer: bytes, ending: wire.Ending, name: str) -> ParsedText:
        if ending.status == 0 and ending.signal == 0:
            try:
                result = wire.unpacked(answer)
            except ValueError:
                result = Refusal(DocumentBroken.code, "The document cannot be read."), "unreadable answer"
            if isinstance(result, ParsedText):
                return result
            refusal, cause = result
            if cause is not None:
                logger.warning("a parser failed", extra={"cause": cause, "suffix": Path(name).suffix[:12]})
            raise error_of(refusal)
        logger.warning("a parser's process was ended", extra={"signal": ending.signal, "late": ending.timed_out})
        raise self._why(ending)

    def _why(self, ending: wire.Ending) -> AppError:
        if ending.timed_out or ending.signal == _SIGXCPU:
            return DocumentTimedOut()
        if ending.signal == _SIGKILL:  # by the system, which was out of memory
            limit = self.bounds.memory_bytes // MEBIBYTE
            return DocumentTooLarge(f"Reading the document takes more than {limit} MiB of memory: split it.")
        return DocumentBroken()


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _listener(path: str) -> socket.socket:
    """A listening socket in a folder that only this user may enter."""
    Path(path).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    return listener


async def _send(writer: asyncio.StreamWriter, order: wire.Order, content: bytes | Path) -> None:
    """A child that refuses does not read to the end: its answer is what counts, not this."""
    with contextlib.suppress(ConnectionError):
        writer.write(order.packed())
        if isinstance(content, bytes):
            for at in range(0, len(content), _BLOCK):
                writer.write(content[at : at + _BLOCK])
                await writer.drain()
            return
        with await asyncio.to_thread(content.open, "rb") as file:
            left = order.size
            while left and (block := await asyncio.to_thread(file.read, min(_BLOCK, left))):
                left -= len(block)
                writer.write(block)
                await writer.drain()


async def _receive(reader: asyncio.StreamReader, limit: int) -> bytes:
    received = bytearray()
    while block := await reader.read(_BLOCK):
        received += block
        if len(received) > limit:
            raise DocumentTooLarge
    return bytes(received)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
