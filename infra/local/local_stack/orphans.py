"""Which processes belong to a stack, written down so that nothing outlives it, and ending them without hurting a stranger.

A process is named by its pid *and* its start time: a pid that was given to somebody else since is left alone.
"""

import os
import signal
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from local_stack.state import read_json, write_private

# In the environment of everything that a run starts, and of all that those start: job processes in sessions of their own
# are found by it when their parent is gone.
MARKER_VARIABLE = "ROTINA_STACK_RUN"


@dataclass(frozen=True)
class ProcessRecord:
    """One process. `owner` is the supervisor's pid, `marker` the run's; `stop_signal` is what ends the process in order."""

    name: str
    pid: int
    started: float
    stop_signal: int
    owner: int
    marker: str

    def process(self) -> psutil.Process | None:
        """The living process, None when it ended or its pid is somebody else's now."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1.0
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def record_of(name: str, pid: int, stop_signal: int, *, owner: int, marker: str) -> ProcessRecord | None:
    """None when the process has ended already."""
    try:
        return ProcessRecord(name, pid, psutil.Process(pid).create_time(), stop_signal, owner, marker)
    except psutil.NoSuchProcess:
        return None


def save_records(path: Path, records: Iterable[ProcessRecord]) -> None:
    write_private(path, [asdict(record) for record in records])


def load_records(path: Path) -> list[ProcessRecord]:
    return [ProcessRecord(**entry) for entry in read_json(path) or []]


def end_processes(records: Sequence[ProcessRecord], *, seconds: float) -> list[str]:
    """Stops what is left of `records`, the last started first, then whatever carries their marker. Returns their names."""
    living = [(record, process) for record in reversed(records) if (process := record.process()) is not None]
    for record, process in living:
        _signal(process, record.stop_signal)
    _, stubborn = psutil.wait_procs([process for _, process in living], timeout=seconds)
    leftovers = [*stubborn, *_marked({record.marker for record in records})]
    for process in leftovers:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(leftovers, timeout=5)
    return [record.name for record, _ in living]


def _signal(process: psutil.Process, number: int) -> None:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process.send_signal(number)


def _marked(markers: set[str]) -> list[psutil.Process]:
    """Processes of these runs, but us."""
    found = []
    for process in psutil.process_iter() if markers else ():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.pid != os.getpid() and process.environ().get(MARKER_VARIABLE) in markers:
                found.append(process)
    return found


def wait_for_pid(pid: int, seconds: float) -> bool:
    """Waits for a process that is not our child; says whether it is gone."""
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
