"""Debian's Prometheus, Alertmanager and exporters, unpacked into a folder of the checkout: no root, nothing installed.

`apt-get download` checks signatures and needs no rights; the packages' programs are static Go binaries. Where there is no apt,
programs of the PATH do (`brew install prometheus alertmanager`).
"""

import fcntl
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local_stack.console import StackError
from local_stack.tools import REPO

FOLDER = REPO / ".rotina" / "debian"
_PROGRAMS = {
    "prometheus": ("prometheus", "promtool"),
    "prometheus-alertmanager": ("prometheus-alertmanager", "amtool"),
    "prometheus-redis-exporter": ("prometheus-redis-exporter",),
    "prometheus-postgres-exporter": ("prometheus-postgres-exporter",),
    "prometheus-node-exporter": ("prometheus-node-exporter",),
}
CHECKERS = ("prometheus", "prometheus-alertmanager")
ALL = tuple(_PROGRAMS)
# What the programs are called where Debian did not name them.
_ELSEWHERE = {
    "prometheus-alertmanager": "alertmanager",
    "prometheus-redis-exporter": "redis_exporter",
    "prometheus-postgres-exporter": "postgres_exporter",
    "prometheus-node-exporter": "node_exporter",
}
# Debian's programs read templates and pages from a folder that only root can make. In our copies its name becomes a relative
# one of the same length; `Program.folder` is where they have to be started.
_SHARE = b"/usr/share/prometheus/"
_SHARE_HERE = b"./" * 11


class PackagesMissing(StackError):
    """The programs are not here and cannot be fetched."""


@dataclass(frozen=True)
class Program:
    """An executable and the folder it has to be started in."""

    path: Path
    folder: Path

    def command(self, *arguments: str) -> list[str]:
        return [str(self.path), *arguments]


def programs(packages: Sequence[str] = ALL) -> dict[str, Program]:
    """The programs of `packages` by their Debian names; fetches what is not there yet. Raises PackagesMissing."""
    wanted = [name for package in packages for name in _PROGRAMS[package]]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:  # checks and tests may want them at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [package for package in packages if not (FOLDER / package).is_dir()]
        if missing and shutil.which("apt-get") and shutil.which("dpkg-deb"):
            _fetch(missing)
        elif missing:
            return {name: _of_path(name) for name in wanted}
    return {name: _unpacked(package, name) for package in packages for name in _PROGRAMS[package]}


def _unpacked(package: str, name: str) -> Program:
    root = FOLDER / package
    templates = root / "usr" / "share" / "prometheus"
    return Program(root / "usr" / "bin" / name, templates if templates.is_dir() else root)


def _of_path(name: str) -> Program:
    found = shutil.which(name) or shutil.which(_ELSEWHERE.get(name, name))
    if found is None:
        raise PackagesMissing(
            f"{_ELSEWHERE.get(name, name)} is neither in the PATH nor can it be fetched: this machine has no apt. "
            "Install Prometheus and Alertmanager (2.42 and 0.25 or newer), for example with: brew install prometheus alertmanager"
        )
    return Program(Path(found), FOLDER)


def _fetch(packages: Sequence[str]) -> None:
    with TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        problem = _download(packages, folder)
        if problem:  # no package lists, or outdated ones: get lists of our own, beside the machine's
            lists = _own_lists(folder)
            problem = _download(packages, folder, *lists)
        if problem:
            raise PackagesMissing(f"apt cannot fetch {', '.join(packages)}:\n{problem}")
        for archive in sorted(folder.glob("*.deb")):
            _unpack(archive)


def _download(packages: Sequence[str], folder: Path, *options: str) -> str:
    """What went wrong, empty when nothing did."""
    result = subprocess.run(
        ["apt-get", *options, "download", *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return result.stderr.strip() if result.returncode else ""


def _own_lists(folder: Path) -> list[str]:
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    options = ["-o", f"Dir::State::lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]
    subprocess.run(["apt-get", *options, "update"], capture_output=True, check=False, timeout=300)
    return options


def _unpack(archive: Path) -> None:
    package = archive.name.partition("_")[0]
    partial = archive.with_suffix(".unpacked")
    assert len(_SHARE) == len(_SHARE_HERE), "a program's strings cannot grow"
    subprocess.run(["dpkg-deb", "-x", str(archive), str(partial)], check=True, capture_output=True)
    for program in (partial / "usr" / "bin").iterdir():
        program.write_bytes(program.read_bytes().replace(_SHARE, _SHARE_HERE))
    partial.rename(FOLDER / package)
