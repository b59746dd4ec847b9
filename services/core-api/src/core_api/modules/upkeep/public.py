"""The upkeep of a scheduler, and the events that have a contract."""

from core_api.modules.upkeep.service import UpkeepLoop, event_types, trim_events

__all__ = ["UpkeepLoop", "event_types", "trim_events"]
