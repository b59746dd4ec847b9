"""What other parts may ask of reactions: the scheduler its loop."""

from core_api.modules.reactions.dependencies import event_loop
from core_api.modules.reactions.service import EventLoop

__all__ = ["EventLoop", "event_loop"]
