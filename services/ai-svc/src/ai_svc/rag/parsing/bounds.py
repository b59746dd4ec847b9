"""How much one document may cost. Known to the service and to the processes that read documents."""

from dataclasses import dataclass
from typing import Self

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one document; what is over them is refused or, where it says so, left out with a warning."""

    file_bytes: int = 50 * MEBIBYTE
    """Of the file as it comes; looked at before anything of it is read."""
    unpacked_bytes: int = 300 * MEBIBYTE
    """Of all that is packed in a docx or xlsx, by its table of contents."""
    unpacked_ratio: int = 200
    """How many times a packed part larger than a mebibyte may grow."""
    packed_files: int = 10_000
    text_chars: int = 10_000_000
    pages: int = 3_000
    cells: int = 1_000_000
    """Of all tables of a csv or xlsx together; rows beyond are left out with a warning."""
    memory_bytes: int = 512 * MEBIBYTE
    """What a child process may take for one document on top of its parsers (the first of a kind: with its parser)."""
    cpu_seconds: int = 60
    wall_seconds: int = 120

    @classmethod
    def for_files(cls, file_bytes: int) -> Self:
        """Limits for an installation that takes larger or smaller files; memory grows with them."""
        return cls(file_bytes=file_bytes, memory_bytes=max(512 * MEBIBYTE, 8 * file_bytes))
