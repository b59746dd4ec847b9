"""What a tick of the dispatcher did."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`turn` is false when another scheduler was at it; then nothing else is known."""

    turn: bool
    handed: int = 0
    recalled: int = 0
    more: bool = False
    """The page of candidates was full: there may be more that fits."""
    next_due_at: datetime | None = None
