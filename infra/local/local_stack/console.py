"""What a person at the terminal sees."""

import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any


class StackError(Exception):
    """A problem that stops the command; the message says what to do."""


class Console:
    """Lines with the seconds since the start; colour only on a terminal."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.colour = sys.stdout.isatty()
        self._lock = threading.Lock()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                print(text, flush=True)
            except (BrokenPipeError, OSError):
                # The terminal is gone; stopping in order matters more than telling about it.
                sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115, PTH123

    def step(self, text: str) -> None:
        self._write(f"  {self._dim(f'{self.elapsed:5.1f}s')}  {text}")

    def warn(self, text: str) -> None:
        self._write(f"  {self._paint('33', '  !  ')}  {text}")

    def say(self, text: str = "") -> None:
        self._write(text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def _dim(self, text: str) -> str:
        return self._paint("2", text)

    def bold(self, text: str) -> str:
        return self._paint("1", text)


def banner(console: Console, stack: Mapping[str, Any], *, shown_logs: str, may: Mapping[str, str]) -> str:
    """The end of a good start: address, logins, where to look, how to stop."""
    rows: list[Sequence[str]] = [("user", "password", "may")]
    rows += [(one["username"], one["password"], may[one["roles"][0]]) for one in stack["users"]]
    table = "\n".join(f"      {user:<10} {password:<16} {rights}" for user, password, rights in rows)
    services = stack["services"]
    return f"""
  {console.bold(f"Rotina is ready in {stack['ready_seconds']:.1f} s")}

      {console.bold(stack["url"])}

{table}

      API docs   {services["core-api"]}/docs
      logs       {shown_logs}
      token      .venv/bin/rotina token --user operator
      stop       Ctrl-C here, or `make down`; the data stays (`make reset` deletes it)
"""
