"""Open a downloaded zip that may be anything: empty, cut off, a web page, a bomb, or full of tricks.

Nothing is ever written under a name from the archive: the only member is read as a stream, with its real size counted.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

MAX_MEMBER_BYTES = 4 * 1024**3
MAX_RATIO = 100
"""COTAHIST shrinks to about an eighth; a bomb of zeros to a thousandth."""
RATIO_COUNTS_FROM = 16 * 1024**2
ENCRYPTED_FLAG = 0x1
MAX_NAME = 200


class BrokenFile(ValueError):
    """The file cannot be what it claims to be; the message says why, `detail` holds the numbers."""

    def __init__(self, reason: str, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class EmptyArchive(BrokenFile):
    """A valid zip without members: the exchange's way of saying "nothing here (yet)"."""


@dataclass(slots=True)
class Member:
    """The only file of an archive, as a bounded stream."""

    name: str
    _stream: IO[bytes]
    _limit: int
    _read: int = 0

    def read(self, size: int) -> bytes:
        """The next bytes, empty at the end. Raises `BrokenFile` when the content is damaged or grows past its limit."""
        try:
            data = self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise BrokenFile(f"the zip is damaged: {error}", member=self.name) from error
        self._read += len(data)
        if self._read > self._limit:
            raise BrokenFile(
                f"the zip unpacks to more than {self._limit:,} bytes, which no real file does",
                member=self.name,
                limit_bytes=self._limit,
            )
        return data


@contextmanager
def open_only_member(path: Path, *, max_bytes: int = MAX_MEMBER_BYTES) -> Iterator[Member]:
    """The archive's only file. Raises `EmptyArchive` or `BrokenFile`."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenFile(f"not a valid zip: {error}") from error
    with archive:
        info = _only_file(archive)
        name = safe_name(info.filename)
        limit = min(max_bytes, max(RATIO_COUNTS_FROM, path.stat().st_size * MAX_RATIO))
        try:
            stream = archive.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
            raise BrokenFile(f"the zip's member cannot be read: {error}", member=name) from error
        with stream:
            yield Member(name=name, _stream=stream, _limit=limit)


def safe_name(name: str) -> str:
    """A member's name for logs and rows: its last part only, printable and short."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign if sign.isprintable() else "?" for sign in last)[:MAX_NAME] or "?"


def _only_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [info for info in archive.infolist() if not info.is_dir()]
    if not files:
        raise EmptyArchive("the zip holds no file")
    if len(files) > 1:
        names = [safe_name(info.filename) for info in files[:5]]
        raise BrokenFile(f"the zip holds {len(files)} files, one is expected", members=names)
    if files[0].flag_bits & ENCRYPTED_FLAG:
        raise BrokenFile("the zip is encrypted", member=safe_name(files[0].filename))
    return files[0]
