"""How much a job may say: beyond it lines are dropped, visibly, and neither the job nor the worker is held up (E15)."""

import time
from collections.abc import Callable
from typing import Final

BURST: Final = 10_000.0
PER_SECOND: Final = 2_000.0
BYTES_PER_TOKEN: Final = 500
"""A line of 500 bytes costs as much as two short ones: the same budget bounds lines and bytes."""
RESUME: Final = 1_000.0
"""Once lines are dropped, so many must fit again before the next one is taken: a sample in pieces, not in crumbs."""


class LineBudget:
    """A token bucket that counts what it refused."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens = BURST
        self._at = clock()
        self._dropping = False
        self._lines = 0
        self._bytes = 0

    def take(self, size: int) -> bool:
        """Whether a line of `size` bytes may pass."""
        self._refill()
        if self._tokens < (RESUME if self._dropping else 1):
            return False
        self._dropping = False
        self._tokens -= 1 + size / BYTES_PER_TOKEN
        return True

    def dropped(self, lines: int, size: int) -> None:
        """Counts lines that did not pass."""
        self._dropping = True
        self._lines += lines
        self._bytes += size

    def notice(self) -> str | None:
        """What to tell about the lines dropped since the last notice; nothing when there were none."""
        if not self._lines:
            return None
        lines, size = self._lines, self._bytes
        self._lines = self._bytes = 0
        return (
            f"{lines:,} line{'' if lines == 1 else 's'} ({size:,} bytes) dropped here: "
            f"the job writes more than {PER_SECOND:,.0f} lines a second"
        )

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(BURST, self._tokens + (now - self._at) * PER_SECOND)
        self._at = now
