"""What processes use: memory as PSS (pages shared between processes are counted once, in parts), and processor time."""

from contextlib import suppress
from pathlib import Path

import psutil


def pss_megabytes(pid: int) -> float:
    """PSS of one process, from the kernel's own sum."""
    return _megabytes(pid, "Pss:")


def rss_megabytes(pid: int) -> float:
    """RSS of one process: libraries that others have mapped too are counted whole."""
    return _megabytes(pid, "Rss:")


def _megabytes(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no {name} line for process {pid}")


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    parent = psutil.Process(pid)
    return [pid, *(child.pid for child in parent.children(recursive=True))]


def family_pss(pid: int) -> tuple[float, int]:
    """Megabytes of a process with its children, and how many processes those are."""
    pids = family(pid)
    return sum(pss_megabytes(one) for one in pids), len(pids)


def family_cpu_seconds(pid: int) -> float:
    """Processor time of a process and of everything that it started and that still lives."""
    seconds = 0.0
    for one in family(pid):
        with suppress(psutil.NoSuchProcess):
            times = psutil.Process(one).cpu_times()
            seconds += times.user + times.system
    return seconds
