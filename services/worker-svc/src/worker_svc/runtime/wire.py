"""Messages between the worker and its processes: JSON behind a length, over a socket."""

import json
import struct
from collections.abc import Iterator
from typing import Any

MAX_FRAME_BYTES = 16 * 1024**2
_LENGTH = struct.Struct("!I")

type Message = dict[str, Any]


class ProtocolError(RuntimeError):
    """The other side sent something that is no message."""


def encode(message: Message) -> bytes:
    """One frame. Values that JSON does not know become text."""
    body = json.dumps(message, default=str, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(body) > MAX_FRAME_BYTES:
        raise ProtocolError(f"a message of {len(body):,} bytes is larger than {MAX_FRAME_BYTES:,}")
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Collects bytes and gives out the messages that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Messages completed by `data`. Raises `ProtocolError` when the stream cannot be trusted any more."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise ProtocolError(f"a message claims to have {length:,} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            try:
                message = json.loads(body)
            except ValueError as error:
                raise ProtocolError("a message is not JSON") from error
            if not isinstance(message, dict):
                raise ProtocolError("a message is not an object")
            yield message
