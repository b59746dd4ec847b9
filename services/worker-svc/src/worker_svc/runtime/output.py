"""What a job prints, line by line. Memory is bounded, whatever it prints: beyond the budget lines are dropped."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from worker_svc.runtime.budget import LineBudget

MAX_LINE_BYTES: Final = 19_900  # and a note that the rest was cut
_CHUNK_BYTES: Final = 65_536
_LINES_AT_ONCE: Final = 200
_PAUSE_SECONDS: Final = 0.02
_MAX_BACKLOG_BYTES: Final = 1024 * 1024
_NOTICE_SECONDS: Final = 1.0

type TakeLine = Callable[[str, str], None]


class OutputPipe:
    """The reading end of a child's stdout or stderr. It owns the descriptor."""

    def __init__(self, descriptor: int, take: TakeLine, *, name: str) -> None:
        self._descriptor = descriptor
        self._take = take
        self._name = name
        self._buffer = bytearray()
        self._cut = 0
        self._budget = LineBudget()
        self._telling: asyncio.TimerHandle | None = None
        self._open = True
        os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(descriptor, self._readable)

    def drain(self) -> None:
        """Take what the child has printed so far: it was in the pipe before the next message was in the socket."""
        while self._open and len(self._buffer) < _MAX_BACKLOG_BYTES and self._read():
            pass
        self._give(limit=None)

    def end_run(self) -> None:
        """A run is over: what was printed without a line break is its last line, and the next one starts afresh."""
        self._give_rest()
        self._budget = LineBudget()

    def close(self) -> None:
        """Give out the last line, finished or not, and let go of the pipe."""
        self._give_rest()
        if self._telling is not None:
            self._telling.cancel()
        if self._open:
            self._open = False
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)

    def _readable(self) -> None:
        if not self._read() and self._open:
            return
        self._pump()

    def _pump(self) -> None:
        """Some lines now; while there are more, the pipe is left alone for a moment, and others have their turn."""
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
            end = self._buffer.find(b"\n")
            if end < 0:
                self._cut_line()
                return False
            if not self._budget.take(min(end, MAX_LINE_BYTES)):
                self._drop_lines()
                return False
            self._give_notice()
            self._hand_over(bytes(self._buffer[: min(end, MAX_LINE_BYTES)]), length=end + self._cut)
            del self._buffer[: end + 1]
            self._cut = 0
            given += 1
        return b"\n" in self._buffer

    def _drop_lines(self) -> None:
        end = self._buffer.rfind(b"\n") + 1
        self._budget.dropped(self._buffer.count(b"\n"), end + self._cut)
        del self._buffer[:end]
        self._cut = 0
        self._cut_line()
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_NOTICE_SECONDS, self._tell)

    def _cut_line(self) -> None:
        """Of a line without end the beginning is kept; of a progress bar that overwrites itself, its last state."""
        if len(self._buffer) <= MAX_LINE_BYTES:
            return
        overwritten = self._buffer.rfind(b"\r", 0, len(self._buffer) - 1) + 1
        if overwritten:
            del self._buffer[:overwritten]
            self._cut = 0
        self._cut += max(0, len(self._buffer) - MAX_LINE_BYTES)
        del self._buffer[MAX_LINE_BYTES:]

    def _give_rest(self) -> None:
        self._give(limit=None)
        if self._buffer:
            self._hand_over(bytes(self._buffer), length=len(self._buffer) + self._cut)
            self._buffer.clear()
            self._cut = 0
        self._give_notice()

    def _tell(self) -> None:
        self._telling = None
        self._give_notice()

    def _give_notice(self) -> None:
        if (notice := self._budget.notice()) is not None:
            self._take(notice, self._name)

    def _hand_over(self, line: bytes, *, length: int) -> None:
        text = line.rstrip(b"\r\n").rpartition(b"\r")[2].decode("utf-8", "backslashreplace")
        if length > MAX_LINE_BYTES or len(text) > MAX_LINE_BYTES:
            text = f"{text[:MAX_LINE_BYTES]} … [cut: the line has {length:,} bytes]"
        self._take(text, self._name)
