"""The monitor's loop."""

from core_api.modules.monitor.service import HealthLoop

__all__ = ["HealthLoop"]
