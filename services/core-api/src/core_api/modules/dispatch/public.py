"""The loops of a scheduler process."""

from core_api.modules.dispatch.service import (
    DispatchLoop,
    PresenceLoop,
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
    "PresenceLoop",
    "RelayLoop",
    "SweepLoop",
    "UpkeepLoop",
    "event_types",
    "recover",
    "send_again",
    "tick",
    "trim_events",
]
