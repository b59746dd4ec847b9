"""The process that forks job processes, and makes sure that nothing of them stays behind.

The worker runs an event loop, threads and connections, from which one must not fork; a new interpreter per job takes a
third of a second. So a small process that has imported the job catalog, and nothing else, forks on request in a few
milliseconds.

It is also the reaper: a job process leads its own session, and whatever it starts, however daemonised, comes back to
this process when its parent ends, and is killed. An end is reported only when the whole tree is gone. When the worker
dies, even by SIGKILL, its socket closes and everything is killed.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from types import FrameType

from rotina import JobRegistry
from rotina.registry import load_registry
from worker_svc.runtime.child import Child, output_to
from worker_svc.runtime.linux import adopt_orphans, die_with_parent, kill_all
from worker_svc.runtime.wire import FrameReader, Message, encode

_READ_BYTES = 65_536
_FDS_PER_CHILD = 3
_SWEEP_SECONDS = 0.02


class ForkServer:
    """Serves one worker over `control`."""

    def __init__(self, control: socket.socket, registry: JobRegistry) -> None:
        self._control = control
        self._registry = registry
        self._frames = FrameReader()
        self._descriptors: list[int] = []
        self._children: set[int] = set()
        self._ended: dict[int, int] = {}
        self._closing = False
        self._pid = os.getpid()

    def serve(self) -> None:
        """Until the worker's end of the socket closes; then everything is killed."""
        wake_reader, wake_writer = socket.socketpair()
        wake_reader.setblocking(False)
        wake_writer.setblocking(False)
        signal.set_wakeup_fd(wake_writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._own_sockets = (wake_reader, wake_writer, self._control)
        self._send({"type": "ready"})
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(wake_reader, selectors.EVENT_READ)
            while not self._closing:
                for key, _ in selector.select(_SWEEP_SECONDS if self._ended else None):
                    if key.fileobj is wake_reader:
                        wake_reader.recv(_READ_BYTES)
                    else:
                        self._take_requests()
                self._reap()
        self._kill_everything()

    def _on_terminate(self, _number: int, _frame: FrameType | None) -> None:
        self._closing = True

    def _take_requests(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _READ_BYTES, 64)
        except OSError:
            data, descriptors = b"", []
        self._descriptors += descriptors
        if not data:
            self._closing = True
        for message in self._frames.feed(data):
            self._handle(message)

    def _handle(self, message: Message) -> None:
        if message["type"] == "spawn":
            descriptors, self._descriptors = self._descriptors[:_FDS_PER_CHILD], self._descriptors[_FDS_PER_CHILD:]
            pid = self._fork(descriptors)
            self._send({"type": "spawned", "pid": pid})
            for descriptor in descriptors:
                os.close(descriptor)
        elif message["pid"] in self._children:  # never a process id that may belong to somebody else by now
            if message["type"] == "stop":
                os.kill(message["pid"], signal.SIGTERM)
            else:
                os.killpg(message["pid"], signal.SIGKILL)

    def _fork(self, descriptors: list[int]) -> int:
        pid = os.fork()
        if pid:
            self._children.add(pid)
            return pid
        status = 1
        try:
            self._become_child(descriptors)
            status = 0
        except BaseException:  # noqa: BLE001  a forked process must never run its parent's code
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _become_child(self, descriptors: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with_parent(self._pid)
        adopt_orphans()
        for own in self._own_sockets:
            own.close()
        connection, stdout, stderr = descriptors
        with output_to(stdout, stderr):
            Child(socket.socket(fileno=connection), self._registry).serve()

    def _reap(self) -> None:
        """Collect the dead. An end is held back until no orphan is left, since one may be of that process."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in self._children:
                self._children.discard(pid)
                self._ended[pid] = os.waitstatus_to_exitcode(status)
        if self._ended and not self._kill_orphans():
            for pid, code in self._ended.items():
                self._send({"type": "exited", "pid": pid, "code": code})
            self._ended.clear()

    def _kill_orphans(self) -> bool:
        """Kill what ended processes left behind: their group, and adopted descendants. True while something is left."""
        groups = [_kill_group(pid) for pid in self._ended]
        orphans = kill_all(self._pid, but=self._children | set(self._ended))
        return orphans or any(groups)

    def _kill_everything(self) -> None:
        while True:
            kill_all(self._pid)
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                return

    def _send(self, message: Message) -> None:
        try:
            self._control.sendall(encode(message))
        except OSError:
            self._closing = True


def _kill_group(pid: int) -> bool:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main(arguments: list[str]) -> None:
    """`python -m worker_svc.runtime.forkserver DESCRIPTOR REGISTRY...`"""
    control = socket.socket(fileno=int(arguments[0]))
    control.set_inheritable(False)
    registry = JobRegistry()
    for path in arguments[1:]:
        registry.update(load_registry(path))
    adopt_orphans()
    # What was imported so far is shared by all children, and never garbage.
    gc.collect()
    gc.freeze()
    ForkServer(control, registry).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
