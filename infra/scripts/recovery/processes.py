"""Programs joined by pipes; a failure of any of them is an error that quotes what it said."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from recovery.errors import RecoveryError

QUOTED_LINES = 12
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A command line with its environment. `fine` are the exit statuses that are no failure."""

    args: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    fine: frozenset[int] = frozenset({0})

    @property
    def name(self) -> str:
        return Path(self.args[0]).name

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.env}


def output(program: Program, *, stdin: str = "") -> str:
    """What a program prints. Raises RecoveryError with its complaint."""
    try:
        done = subprocess.run(
            list(program.args), env=program.environment(), input=stdin, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise RecoveryError(f"{program.name} cannot be started: {error}") from error
    if done.returncode not in program.fine:
        raise RecoveryError(_complaint(program, done.returncode, done.stderr or done.stdout))
    return done.stdout


def pipe(*programs: Program, source: Path | None = None, target: Path | None = None) -> None:
    """Runs programs side by side, each reading what the one before writes; files at the ends. All have to succeed."""
    running: list[tuple[Program, subprocess.Popen[bytes]]] = []
    complaints: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in programs]  # noqa: SIM115  closed below
    try:
        with _opened(source, "rb") as first, _opened(target, "wb") as last:
            reading: IO[bytes] | None = first
            for number, program in enumerate(programs):
                is_last = number == len(programs) - 1
                process = subprocess.Popen(
                    list(program.args),
                    env=program.environment(),
                    stdin=reading,
                    stdout=last if is_last else subprocess.PIPE,
                    stderr=complaints[number],
                )
                if reading is not None and reading is not first:
                    reading.close()  # else the one before would not notice that this one ended
                running.append((program, process))
                reading = process.stdout if not is_last else None
            for _, process in running:
                process.wait()
        _refuse_failures(running, complaints)
    except OSError as error:
        raise RecoveryError(f"{' | '.join(program.name for program in programs)}: {error}") from error
    finally:
        for _, process in running:
            if process.poll() is None:
                process.kill()
                process.wait()
        for file in complaints:
            file.close()
    if target is not None:
        with target.open("rb") as written:
            os.fsync(written.fileno())


def _opened(path: Path | None, mode: str) -> IO[Any]:
    return (path or Path(os.devnull)).open(mode)


def _refuse_failures(running: list[tuple[Program, "subprocess.Popen[bytes]"]], complaints: list[IO[bytes]]) -> None:
    """The last one first: those before it often fail only because it went away."""
    for (program, process), file in reversed(list(zip(running, complaints, strict=True))):
        if process.returncode not in program.fine:
            file.seek(0)
            raise RecoveryError(_complaint(program, process.returncode, file.read().decode(errors="replace")))


def _complaint(program: Program, status: int, said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return "\n  ".join([f"{program.name} failed with status {status}:", *lines[-QUOTED_LINES:]])


def sha256_of(path: Path) -> str:
    """Of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
