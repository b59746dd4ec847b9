"""A PostgreSQL server seen through its own programs: psql, pg_dump and pg_restore of the server's major version."""

import json
import queue
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from recovery.errors import RecoveryError
from recovery.inventory import INVENTORY, SESSION_SETTINGS
from recovery.processes import Program, output

ANSWER_SECONDS = 3600.0
_QUIET = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
_MAJOR = re.compile(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)")


@dataclass(frozen=True)
class Postgres:
    """How to reach a server. `prefix` runs a program where the server is; `names` maps a program to where it lies."""

    prefix: Sequence[str] = ()
    folder: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()

    def program(self, name: str, *args: str) -> Program:
        return Program([*self.prefix, f"{self.folder}{name}", *self.options, *args], self.env)

    def bare(self, name: str, *args: str) -> Program:
        """Without the options that say whom to connect to."""
        return Program([*self.prefix, f"{self.folder}{name}", *args], self.env)

    def ask(self, sql: str, *, database: str = "postgres", **values: str) -> str:
        """What psql prints for `sql`, in which :'name' stands for a value."""
        # Values travel with the statement, not on the command line, which every user of a machine can read.
        variables = "".join(f"\\set {name} {_quoted(value)}\n" for name, value in values.items())
        return output(self.program("psql", *_QUIET, "-d", database), stdin=variables + sql).strip()

    def rows(self, sql: str, *, database: str = "postgres", **values: str) -> Any:
        """The JSON document that `sql` gives."""
        return json.loads(self.ask(sql, database=database, **values) or "null")

    def server_version(self) -> str:
        return self.ask("SHOW server_version").split()[0]

    def client_version(self, name: str = "pg_dump") -> str:
        return output(self.bare(name, "--version")).strip().split()[-1 if name == "psql" else 2]

    def refuse_other_major(self) -> None:
        """A client older than its server cannot read it; a newer one writes what the server's own cannot restore."""
        server, client = self.server_version(), self.client_version()
        if major(server) != major(client):
            raise RecoveryError(
                f"pg_dump is of version {client}, the server of {server}: use the tools of the server's version"
            )

    def databases(self) -> set[str]:
        return set(self.rows("SELECT json_agg(datname) FROM pg_database WHERE NOT datistemplate"))

    def inventory(self, database: str) -> dict[str, Any]:
        """Counts and checksums of every table, sequences and objects, in one snapshot."""
        with Snapshot(self, database) as snapshot:
            return snapshot.inventory()


def _quoted(value: str) -> str:
    """As psql reads a value that is set to a variable."""
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def major(version: str) -> int:
    match = _MAJOR.match(version)
    if match is None:
        raise RecoveryError(f"{version!r} is no version of PostgreSQL")
    return int(match[1])


class Snapshot:
    """A transaction that others may share: dump and counts then speak of the same instant, whatever happens meanwhile."""

    def __init__(self, server: Postgres, database: str) -> None:
        self._program = server.program("psql", *_QUIET, "-d", database)
        self.id = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            list(self._program.args),
            env=self._program.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            (self.id,) = self.ask(f"{SESSION_SETTINGS}; SELECT pg_export_snapshot();")
        except ValueError as error:
            self.__exit__()
            raise RecoveryError("the server gave no snapshot") from error
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def ask(self, sql: str) -> list[str]:
        """The lines that psql prints for `sql`. Raises RecoveryError when psql ends instead."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{sql}\n\\echo ---end---\n")
        self._process.stdin.flush()
        lines: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=ANSWER_SECONDS)
            except queue.Empty:
                raise RecoveryError(f"the server did not answer in {ANSWER_SECONDS:.0f} s") from None
            if line is None:
                said = [each for each in lines if not each.startswith("{")]  # its complaint, not the answers before it
                raise RecoveryError("psql failed:\n  " + "\n  ".join(said[-12:]))
            if line == "---end---":
                return lines
            lines.append(line)

    def inventory(self) -> dict[str, Any]:
        """Tables as name -> [rows, checksum]; sequences as name -> last value; objects as a list of descriptions."""
        found: dict[str, Any] = {}
        for line in self.ask(INVENTORY):
            found |= json.loads(line)
        return found

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)
