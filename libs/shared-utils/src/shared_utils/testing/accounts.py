"""Running a server as somebody else: PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

_CANDIDATES = ("postgres", "nobody")
_RELOCATED = Path("/var/tmp")  # noqa: S108  survives a reboot, unlike /tmp; the folder itself is 0700


@dataclass(frozen=True)
class Account:
    """Whom a server runs as; None of it is set when that is ourselves."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_other(self) -> bool:
        return self.uid is not None

    def popen_options(self) -> dict[str, object]:
        """Keyword arguments that make `subprocess` change to the account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Gives a folder or file, without its contents, to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Ourselves, or as root the first of the users `postgres` and `nobody` that exists."""
    if os.geteuid() != 0:
        return Account()
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        "PostgreSQL does not run as root and there is no user `postgres` or `nobody`: run as a normal user"
    )


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass through every existing folder on the way to `path` (a 0700 home stops it)."""
    return not account.is_other or all(
        _may_pass(folder, account) for folder in (path, *path.parents) if folder.is_dir()
    )


def relocated(path: Path, purpose: str) -> Path:
    """A folder that every account reaches, always the same for `path`: `/var/tmp/rotina-<uid>-<hash>/<purpose>`."""
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    base = _RELOCATED / f"rotina-{os.geteuid()}-{digest}"
    base.mkdir(mode=0o755, exist_ok=True)
    if base.is_symlink() or base.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{base} belongs to somebody else; remove it")
    return base / purpose


def copy_once(source: Path, target: Path) -> None:
    """Copies a tree unless it was copied before; a half-made copy never counts."""
    if target.exists():
        return
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial, symlinks=True)
    try:
        partial.rename(target)
    except OSError:
        shutil.rmtree(partial)  # another process was faster
        if not target.exists():
            raise


def _may_pass(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
