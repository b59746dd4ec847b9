"""Where files are kept that are too large for rows. Locally a folder; anything that speaks `ObjectStore` will do.

Objects are written whole and never changed: a reader sees all of one or nothing.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from uuid import uuid4

_BLOCK: Final = 256 * 1024
_UNFINISHED: Final = "unfinished"


class ObjectStore(Protocol):
    """Keys are slash-separated names. An S3-compatible store fits: put, ranged get, delete by prefix."""

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Stores an object, in place of one with the same key; nothing stays behind when `chunks` raises."""
        ...

    def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of an object. Raises `FileNotFoundError` when it is not there."""
        ...

    async def delete_below(self, prefix: str) -> None:
        """Deletes every object whose key begins with `prefix`, a whole name or several."""
        ...


class FolderStore:
    """Objects as files below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        unfinished = self._root / _UNFINISHED / uuid4().hex
        file = await asyncio.to_thread(_create, unfinished)
        try:
            async for block in _blocks(chunks):
                await asyncio.to_thread(file.write, block)
            await asyncio.to_thread(_publish, file, unfinished, self._path(key))
        finally:
            file.close()
            unfinished.unlink(missing_ok=True)

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self._path(key).open, "rb")
        with file:
            await asyncio.to_thread(file.seek, start)
            while length > 0 and (block := await asyncio.to_thread(file.read, min(_BLOCK, length))):
                length -= len(block)
                yield block

    async def delete_below(self, prefix: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._path(prefix), ignore_errors=True)

    def _path(self, key: str) -> Path:
        names = key.split("/")
        if not all(name and name not in {".", "..", _UNFINISHED} for name in names):
            raise ValueError(f"{key!r} is no key of an object")
        return self._root.joinpath(*names)


async def _blocks(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """What comes in small pieces, in pieces that are worth a thread."""
    buffer = bytearray()
    async for chunk in chunks:
        buffer += chunk
        if len(buffer) >= _BLOCK:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _publish(file: BinaryIO, unfinished: Path, final: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(final)
