"""The worker's handle on its fork server (`forkserver.py`): spawn, stop, kill, and who ended how."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from shared_utils.logging import get_logger
from worker_svc.runtime.linux import adopts_orphans, kill_all
from worker_svc.runtime.wire import FrameReader, Message, encode

logger = get_logger(__name__)

_START_SECONDS: Final = 30.0
_SPAWN_SECONDS: Final = 10.0
_CLOSE_SECONDS: Final = 10.0
_READ_BYTES: Final = 65_536
_SWEEP_SECONDS: Final = 0.02

type Exit = asyncio.Future[int | None]


class ForkServerProcess:
    """Starts the fork server when it is first needed, and again should it ever die; its children die with it."""

    def __init__(self, *, registries: Sequence[str], environment: Mapping[str, str]) -> None:
        self._registries = tuple(registries)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._frames = FrameReader()
        self._ready = asyncio.Event()
        self._spawned: asyncio.Future[int] | None = None
        self._exits: dict[int, Exit] = {}
        self._cleaning: asyncio.Task[None] | None = None
        # One spawn at a time: the descriptors of a request travel beside its bytes.
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def spawn(self, descriptors: Sequence[int]) -> tuple[int, Exit]:
        """Fork a child with these descriptors (socket, stdout, stderr). The future ends when its whole tree is gone.

        Raises `OSError` or `TimeoutError` when it cannot be done.
        """
        async with self._turn:
            control = await self._ensure_running()
            self._spawned = asyncio.get_running_loop().create_future()
            socket.send_fds(control, [encode({"type": "spawn"})], list(descriptors))
            pid = await asyncio.wait_for(self._spawned, _SPAWN_SECONDS)
            return pid, self._exits[pid]

    def request(self, what: str, pid: int) -> None:
        """`stop` sends SIGTERM to a child, `kill` ends its tree. Nothing happens when it is gone already."""
        if self._control is not None and pid in self._exits:
            with contextlib.suppress(OSError):  # a fork server that is gone took its children along
                self._control.sendall(encode({"type": what, "pid": pid}))

    async def close(self) -> None:
        """End the fork server, and with it every child that is left."""
        process = self._process
        self._lost()
        if process is not None:
            try:
                await asyncio.to_thread(process.wait, _CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)
        if self._cleaning is not None:
            await self._cleaning

    async def _ensure_running(self) -> socket.socket:
        if self._cleaning is not None:
            await self._cleaning
        if self._control is None:
            await self._start()
        if self._control is None:
            raise OSError("the fork server ended at its start")
        return self._control

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "worker_svc.runtime.forkserver", str(theirs.fileno()), *self._registries]
        try:
            # Its own session: Ctrl-C at a terminal is the worker's to handle.
            self._process = await asyncio.to_thread(
                subprocess.Popen,
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **self._environment},
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        self._control, self._frames = ours, FrameReader()
        self._ready.clear()
        asyncio.get_running_loop().add_reader(ours.fileno(), self._read)
        try:
            await asyncio.wait_for(self._ready.wait(), _START_SECONDS)
        except TimeoutError:
            await self.close()
            raise

    def _read(self) -> None:
        try:
            data = self._control.recv(_READ_BYTES) if self._control is not None else b""
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            logger.error("the fork server ended; its jobs' processes ended with it")
            self._lost()
            return
        for message in self._frames.feed(data):
            self._take(message)

    def _take(self, message: Message) -> None:
        match message["type"]:
            case "ready":
                self._ready.set()
            case "spawned":
                self._exits[message["pid"]] = asyncio.get_running_loop().create_future()
                if self._spawned is not None and not self._spawned.done():
                    self._spawned.set_result(message["pid"])
            case "exited":
                ended = self._exits.pop(message["pid"], None)
                if ended is not None and not ended.done():
                    ended.set_result(message["code"])

    def _lost(self) -> None:
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            asyncio.get_running_loop().remove_reader(control.fileno())
            control.close()
        self._ready.set()
        if self._spawned is not None and not self._spawned.done():
            self._spawned.set_exception(OSError("the fork server ended"))
        exits, self._exits = self._exits, {}
        if exits:
            self._cleaning = asyncio.create_task(self._clean_up(process, list(exits.values())), name="orphans")

    async def _clean_up(self, process: subprocess.Popen[bytes] | None, exits: Sequence[Exit]) -> None:
        """Job processes die with the fork server; what they had started comes to this process, if it adopts orphans."""
        if process is not None:
            await asyncio.to_thread(process.wait)
        if adopts_orphans():
            while kill_all(os.getpid()):
                _collect_orphans()
                await asyncio.sleep(_SWEEP_SECONDS)
        for ended in exits:
            if not ended.done():
                ended.set_result(None)


def _collect_orphans() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
