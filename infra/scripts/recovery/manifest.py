"""The manifest of a backup: what is in it, of which versions, and whether the files are still what was written."""

import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recovery.errors import RecoveryError
from recovery.processes import sha256_of
from recovery.sealing import SUFFIX, VARIABLE, signature

FORMAT = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.hmac"


@dataclass(frozen=True)
class Backup:
    """A finished backup."""

    folder: Path
    content: dict[str, Any]

    @property
    def encrypted(self) -> bool:
        return bool(self.content["encrypted"])

    @property
    def databases(self) -> dict[str, Any]:
        return dict(self.content["databases"])

    def file(self, name: str) -> Path:
        """A file of the backup by its name without the suffix of encryption."""
        return self.folder / (f"{name}{SUFFIX}" if self.encrypted else name)

    def has(self, name: str) -> bool:
        return self.file(name).name in self.content["files"]

    @property
    def size(self) -> int:
        return sum(entry["bytes"] for entry in self.content["files"].values())


def write(folder: Path, content: dict[str, Any], *, key: Path | None) -> None:
    """The last file of a backup: with it the backup is complete."""
    text = json.dumps({"format": FORMAT, **content}, indent=1, sort_keys=True).encode() + b"\n"
    (folder / MANIFEST).write_bytes(text)
    if key is not None:
        (folder / SIGNATURE).write_text(signature(text, key) + "\n", encoding="utf-8")


def files_in(folder: Path) -> dict[str, Any]:
    """Size and checksum of each file."""
    return {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in {MANIFEST, SIGNATURE}
    }


def read(folder: Path, *, key: Path | None) -> Backup:
    """A backup whose files are all as they were written. Raises RecoveryError that names what is not."""
    path = folder / MANIFEST
    try:
        text = path.read_bytes()
        content = json.loads(text)
    except FileNotFoundError:
        raise RecoveryError(f"{folder} is no finished backup: it has no {MANIFEST}") from None
    except ValueError as error:
        raise RecoveryError(f"{path} is damaged: {error}") from error
    if content.get("format") != FORMAT:
        raise RecoveryError(f"{path} is of format {content.get('format')}; this version reads format {FORMAT}")
    backup = Backup(folder, content)
    if backup.encrypted:
        _refuse_foreign(folder, text, key)
    _refuse_damaged(backup)
    return backup


def _refuse_foreign(folder: Path, text: bytes, key: Path | None) -> None:
    if key is None:
        raise RecoveryError(f"{folder} is encrypted. Name its key file in {VARIABLE}")
    try:
        given = (folder / SIGNATURE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        given = ""
    if not hmac.compare_digest(given, signature(text, key)):
        raise RecoveryError(
            f"{folder / MANIFEST} was not signed with the key in {VARIABLE}: another key, or it was changed"
        )


def _refuse_damaged(backup: Backup) -> None:
    for name, entry in backup.content["files"].items():
        path = backup.folder / name
        if not path.is_file():
            raise RecoveryError(f"{path} is missing. Take another backup: this one cannot be restored")
        size = path.stat().st_size
        if size != entry["bytes"]:
            raise RecoveryError(
                f"{path} has {size} bytes instead of {entry['bytes']}: it is cut off. Take another backup"
            )
        if sha256_of(path) != entry["sha256"]:
            raise RecoveryError(f"{path} is damaged: its checksum is not the one of the manifest. Take another backup")


def finished(backups: Path) -> list[Path]:
    """The folders of finished backups, oldest first (their names are instants)."""
    return sorted(path.parent for path in backups.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
