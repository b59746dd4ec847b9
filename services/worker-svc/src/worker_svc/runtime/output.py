"""What a job prints, line by line. A job that prints without end is slowed down, not the worker."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

MAX_LINE_BYTES: Final = 20_000
_CHUNK_BYTES: Final = 16_384
_LINES_AT_ONCE: Final = 100
_PAUSE_SECONDS: Final = 0.025
_MAX_BACKLOG_BYTES: Final = 1024 * 1024

type TakeLine = Callable[[str, str], None]


class OutputPipe:
    """The reading end of a child's stdout or stderr. It owns the descriptor."""

    def __init__(self, descriptor: int, take: TakeLine, *, name: str) -> None:
        self._descriptor = descriptor
        self._take = take
        self._name = name
        self._buffer = bytearray()
        self._open = True
        os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(descriptor, self._readable)

    def drain(self) -> None:
        """Take what the child has printed so far: it was in the pipe before the next message was in the socket."""
        while self._open and len(self._buffer) < _MAX_BACKLOG_BYTES and self._read():
            pass
        self._give(limit=None)

    def end_line(self) -> None:
        """A run is over: what was printed without a line break is its last line."""
        self._give_rest()

    def close(self) -> None:
        """Give out the last line, finished or not, and let go of the pipe."""
        self._give_rest()
        if self._open:
            self._open = False
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)

    def _readable(self) -> None:
        if not self._read() and self._open:
            return
        self._pump()

    def _pump(self) -> None:
        """Some lines now; while there are more, the pipe is left alone and fills up, and the job waits."""
        loop = asyncio.get_running_loop()
        if not self._open:
            return
        if self._give(limit=_LINES_AT_ONCE):
            loop.remove_reader(self._descriptor)
            loop.call_later(_PAUSE_SECONDS, self._pump)
        else:
            loop.add_reader(self._descriptor, self._readable)

    def _read(self) -> bool:
        """Whether something was read. At the end of the output the pipe is closed."""
        try:
            data = os.read(self._descriptor, _CHUNK_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self.close()
            return False
        self._buffer += data
        return True

    def _give(self, *, limit: int | None) -> bool:
        """Hand over complete lines, at most `limit`; says whether complete lines are left."""
        given = 0
        while limit is None or given < limit:
            end = self._buffer.find(b"\n", 0, MAX_LINE_BYTES)
            if end < 0 and len(self._buffer) < MAX_LINE_BYTES:
                return False
            cut = end + 1 if end >= 0 else MAX_LINE_BYTES
            self._hand_over(bytes(self._buffer[:cut]))
            del self._buffer[:cut]
            given += 1
        return b"\n" in self._buffer

    def _give_rest(self) -> None:
        self._give(limit=None)
        if self._buffer:
            self._hand_over(bytes(self._buffer))
            self._buffer.clear()

    def _hand_over(self, line: bytes) -> None:
        self._take(line.decode("utf-8", "backslashreplace").rstrip("\r\n"), self._name)
