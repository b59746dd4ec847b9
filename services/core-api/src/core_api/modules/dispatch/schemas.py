"""What a tick of the dispatcher looks for, and what it did."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core_api.modules.executions.public import Candidate, Handed, Room
from shared_utils.clock import Clock

MOST_CANDIDATES: Final = 1000
SPARE_CANDIDATES: Final = 50
_ANY_PRIORITY: Final = 32_767

LIVE_IS_ABOUT_SECONDS: Final = 1.0
"""So long after a live run was handed out, backfills wait for the pauses between live runs."""
REST_SECONDS: Final = 0.04
"""About as long as a live run takes from its hand-out to its first line."""
REFILL_SPACING_SECONDS: Final = 0.2
NEARLY_DUE_SECONDS: Final = 0.015
"""About as long as a turn takes."""
MOST_OWED_SECONDS: Final = 0.5


class When(StrEnum):
    """When a turn looks at backfills that have room."""

    NOW = "NOW"
    AFTER_LIVE = "AFTER_LIVE"
    """In the turn after, if there is live work that may start."""
    LATER = "LATER"
    """Not in this turn, unless they come before live work that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`turn` is false when another scheduler was at it; then nothing else is known."""

    turn: bool
    handed: int = 0
    live: int = 0
    """How many of these belong to no backfill."""
    recalled: int = 0
    more: bool = False
    """The page of candidates was full: there may be more that fits."""
    owing: bool = False
    """Backfills that have room were left aside for live work."""
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

    def may_refill_later(self, live: Sequence[Candidate], when: When) -> bool:
        """Whether backfills that have room get a turn of their own: all live work comes before anything of theirs.

        What is due is not held up by looking for what is not urgent.
        """
        refills = self.refills
        if when is When.NOW or not refills or self.ageing_seconds > 0:
            return False
        if not live:
            return when is When.LATER
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


class RefillPace:
    """Which of a loop's turns look at backfills.

    While no live work is about, whichever turn has room for them. Else what becomes free gathers for a moment, and is
    filled in a pause: neither while a live run is on its way to its worker, nor just before one falls due; but half a
    second after it became free at the latest.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._live_at = -math.inf
        self._refilled_at = -math.inf
        self._owed_since: float | None = None

    def when(self, next_due_at: datetime | None) -> When:
        """For the turn that begins now; `next_due_at` as the turn before saw it: due by now, or soon, or later."""
        passed = self._clock.monotonic()
        if self._owed_since is None:
            return When.LATER if passed - self._live_at < LIVE_IS_ABOUT_SECONDS else When.AFTER_LIVE
        if passed < self._due_at():
            return When.LATER
        if self._is_due(next_due_at) and passed - self._owed_since < MOST_OWED_SECONDS:
            return When.LATER
        return When.NOW

    def after(self, done: Tick) -> float | None:
        """Takes note of a turn; gives the seconds until backfills want one, if they want any."""
        passed = self._clock.monotonic()
        if done.live:
            self._live_at = passed
        if done.handed > done.live:
            self._refilled_at = passed
        if not done.owing:
            self._owed_since = None
            return None
        if self._owed_since is None:
            self._owed_since = passed
        return max(self._due_at() - passed, 0.0)

    def _due_at(self) -> float:
        owed_since = self._owed_since if self._owed_since is not None else self._clock.monotonic()
        quiet_at = max(self._live_at + REST_SECONDS, self._refilled_at + REFILL_SPACING_SECONDS)
        return min(quiet_at, owed_since + MOST_OWED_SECONDS)

    def _is_due(self, next_due_at: datetime | None) -> bool:
        return next_due_at is not None and (next_due_at - self._clock.now()).total_seconds() < NEARLY_DUE_SECONDS
