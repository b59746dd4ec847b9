"""Slots that will not run, and why."""

from core_api.modules.skips.service import judge

__all__ = ["judge"]
