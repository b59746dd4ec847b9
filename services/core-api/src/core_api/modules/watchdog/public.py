"""What the processes start: the watchdog's loop, and what stands in for schedulers that are gone."""

from core_api.modules.watchdog.dependencies import standby, watch_loop
from core_api.modules.watchdog.service import LOOK_SECONDS, Standby, WatchLoop, running

__all__ = ["LOOK_SECONDS", "Standby", "WatchLoop", "running", "standby", "watch_loop"]
