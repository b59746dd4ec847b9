"""What other modules may do with artifacts: the upkeep drops those of a month that is over."""

from core_api.modules.artifacts.service import drop_month

__all__ = ["drop_month"]
