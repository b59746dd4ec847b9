"""The loops of a scheduler process."""

from core_api.modules.dispatch.service import (
    DispatchLoop,
    RelayLoop,
    SweepLoop,
    recover,
    send_again,
    tick,
)

__all__ = [
    "DispatchLoop",
    "RelayLoop",
    "SweepLoop",
    "recover",
    "send_again",
    "tick",
]
