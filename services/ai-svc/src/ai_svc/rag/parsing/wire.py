"""What the service and the processes that read documents say to each other. The standard library only.

Service to child: a line of JSON (name, media type, size), then the document's bytes. Child to service: the parsed text
or the refusal as JSON. Fork server to service, behind that: how the child ended, always `ENDING_BYTES` long.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from ai_svc.rag.parsing.parsed import Heading, Page, ParsedText
from ai_svc.rag.parsing.refusal import Refusal

_ENDING: Final = struct.Struct("!4sHHBI")
_MAGIC: Final = b"END\n"
ENDING_BYTES: Final = _ENDING.size


@dataclass(frozen=True, slots=True)
class Order:
    """What comes first on a connection."""

    name: str
    media_type: str | None
    size: int

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def unpacked(cls, line: bytes) -> Self:
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its exit status or signal, and the most memory it had."""

    status: int
    signal: int
    timed_out: bool
    peak_kib: int

    def packed(self) -> bytes:
        return _ENDING.pack(_MAGIC, self.status, self.signal, self.timed_out, min(self.peak_kib, 2**32 - 1))

    @classmethod
    def unpacked(cls, data: bytes) -> Self | None:
        """None when this is no ending: the fork server itself is gone."""
        if len(data) != ENDING_BYTES or not data.startswith(_MAGIC):
            return None
        _, status, signal, timed_out, peak_kib = _ENDING.unpack(data)
        return cls(status, signal, bool(timed_out), peak_kib)


def packed(result: ParsedText | Refusal, cause: str | None = None) -> bytes:
    """The answer of a child. `cause` is the class of an error that nobody expected, for the log."""
    if isinstance(result, Refusal):
        return json.dumps({"code": result.code, "message": result.message, "cause": cause}).encode()
    return json.dumps(asdict(result), ensure_ascii=False).encode("utf-8", "replace")


def unpacked(data: bytes) -> ParsedText | tuple[Refusal, str | None]:
    """What a child answered. Raises `ValueError` when it is not whole."""
    fields: dict[str, Any] = json.loads(data)
    if "code" in fields:
        return Refusal(fields["code"], fields["message"]), fields["cause"]
    headings = tuple(Heading(**heading) for heading in fields.pop("headings"))
    pages = tuple(Page(**page) for page in fields.pop("pages"))
    return ParsedText(**fields | {"headings": headings, "pages": pages, "warnings": tuple(fields["warnings"])})
