"""The pool of child processes in which jobs run (E7, E10): what a job does to its process never reaches the worker."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from rotina import Artifact, LogLevel
from rotina.context import RunInfo
from rotina.running import RunEnd
from shared_schemas.jobs import RunError, RunResult
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import wait_first
from shared_utils.observability.tracing import current_traceparent
from worker_svc.runtime.active import ActiveRun, RunFolders
from worker_svc.runtime.forks import ForkServerProcess
from worker_svc.runtime.output import OutputPipe
from worker_svc.runtime.wire import FrameReader, Message, ProtocolError, encode

logger = get_logger(__name__)

RUNS_PER_CHILD: Final = 50
IDLE_SECONDS: Final = 30.0
MAINTENANCE_SECONDS: Final = 5.0
_START_SECONDS: Final = 30.0
_GONE_SECONDS: Final = 30.0
_LINES_PER_CHUNK: Final = 200
_PAUSE_PER_LINE: Final = 0.0001
"""A burst of messages is read at 10,000 a second; beyond that the job waits, and nobody else does."""


class Connection(asyncio.Protocol):
    """The socket to a child: messages in, messages out."""

    def __init__(self, take: Callable[[Message], None], lost: Callable[[], None]) -> None:
        self._take = take
        self._lost = lost
        self._frames = FrameReader()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        count = 0
        try:
            for message in self._frames.feed(data):
                self._take(message)
                count += 1
        except (ProtocolError, KeyError, TypeError, ValueError):
            # Only a job that writes into our own socket can do this; its process is of no use any more.
            logger.exception("a job process broke the protocol")
            self.close()
        if count > _LINES_PER_CHUNK and self._transport is not None:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(count * _PAUSE_PER_LINE, self._resume)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        self._lost()

    def send(self, message: Message) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(encode(message))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()


class ChildProcess:
    """One child: started, given one run at a time, and killed with everything that its job started."""

    def __init__(self, forks: ForkServerProcess) -> None:
        self._forks = forks
        self._connection = Connection(self._take, self._disconnected)
        self._outputs: list[OutputPipe] = []
        self._ready = asyncio.Event()
        self._ended: asyncio.Future[RunEnd] | None = None
        self._active: ActiveRun | None = None
        self._exit: asyncio.Future[int | None] | None = None
        self.dead = asyncio.Event()
        self.spoiled = False
        self.pid = 0
        self.runs = 0
        self.idle_since = 0.0

    async def start(self) -> None:
        """Forks the process and waits until it answers. Raises `OSError` or `TimeoutError` when it does not."""
        ours, theirs = socket.socketpair()
        pipes = [os.pipe(), os.pipe()]
        try:
            self.pid, self._exit = await self._forks.spawn([theirs.fileno(), pipes[0][1], pipes[1][1]])
        except BaseException:
            ours.close()
            for reader, _ in pipes:
                os.close(reader)
            raise
        finally:
            theirs.close()
            for _, writer in pipes:
                os.close(writer)
        self._exit.add_done_callback(lambda _: self._exited())
        self._outputs = [
            OutputPipe(reader, self._take_output, name=name)
            for (reader, _), name in zip(pipes, ("stdout", "stderr"), strict=True)
        ]
        ours.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: self._connection, ours)
        await wait_first(self._ready, self.dead, timeout=_START_SECONDS)
        if not self._ready.is_set():
            raise OSError("the child process did not start")

    async def run(self, active: ActiveRun, folders: RunFolders) -> RunEnd:
        """Runs one attempt to its end, or to the death of the process."""
        self._active, self._ended = active, asyncio.get_running_loop().create_future()
        self.runs += 1
        run = RunInfo.of(active.run).model_dump(mode="json")
        if self.dead.is_set():
            self._exited()
        else:
            self._connection.send(
                {
                    "type": "run",
                    "run": run,
                    "params": active.run.params,
                    "traceparent": current_traceparent(),
                    "temp_dir": str(folders.temp),
                    "spool_dir": str(folders.spool),
                }
            )
        try:
            return await self._ended
        finally:
            self._active = self._ended = None

    def soft_stop(self) -> None:
        """Asks the job to stop: its context is cancelled. The process is not used for another job afterwards."""
        self.spoiled = True
        self._forks.request("stop", self.pid)

    async def kill(self) -> bool:
        """Kills the process and all its descendants; says whether nothing of them is left."""
        self.spoiled = True
        if self._exit is None or self._exit.done():
            return True
        self._forks.request("kill", self.pid)
        done, _ = await asyncio.wait([self._exit], timeout=_GONE_SECONDS)
        return bool(done)

    async def close(self) -> None:
        """Ends the process and releases everything; what its last job left behind goes too."""
        await self.kill()
        self._connection.close()
        for output in self._outputs:
            output.close()

    def _take(self, message: Message) -> None:
        for output in self._outputs:
            output.drain()  # what was printed before the message comes before it
        active = self._active
        match message["type"]:
            case "ready":
                self._ready.set()
            case "log" if active is not None:
                at = datetime.fromtimestamp(message["at"], UTC)
                active.log(LogLevel(message["level"]), message["message"], message["fields"], at=at)
            case "progress" if active is not None:
                active.progress(message["fraction"], message["message"], message["eta_seconds"])
            case "artifact" if active is not None:
                artifact = Artifact(
                    **{name: message[name] for name in ("name", "content_type", "size_bytes", "sha256")}
                )
                active.artifact(artifact, Path(message["path"]))
            case "end":
                for output in self._outputs:
                    output.end_run()
                if not message["alone"]:
                    # The run is over when they are gone; until then the process is not given another job.
                    self.spoiled = True
                    if active is not None:
                        active.log(LogLevel.INFO, "processes that the job left behind are ended", {})
                self._finish(_end_of(message))

    def _take_output(self, line: str, name: str) -> None:
        if self._active is not None and line.strip():
            self._active.log(LogLevel.INFO, line, {"source": name})

    def _disconnected(self) -> None:
        """The process is ending, or closed its socket: then it cannot work for us and has to go."""
        if not self.dead.is_set():
            self._forks.request("kill", self.pid)

    def _exited(self) -> None:
        """The process and everything that it started are gone."""
        self.dead.set()
        code = self._exit.result() if self._exit is not None and self._exit.done() else None
        for output in self._outputs:
            output.drain()
            output.close()
        self._finish(RunEnd(error=_death(code)))

    def _finish(self, end: RunEnd) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(end)


class ChildPool:
    """Children for at most `size` runs at a time; `warm` idle ones are kept ready, others retire after a while."""

    def __init__(self, *, size: int, warm: int, registries: Sequence[str], environment: Mapping[str, str]) -> None:
        self._forks = ForkServerProcess(registries=registries, environment=environment)
        self._size = size
        self._warm = min(warm, size)
        self._idle: list[ChildProcess] = []
        self._busy: set[ChildProcess] = set()
        self._starting = 0
        self._taken = asyncio.Event()
        self._closed = False

    @property
    def healthy(self) -> bool:
        """Whether a job could start now without waiting for a process, or one is running."""
        return self._warm == 0 or bool(self._idle or self._busy)

    def pids(self) -> list[int]:
        """The processes of jobs, idle ones included."""
        return [one.pid for one in (*self._idle, *self._busy)]

    async def run(self, active: ActiveRun, folders: RunFolders, *, started: Callable[[ChildProcess], None]) -> RunEnd:
        """Runs an attempt in a child; `started` is told which one, to stop or kill it."""
        try:
            child = await self._take()
        except (OSError, TimeoutError) as error:
            message = f"No process could be started for the job: {error}"
            return RunEnd(error=RunError(code="NO_PROCESS", message=message, transient=True))
        self._busy.add(child)
        try:
            started(child)
            return await child.run(active, folders)
        finally:
            self._busy.discard(child)
            child.spoiled = child.spoiled or active.stop_reason is not None
            await self._give_back(child)

    async def keep_warm(self, stop: asyncio.Event) -> None:
        """Starts children ahead of need and lets superfluous ones go."""
        while not stop.is_set():
            await self._retire()
            try:
                while self._wants_more():
                    self._add_idle(await self._start())
            except (OSError, TimeoutError) as error:
                logger.warning("no child process could be started", extra={"fields": {"error": repr(error)}})
            self._taken.clear()
            await wait_first(stop, self._taken, timeout=MAINTENANCE_SECONDS)

    async def close(self) -> None:
        """Ends all children, and the process that forks them."""
        self._closed = True
        children = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(child.close() for child in children))
        await self._forks.close()

    def _wants_more(self) -> bool:
        alive = len(self._idle) + len(self._busy) + self._starting
        return len(self._idle) < self._warm and alive < self._size and not self._closed

    async def _take(self) -> ChildProcess:
        while self._idle:
            child = self._idle.pop()
            self._taken.set()
            if not child.dead.is_set():
                return child
            await child.close()
        return await self._start()

    async def _start(self) -> ChildProcess:
        self._starting += 1
        child = ChildProcess(self._forks)
        try:
            await child.start()
        except BaseException:
            await child.close()
            raise
        finally:
            self._starting -= 1
        return child

    async def _give_back(self, child: ChildProcess) -> None:
        """A child whose run was stopped is ended with whatever the job started, before anybody says that it is over."""
        if child.spoiled or child.dead.is_set() or child.runs >= RUNS_PER_CHILD or self._closed:
            await child.close()
            self._taken.set()
        else:
            self._add_idle(child)

    def _add_idle(self, child: ChildProcess) -> None:
        child.idle_since = asyncio.get_running_loop().time()
        self._idle.append(child)

    async def _retire(self) -> None:
        """Ends idle children that died, or that nobody needed for a while; the one used last is kept longest."""
        now = asyncio.get_running_loop().time()
        alive = [child for child in self._idle if not child.dead.is_set()]
        surplus = [one for one in alive[: len(alive) - self._warm] if now - one.idle_since > IDLE_SECONDS]
        gone = [*(child for child in self._idle if child.dead.is_set()), *surplus]
        self._idle = [child for child in self._idle if child not in gone]
        for child in gone:
            await child.close()


def _death(code: int | None) -> RunError:
    how = "for an unknown reason" if code is None else f"with {_describe(code)}"
    return RunError(
        code="JOB_PROCESS_DIED",
        message=f"The job's process ended {how} before the job did.",
        transient=True,
        detail={"exit": None if code is None else _describe(code)},
    )


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"


def _end_of(message: Message) -> RunEnd:
    result: Any = message["result"]
    error: Any = message["error"]
    return RunEnd(
        result=RunResult.model_validate(result) if result is not None else None,
        error=RunError.model_validate(error) if error is not None else None,
    )
