"""The loops of a scheduler process."""

from core_api.modules.dispatch.service import (
    DispatchLoop,
    RelayLoop,
    SweepLoop,
    UpkeepLoop,
    event_types,
    recover,
    send_again,
    tick,
    trim_events,
)

__all__ = [
    "DispatchLoop",
    "RelayLoop",
    "SweepLoop",
    "UpkeepLoop",
    "event_types",
    "recover",
    "send_again",
    "tick",
    "trim_events",
]
