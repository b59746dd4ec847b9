"""What other modules may do with attempts: the sweep takes up what was lost."""

from core_api.modules.attempts.dependencies import protocol_for

__all__ = ["protocol_for"]
