"""The servers of one test run: started once, shared by all xdist workers, ended with the run.

The first worker that needs a server starts it under a file lock and writes its address down for the others. The
controller (or the only process) ends it. Should that one be killed, a watchdog ends the server and removes its data.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shared_utils.db.bootstrap import ROLES
from shared_utils.testing.accounts import server_account
from shared_utils.testing.ports import free_port
from shared_utils.testing.postgres_server import PostgresServer
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.server_process import detach, wait_until

_MEMORY: Final = Path("/dev/shm")  # noqa: S108  a folder of our own in it
_MEMORY_NEEDED: Final = 2 * 1024**3
_WATCHDOG: Final = (
    'while kill -0 "$1" 2>/dev/null; do sleep 2; done; kill -"$4" "$2"; sleep 3; kill -KILL "$2"; rm -rf "$3"'
)


@dataclass(frozen=True)
class RunFolder:
    """Where the processes of one test run meet."""

    path: Path
    controller_pid: int

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Only one process of the run is inside at a time."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self, name: str) -> dict[str, Any] | None:
        try:
            content: dict[str, Any] = json.loads((self.path / f"{name}.json").read_text())
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: dict[str, Any]) -> None:
        target = self.path / f"{name}.json"
        partial = target.with_suffix(".partial")
        partial.write_text(json.dumps(content))
        partial.rename(target)


@dataclass(frozen=True)
class RunningPostgres:
    """The run's PostgreSQL. `passwords` are those of the services' roles."""

    port: int
    admin_dsn: str
    passwords: dict[str, str]
    log_file: str

    def url(self, role: str, database: str) -> str:
        """A SQLAlchemy URL for a service's role."""
        return f"postgresql+asyncpg://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


def shared_postgres(run: RunFolder) -> RunningPostgres:
    """The run's PostgreSQL; starts it when this is the first process that asks."""
    with run.locked("postgres"):
        known = run.read("postgres") or _start_postgres(run)
    return RunningPostgres(**{name: known[name] for name in ("port", "admin_dsn", "passwords", "log_file")})


def shared_redis(run: RunFolder) -> str:
    """The address of the run's Redis, without a database number."""
    with run.locked("redis"):
        known = run.read("redis") or _start_redis(run)
    return str(known["url"])


def stop_shared_servers(run: RunFolder) -> None:
    """Ends what the run started. Called by the controller, when all workers are done."""
    for name in ("postgres", "redis"):
        known = run.read(name)
        if known is None:
            continue
        (run.path / f"{name}.json").unlink()
        _kill(known["watchdog_pid"], signal.SIGKILL)
        _kill(known["pid"], signal.SIGQUIT if name == "postgres" else signal.SIGTERM)
        wait_until(lambda pid=known["pid"]: not _alive(pid), seconds=10)  # type: ignore[misc]
        shutil.rmtree(known["folder"], ignore_errors=True)


def _start_postgres(run: RunFolder) -> dict[str, Any]:
    folder = data_folder("pg")
    server = PostgresServer(
        folder / "data",
        port=free_port(),
        superuser_password=secrets.token_urlsafe(24),
        log_file=run.path / "postgres.log",
        durable=False,
        max_connections=300,
    )
    server.init()
    server.start()
    pid = server.detach()
    known = {
        "port": server.port,
        "pid": pid,
        "folder": str(folder),
        "admin_dsn": server.admin_dsn(),
        "passwords": {role: secrets.token_urlsafe(24) for role in ROLES},
        "log_file": str(server.log_file),
        "watchdog_pid": _watch(run, pid, folder, "QUIT"),
    }
    run.write("postgres", known)
    return known


def _start_redis(run: RunFolder) -> dict[str, Any]:
    folder = data_folder("redis")
    server = RedisServer(
        folder,
        free_port(),
        password=secrets.token_urlsafe(24),
        role="streams",
        log_file=run.path / "redis.log",
        durable=False,
    )
    server.start()
    url = server.url().rsplit("/", 1)[0]
    pid = server.detach()
    known = {
        "url": url,
        "pid": pid,
        "folder": str(folder),
        "watchdog_pid": _watch(run, pid, folder, "TERM"),
    }
    run.write("redis", known)
    return known


def data_folder(purpose: str) -> Path:
    """In memory when there is room, else where the server's account can reach it."""
    parent: str | None = None
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _MEMORY_NEEDED:
        parent = str(_MEMORY)
    elif server_account().is_other:
        parent = "/var/tmp"  # noqa: S108  mkdtemp makes a folder of our own
    folder = Path(tempfile.mkdtemp(prefix=f"rotina-test-{purpose}-", dir=parent))
    folder.chmod(0o711)
    return folder


def _watch(run: RunFolder, pid: int, folder: Path, number: str) -> int:
    """Ends the server and deletes its data when the run's controller is gone."""
    watchdog = subprocess.Popen(
        ["/bin/sh", "-c", _WATCHDOG, "rotina-test-watchdog", str(run.controller_pid), str(pid), str(folder), number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    return detach(watchdog)


def _kill(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # when it is our child, it would stay a zombie
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
