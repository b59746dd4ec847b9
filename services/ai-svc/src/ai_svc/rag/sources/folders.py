"""Folders of this machine that an operator opened: nothing above them, no links, no more than fits.

Each part of a path is opened inside the one before it, without following links, so that a link that appears between a
look and a read leads nowhere either.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Final

from ai_svc.rag.parsing.bounds import MEBIBYTE
from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from ai_svc.rag.sources.exceptions import FolderNotAllowed, FolderTooLarge, SourceFileRefused, SourceGone
from ai_svc.rag.sources.items import SourceItem

MAX_FILES: Final = 10_000
MAX_DEPTH: Final = 20
READABLE: Final = ("*.md", "*.markdown", "*.txt", "*.html", "*.htm", "*.pdf", "*.docx", "*.xlsx", "*.csv", "*.tsv")
_BLOCK: Final = 1024 * 1024
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe without a writer would keep `open` waiting.
_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder that can be read, and how many others there are. Links are among `refused`, by name."""

    items: tuple[SourceItem, ...]
    skipped: int
    refused: tuple[str, ...]


class Folders:
    """The folders below `roots`. Blocks while it reads: call it in a thread."""

    def __init__(self, roots: Sequence[Path], *, max_files: int = MAX_FILES, max_bytes: int = 50 * MEBIBYTE) -> None:
        self._roots = tuple(root.resolve() for root in roots)
        self._max_files = max_files
        self._max_bytes = max_bytes

    def listing(self, path: str, *, patterns: Sequence[str] = READABLE) -> Listing:
        """The files below `path`, an absolute path or one below the only root, that match one of `patterns`.

        Raises `FolderNotAllowed`, `FolderTooLarge`, `SourceGone`.
        """
        root, parts = self._below(path)
        items: list[SourceItem] = []
        skipped, refused = 0, []
        with _opened(root, parts, _FOLDER_FLAGS) as top:
            for folder, entry in _walk(top, parts, self._max_files):
                shown = PurePosixPath(*folder, entry.name)
                if entry.is_symlink():
                    refused.append(str(shown))
                elif not any(fnmatch(entry.name.lower(), pattern) for pattern in patterns):
                    skipped += 1
                else:
                    items.append(_item(root, shown, entry.stat(follow_symlinks=False)))
        return Listing(tuple(sorted(items, key=lambda item: item.key)), skipped, tuple(sorted(refused)))

    def fetch(self, path: str, into: Path) -> SourceItem:
        """Copies one file into the file `into`. `path` is the `key` of a listing.

        Raises `FolderNotAllowed`, `SourceFileRefused`, `SourceGone`, `DocumentTooLarge`.
        """
        root, parts = self._below(path)
        with _opened(root, parts, _FILE_FLAGS) as file:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise SourceFileRefused
            if found.st_size > self._max_bytes:
                raise DocumentTooLarge(f"The file is larger than {self._max_bytes // MEBIBYTE} MiB: split it.")
            size = _copy(file, into, self._max_bytes)
        item = _item(root, PurePosixPath(*parts), found)
        return SourceItem(
            key=item.key,
            title=item.title,
            name=item.name,
            media_type=None,
            uri=item.uri,
            content=into,
            etag=item.etag,
            size_bytes=size,
        )

    def _below(self, path: str) -> tuple[Path, tuple[str, ...]]:
        """The root that `path` is below, and the rest of it."""
        pure = PurePosixPath(path)
        if "\0" in path or ".." in pure.parts or len(pure.parts) > MAX_DEPTH + 40:
            raise FolderNotAllowed("The path must not contain '..' or invisible characters.")
        if not pure.is_absolute():
            if len(self._roots) != 1:
                raise FolderNotAllowed("Give the whole path of the folder.")
            return self._roots[0], pure.parts
        for root in self._roots:
            if pure.is_relative_to(root):
                return root, pure.relative_to(root).parts
        raise FolderNotAllowed


@contextmanager
def _opened(root: Path, parts: Sequence[str], flags: int) -> Iterator[int]:
    """The descriptor of `root/parts`, of which no part is a link."""
    folder = -1
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for index, part in enumerate(parts):
            inner = os.open(part, flags if index == len(parts) - 1 else _FOLDER_FLAGS, dir_fd=folder)
            os.close(folder)
            folder = inner
    except FileNotFoundError as error:
        raise SourceGone from error
    except OSError as error:  # a link (ELOOP), a file in the place of a folder, or no permission
        raise SourceFileRefused from error
    else:
        yield folder
    finally:
        if folder >= 0:
            os.close(folder)


def _walk(top: int, parts: tuple[str, ...], max_files: int) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """Entries below a folder that are no folders; hidden ones are passed over."""
    seen = 0
    for where, folders, _files, descriptor in os.fwalk(".", dir_fd=top, follow_symlinks=False):
        inner = PurePosixPath(where).parts
        folders[:] = [name for name in folders if not name.startswith(".")] if len(inner) < MAX_DEPTH else []
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.is_dir(follow_symlinks=False):
                    continue
                seen += 1
                if seen > max_files:
                    raise FolderTooLarge(f"There are more than {max_files:,} files: choose a folder further down.")
                yield (*parts, *inner), entry


def _item(root: Path, below: PurePosixPath, found: os.stat_result) -> SourceItem:
    return SourceItem(
        key=str(root / below),
        title=below.name,
        name=below.name,
        media_type=None,
        uri=str(root / below),
        content=None,
        etag=f"{found.st_mtime_ns:x}-{found.st_size:x}",
        size_bytes=found.st_size,
    )


def _copy(file: int, into: Path, max_bytes: int) -> int:
    """A file that grows while it is read is cut off by an error."""
    size = 0
    with into.open("wb") as target:
        while block := os.read(file, _BLOCK):
            size += len(block)
            if size > max_bytes:
                raise DocumentTooLarge
            target.write(block)
    return size
