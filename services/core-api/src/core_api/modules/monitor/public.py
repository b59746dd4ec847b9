"""The monitor's loops."""

from core_api.modules.monitor.service import GaugeLoop, HealthLoop

__all__ = ["GaugeLoop", "HealthLoop"]
