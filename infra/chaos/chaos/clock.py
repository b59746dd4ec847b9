"""One clock for all processes of a simulation: the machine's, moved by an offset that lives in a shared file."""

import mmap
import os
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from shared_utils.clock import utc_now

ENVIRONMENT_NAME = "CHAOS_CLOCK"
_OFFSET = struct.Struct("=q")  # microseconds; eight aligned bytes are written in one piece
_MICROSECOND = timedelta(microseconds=1)


class SharedClock:
    """`now()` runs at the machine's pace; `jump_to` moves it for every process that has the same file open."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR)
        try:
            self._memory = mmap.mmap(descriptor, _OFFSET.size)
        finally:
            os.close(descriptor)

    @classmethod
    def create(cls, path: Path, *, at: datetime) -> "SharedClock":
        """Makes the file; the clock shows `at` and runs from there."""
        path.write_bytes(_OFFSET.pack(0))
        clock = cls(path)
        clock.jump_to(at)
        return clock

    @classmethod
    def of_environment(cls) -> "SharedClock":
        """The clock that the simulator named for this process."""
        return cls(Path(os.environ[ENVIRONMENT_NAME]))

    def now(self) -> datetime:
        return utc_now() + timedelta(microseconds=_OFFSET.unpack_from(self._memory)[0])

    def monotonic(self) -> float:
        """A jump of the simulator is one of the clock's hands: no real time passes in it."""
        return time.monotonic()

    def jump_to(self, instant: datetime) -> None:
        """From now on the clock shows `instant` and what follows it."""
        _OFFSET.pack_into(self._memory, 0, (instant - utc_now()) // _MICROSECOND)
