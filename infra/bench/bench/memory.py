"""Idle memory as PSS: pages shared between processes are counted once, in parts."""

from collections.abc import Iterable
from pathlib import Path

import psutil


def pss_megabytes(pid: int) -> float:
    """PSS of one process, from the kernel's own sum."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"no Pss line for process {pid}")


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    parent = psutil.Process(pid)
    return [pid, *(child.pid for child in parent.children(recursive=True))]


def family_pss(pid: int) -> tuple[float, int]:
    """Megabytes of a process with its children, and how many processes those are."""
    pids = family(pid)
    return sum(pss_megabytes(one) for one in pids), len(pids)


def total(parts: Iterable[tuple[float, int]]) -> float:
    return sum(megabytes for megabytes, _ in parts)
