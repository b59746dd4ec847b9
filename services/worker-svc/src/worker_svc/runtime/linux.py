"""What Linux knows about processes and the standard library does not offer. Elsewhere none of it does anything."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37
_ROUNDS = 100
_CHILDREN_FILE = Path("/proc/thread-self/children")


def die_with_parent(parent: int) -> None:
    """SIGKILL this process when its parent ends, however that happens; at once if it already has."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none of them gets out of sight."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def adopts_orphans() -> bool:
    """Whether this process called `adopt_orphans`: children that it did not start are orphans of its descendants."""
    answer = ctypes.c_int(0)
    _prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(answer))
    return answer.value != 0


def children_of(pid: int) -> list[int]:
    """Direct children of a process that are alive or waited for; empty when it is gone, or where there is no /proc."""
    if not _CHILDREN_FILE.exists():
        return _children_by_parent(pid)
    try:
        # Microseconds, so that what is found is still there.
        files = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for file in files for child in file.read_text().split()]
    except OSError:
        return []


def _children_by_parent(pid: int) -> list[int]:
    """For kernels without CONFIG_PROC_CHILDREN: by looking at every process there is."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The command's name is in parentheses and may hold anything; the state and the parent's id follow it.
            fields = entry.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return found


def kill_all(pid: int, *, but: Collection[int] = ()) -> bool:
    """SIGKILL everything below `pid` without `but` and what is below those; says whether there was anything.

    Each is frozen in the moment in which it is found, until no new one is found: processes that fork faster than they
    are killed would get away otherwise. Call it again until it finds nothing.
    """
    frozen: set[int] = set()
    for _ in range(_ROUNDS):
        if not _freeze(pid, set(but) | frozen, frozen):
            break
    for one in frozen:
        send(one, signal.SIGKILL)
    return bool(frozen)


def _freeze(pid: int, known: set[int], frozen: set[int]) -> bool:
    found = False
    look = [pid, *frozen]
    while look:
        for child in children_of(look.pop()):
            if child not in known:
                send(child, signal.SIGSTOP)
                known.add(child)
                frozen.add(child)
                look.append(child)
                found = True
    return found


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; nothing happens when the process is gone or somebody else's."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _prctl(option: int, value: object) -> None:
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        if library.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), f"prctl({option}) failed")
