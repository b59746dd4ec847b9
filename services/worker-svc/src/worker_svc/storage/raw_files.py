"""The folder of raw files: every content that was ever downloaded, under a name made of its hash, never overwritten.

Sources die and files are restated; the raw bytes are the only backfill there is.
"""

import os
import shutil
from datetime import date
from pathlib import Path

from shared_utils.db.ids import uuid7

RAW = "raw"
HASH_LENGTH = 12


class RawFiles:
    """Raw files below `root`. Paths that it gives out and takes are relative to `root`, with slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    @property
    def root(self) -> Path:
        return self._root

    def path_of(self, stored: str) -> Path:
        """The file's place. Raises `ValueError` for a path that leads out of the folder."""
        path = (self._root / stored).resolve()
        if not path.is_relative_to(self._root / RAW):
            raise ValueError(f"{stored!r} is not a path of a raw file")
        return path

    def holds(self, stored: str) -> bool:
        """Whether the file is (still) there."""
        return self.path_of(stored).is_file()

    def keep(self, source: Path, *, dataset: str, reference_date: date, stem: str, sha256: str) -> str:
        """Take over a complete file, atomically and durably; `source` is gone afterwards. Twice is the same as once."""
        folder = f"{RAW}/{dataset}/{reference_date:%Y}/{reference_date:%m}"
        stored = f"{folder}/{stem}.{sha256[:HASH_LENGTH]}.zip"
        target = self.path_of(stored)
        if target.is_file():
            source.unlink()
            return stored
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming = target.with_name(f".{target.name}.{uuid7().hex}")
        # A move within one file system is a rename; from elsewhere the bytes are copied before the name appears.
        shutil.move(source, incoming)
        _sync(incoming)
        incoming.replace(target)
        _sync(target.parent)
        return stored


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
