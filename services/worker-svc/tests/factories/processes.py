"""The process table, as tests ask it."""

from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def noted(file: Path) -> bool:
    """Whether a job has written a whole line: there is a moment in which its file exists and is empty."""
    return file.exists() and file.read_text().endswith("\n")
