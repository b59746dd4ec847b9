"""The state folder: where each thing lives in it, the lock that lets one stack run at a time, and safe writing."""

import fcntl
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from local_stack.console import StackError

KEPT_LOGS = 3
# What `reset` deletes: named one by one, because a second stack's folder may be inside this one.
DATA = (
    "postgres",
    "postgres.initialising",
    "redis-streams",
    "redis-cache",
    "storage",
    "artifacts",
    "mirror",
    "oidc",
    "logs",
    "monitoring",
    "secrets.json",
    "schema.json",
    "processes.json",
    "stack.json",
)


def write_private(path: Path, content: Any) -> None:
    """JSON that only its owner may read, all of it or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    partial.replace(path)


def read_json(path: Path) -> Any:
    """The content, or None when the file is not there or is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


@dataclass(frozen=True)
class StateFolder:
    """Paths below the state folder."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def stack_file(self) -> Path:
        return self.root / "stack.json"

    @property
    def processes_file(self) -> Path:
        return self.root / "processes.json"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def schema_file(self) -> Path:
        return self.root / "schema.json"

    @property
    def mirror(self) -> Path:
        return self.root / "mirror"

    @property
    def storage(self) -> Path:
        return self.root / "storage"

    @property
    def artifacts(self) -> Path:
        return self.root / "artifacts"

    @property
    def oidc(self) -> Path:
        return self.root / "oidc"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    def redis(self, role: str) -> Path:
        return self.root / f"redis-{role}"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def create(self) -> None:
        # 0711: PostgreSQL, which as root runs as another user, has to pass through. Every file with a secret is 0600.
        self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
        for folder in (self.logs, self.mirror, self.storage, self.artifacts, self.oidc):
            folder.mkdir(mode=0o700, exist_ok=True)

    def rotate_log(self, name: str) -> Path:
        """A fresh log; the ones of the runs before are kept as .1, .2, ..."""
        current = self.log(name)
        if current.exists() and current.stat().st_size:
            for number in range(KEPT_LOGS - 1, 0, -1):
                older = current.with_suffix(f".log.{number}")
                if older.exists():
                    older.replace(current.with_suffix(f".log.{number + 1}"))
            current.replace(current.with_suffix(".log.1"))
        current.touch(mode=0o600)
        return current

    def tail(self, name: str, lines: int = 20) -> str:
        try:
            return "\n".join(self.log(name).read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"

    def delete_data(self) -> None:
        for name in DATA:
            path = self.root / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


class AlreadyRunningError(StackError):
    """Another process holds the lock."""


class StackLock:
    """An flock on `.rotina/lock`: gone with its holder, however that one ends."""

    def __init__(self, root: Path) -> None:
        self.path = root / "lock"
        self.file: IO[str] | None = None

    def acquire(self, *, url: str = "") -> None:
        """Raises AlreadyRunningError naming the holder's pid and URL."""
        self.path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read()
            file.close()
            raise AlreadyRunningError(_holder_message(holder)) from None
        self.file = file
        self.describe(url=url)

    def describe(self, *, url: str) -> None:
        """What another `make up` will be told."""
        assert self.file is not None
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": os.getpid(), "url": url}, self.file)
        self.file.flush()

    def release(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None

    def holder(self) -> int | None:
        """The pid of a running stack, None when there is none."""
        try:
            self.acquire()
        except AlreadyRunningError:
            known = read_json(self.path) or {}
            return int(known.get("pid", 0)) or None
        self.release()
        return None


def _holder_message(holder: str) -> str:
    try:
        known = json.loads(holder)
    except ValueError:
        known = {}
    pid, url = known.get("pid", "?"), known.get("url")
    where = f"at {url} (pid {pid})" if url else f"(pid {pid}) and is still starting"
    return f"Rotina already runs {where}. This one changed nothing. Stop the other with Ctrl-C in its terminal, or with: make down"
