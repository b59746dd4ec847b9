"""What the servers have in common: waiting for them with a deadline, and saying what their log says when they fail."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class ServerFailedError(RuntimeError):
    """A server did not start or stop; the message ends with the tail of its log."""


def wait_until(condition: Callable[[], bool], *, seconds: float, interval: float = 0.02) -> bool:
    """Polls `condition` until it holds or the time is over; says whether it held."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


def detach(process: subprocess.Popen[bytes]) -> int:
    """Lets a child outlive the object that started it, and returns its process id. Somebody else ends it."""
    process.returncode = (
        0  # Popen warns about a running child when it is collected, unless it believes that it has ended
    )
    return process.pid


def tail(log_file: Path, *, lines: int = 25) -> str:
    """The end of a log file, for error messages."""
    try:
        return "\n".join(log_file.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
