"""Child processes of the supervisor: each in a session of its own, with a log, and bound to the supervisor's life."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def adopt_orphans() -> None:
    """Grandchildren whose parent died become our children, so that none escapes the final sweep (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_with_parent() -> None:
    """Runs in the child before exec: SIGTERM when the supervisor's main thread is gone (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass(frozen=True)
class Command:
    """How a process is started. `ready_url` answers 200 when it can work; `stop_seconds` is its time to end in order."""

    name: str
    args: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    ready_url: str | None = None
    stop_seconds: float = 8.0


@dataclass
class Child:
    """A running process of a command."""

    command: Command
    process: asyncio.subprocess.Process
    started: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.returncode is None

    async def stop(self, *, at_once: bool = False) -> None:
        """SIGTERM, then SIGKILL to the whole session after its grace time. Descendants do not survive it."""
        family = self._descendants()
        if self.alive():
            self._signal(signal.SIGKILL if at_once else signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), self.command.stop_seconds)
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await self.process.wait()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # what it left behind in its own group
        for process in family:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                process.kill()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def _descendants(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid).children(recursive=True)
        return []


async def spawn(command: Command) -> Child:
    """Starts a process. Call it on the main thread: the parent-death signal is bound to the starting thread."""
    with command.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command.args,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            cwd=command.cwd,
            env=dict(command.env),
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    return Child(command, process)


def reap_adopted(known: set[int]) -> None:
    """Collects ended orphans that we adopted; our own children are waited for elsewhere."""
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process().children():
            with suppress(psutil.NoSuchProcess, ChildProcessError):
                if process.pid not in known and process.status() == psutil.STATUS_ZOMBIE:
                    os.waitpid(process.pid, os.WNOHANG)


def sweep(spared: set[int]) -> list[str]:
    """Kills every descendant that is left, but those in `spared`. Returns their command lines."""
    left = [process for process in psutil.Process().children(recursive=True) if process.pid not in spared]
    described = []
    for process in left:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.status() != psutil.STATUS_ZOMBIE:
                described.append(" ".join(process.cmdline())[:120])
            process.kill()
    # Not waitpid: our own children belong to the event loop's watcher.
    psutil.wait_procs(left, timeout=5)
    return described
