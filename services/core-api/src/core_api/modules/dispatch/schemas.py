"""What a tick of the dispatcher looks for, and what it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core_api.modules.executions.public import Candidate, Handed, Room

MOST_CANDIDATES: Final = 1000
SPARE_CANDIDATES: Final = 50
_ANY_PRIORITY: Final = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`turn` is false when another scheduler was at it; then nothing else is known."""

    turn: bool
    handed: int = 0
    recalled: int = 0
    more: bool = False
    """The page of candidates was full, or backfills were left aside: there may be more that fits."""
    owing: bool = False
    """Backfills were left aside for live work; the next turn looks at them."""
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a turn looks for, by what is free and what is handed out."""

    room: Room
    handed: Sequence[Handed]
    now: datetime
    ageing_seconds: float

    @property
    def limit(self) -> int:
        """How many candidates are looked at: as many as there may be places for, and some that do not fit."""
        places = sum(max(free, 0) for free in self.room.places.values())
        return min(places + len(self.handed) + SPARE_CANDIDATES, MOST_CANDIDATES)

    @property
    def priority_below(self) -> int:
        """Without a free place only what is more urgent than something handed out is of interest; 0 is nothing."""
        if not self.room.offered:
            return 0
        if all(free <= 0 for free in self.room.places.values()):
            return max((item.priority for item in self.handed), default=0)
        return _ANY_PRIORITY

    def may_refill_later(self, live: Sequence[Candidate]) -> bool:
        """Whether all of it comes before anything of a backfill, which then gets a turn of its own, right after.

        What is due is not held up by looking for what is not urgent.
        """
        refills = self.refills
        if not live or not refills or self.ageing_seconds > 0:
            return False
        return live[-1].priority < min(self.room.refills[backfill] for backfill in refills)

    @property
    def spare(self) -> list[str]:
        """Queues with a slot for a backfill: never the last one that is free, unless there is only one."""
        return [queue for queue, slots in self.room.slots.items() if slots <= 1 or self.room.idle[queue] >= 2]

    @property
    def refills(self) -> list[UUID]:
        """Backfills of which something waits and may start."""
        if not self.spare:
            return []
        return [backfill for backfill in self.room.refills if self.room.backfills.get(backfill, 1) > 0]
