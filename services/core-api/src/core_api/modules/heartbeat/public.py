"""What a scheduler starts for the watchdog outside of the house."""

from core_api.modules.heartbeat.dependencies import LOOPS, heartbeat_loop
from core_api.modules.heartbeat.service import HeartbeatLoop

__all__ = ["LOOPS", "HeartbeatLoop", "heartbeat_loop"]
