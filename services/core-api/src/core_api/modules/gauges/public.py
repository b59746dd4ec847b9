"""The loop that keeps the gauges up to date."""

from core_api.modules.gauges.service import GaugeLoop

__all__ = ["GaugeLoop"]
