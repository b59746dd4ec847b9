"""How the streams Redis stands, as the gauges tell it."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class EventGroup:
    """A group that reads an event stream. `lag` is None while nobody has counted it."""

    stream: str
    group: str
    pending: int
    lag: int | None
    last_given: str


@dataclass(slots=True, kw_only=True)
class Streams:
    """Work streams by band, event streams by type."""

    used_bytes: int
    max_bytes: int
    work_lag: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), 0))
    work_pending: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), 0))
    lengths: dict[str, int] = field(default_factory=dict)
    dead: dict[str, int] = field(default_factory=dict)
    groups: list[EventGroup] = field(default_factory=list)
