"""What the process around the modules starts: the reader of event streams, and the signal that ends streams."""

from core_api.modules.live.service import EventFeed, LogFollower, running_feed, stop_on_signals

__all__ = ["EventFeed", "LogFollower", "running_feed", "stop_on_signals"]
