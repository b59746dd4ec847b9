"""What live streams send."""

from dataclasses import dataclass
from typing import Any, Literal

from core_api.modules.attempts.public import LogLineRead
from core_api.modules.queue.public import ExecutionRead


@dataclass(frozen=True, slots=True)
class Announced:
    """An event of the event streams: its payload as it travelled, in JSON."""

    event_id: str | None
    event_type: str
    payload: str


RESYNC = Announced(None, "resync", "{}")
"""Events were left out for this reader: load again whatever is on the screen."""


@dataclass(frozen=True, slots=True)
class LogNews:
    """A step of a followed log: a line, a change of the execution, or the end."""

    kind: Literal["line", "status", "end"]
    position: str | None
    data: LogLineRead | ExecutionRead | dict[str, Any]
