"""`python -m ai_svc.rag.parsing.fork_server`: has parsers in memory and forks one child per document.

Started by `parsers.Parsers`, which listens on a private socket and gives it away. Each connection is one document: the
child reads it, answers, and ends; this process then adds the record of how the child ended and closes the connection.
A connection that its other side closed ends the child, as does the wall clock. When the service is gone (its end of
standard input closes) everything here ends.

Parsers with large libraries (PDF, Word, Excel, web pages) are loaded when the first such document has come: its child
imports what it needs and says so by its exit status, and this process does the same for those that follow.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from ai_svc.rag.parsing import child, formats
from ai_svc.rag.parsing.bounds import Bounds
from ai_svc.rag.parsing.wire import Ending

_ENDING_SECONDS: Final = 10.0
# Exit statuses of children that did their work and had to load the parser of one media type for it. A hostile document
# may say so, too: that loads a library of ours, and an answer that is not there or not whole fails all the same.
_LOADED: Final = dict(enumerate(formats.PARSERS, start=64))
_STATUS_OF: Final = {kind: status for status, kind in _LOADED.items()}
_BLOCK: Final = 256 * 1024


@dataclass(slots=True)
class _Case:
    """One document that is being read. `ending` is there once the child has ended, and empty once it is sent."""

    connection: socket.socket
    pid: int
    deadline: float
    timed_out: bool = False
    gone: bool = False
    """Whether the service closed the connection."""
    ending: bytes | None = None


class ForkServer:
    """The loop. Single-threaded, so that forking is safe."""

    def __init__(
        self, listener: socket.socket, bounds: Bounds, serve: Callable[[socket.socket, Bounds], str | None]
    ) -> None:
        self._listener = listener
        self._bounds = bounds
        self._serve = serve
        self._cases: dict[int, _Case] = {}
        self._wanted: set[str] = set()
        self._poll = select.poll()
        self._wake_reading, self._wake_writing = os.pipe()
        for fd in (self._wake_reading, self._wake_writing):
            os.set_blocking(fd, False)

    def run(self) -> None:
        """Serves until the service closes standard input."""
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._wake_writing, warn_on_full_buffer=False)
        stdin = sys.stdin.fileno()
        self._poll.register(self._listener, select.POLLIN)
        self._poll.register(self._wake_reading, select.POLLIN)
        self._poll.register(stdin, 0)  # only its end is of interest
        while True:
            happened = dict(self._poll.poll(self._patience()))
            if stdin in happened:
                self._kill_all()
                return
            if self._wake_reading in happened:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_reading, 4096)
            self._reap()
            for fd, what in happened.items():
                if fd in self._cases:
                    self._heard(self._cases[fd], what)
            if self._listener.fileno() in happened:
                self._accept()
            self._end_late_ones()
            self._load_what_is_wanted()

    def _patience(self) -> float | None:
        """Milliseconds until the next deadline."""
        deadlines = [case.deadline for case in self._cases.values()]
        return max(0.0, (min(deadlines) - time.monotonic()) * 1000 + 1) if deadlines else None

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        pid = os.fork()
        if pid == 0:
            self._become_child(connection)
        with contextlib.suppress(OSError):  # the child does the same; who comes first does not matter
            os.setpgid(pid, pid)
        deadline = time.monotonic() + self._bounds.wall_seconds
        self._cases[connection.fileno()] = _Case(connection, pid, deadline)
        self._poll.register(connection, 0)  # what it says is for the child; only its end is of interest

    def _become_child(self, connection: socket.socket) -> None:
        """Never returns: whatever happens in a child ends in its exit status."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for case in self._cases.values():
                case.connection.close()
            self._listener.close()
            os.close(self._wake_reading)
            os.close(self._wake_writing)
            loaded = self._serve(connection, self._bounds)
            status = _STATUS_OF[loaded] if loaded is not None else 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        by_pid = {case.pid: case for case in self._cases.values()}
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            _kill(ended.si_pid)  # what may be left of its group, while its number cannot be another's
            _, status, usage = os.wait4(ended.si_pid, 0)
            case = by_pid.get(ended.si_pid)
            if case is not None:
                self._ended(case, status, usage.ru_maxrss)

    def _ended(self, case: _Case, status: int, peak_kib: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        if code in _LOADED:
            self._wanted.add(_LOADED[code])
            code = 0
        if case.gone:
            self._forget(case)
            return
        case.ending = Ending(max(code, 0), max(-code, 0), case.timed_out, peak_kib).packed()
        case.deadline = time.monotonic() + _ENDING_SECONDS
        self._poll.modify(case.connection, select.POLLOUT | select.POLLIN)

    def _heard(self, case: _Case, what: int) -> None:
        if what & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            if case.ending is not None:
                self._forget(case)
            else:
                case.gone = True
                self._poll.unregister(case.connection)
                _kill(case.pid)
        elif case.ending is not None:
            self._conclude(case, what)

    def _conclude(self, case: _Case, what: int) -> None:
        """Sends the ending, then takes what the service still sends until it closes: a socket that is closed with
        something unread in it resets the connection, and the service would lose the answer.
        """
        try:
            if what & select.POLLIN and not case.connection.recv(_BLOCK, socket.MSG_DONTWAIT):
                self._forget(case)
            elif what & select.POLLOUT and case.ending:
                case.connection.send(case.ending, socket.MSG_DONTWAIT)
                case.connection.shutdown(socket.SHUT_WR)
                case.ending = b""
                self._poll.modify(case.connection, select.POLLIN)
        except BlockingIOError:
            return  # it is told again
        except OSError:
            self._forget(case)

    def _end_late_ones(self) -> None:
        now = time.monotonic()
        for case in [case for case in self._cases.values() if case.deadline <= now]:
            if case.ending is not None:
                self._forget(case)  # the service does not read
            else:
                case.timed_out = True
                case.deadline = now + _ENDING_SECONDS
                _kill(case.pid)

    def _load_what_is_wanted(self) -> None:
        """Takes some tenths of a second, in which nothing else happens here: answers that are ready go first."""
        if self._wanted and not any(case.ending for case in self._cases.values()):
            preload(self._wanted)
            self._wanted.clear()

    def _forget(self, case: _Case) -> None:
        self._cases.pop(case.connection.fileno())
        with contextlib.suppress(KeyError):
            self._poll.unregister(case.connection)
        case.connection.close()

    def _kill_all(self) -> None:
        for case in self._cases.values():
            _kill(case.pid)


def _kill(pid: int) -> None:
    """A child that has not been waited for, with all of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def preload(kinds: Iterable[str] = formats.LIGHT) -> None:
    """Loads parsers for all children to come."""
    formats.preload(kinds)
    gc.collect()
    gc.freeze()  # so that collections in children do not copy what they share with this process


def main(arguments: list[str]) -> None:
    """`arguments`: the number of the listening socket's descriptor, the bounds as JSON."""
    listener = socket.socket(fileno=int(arguments[0]))
    settings: dict[str, Any] = json.loads(arguments[1])
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # openpyxl would load it, and needs it not
    preload()
    ForkServer(listener, Bounds(**settings), child.serve).run()


if __name__ == "__main__":
    main(sys.argv[1:])
