"""What other modules may ask of routines."""

from core_api.modules.routines.schemas import PlannedSlot, RetryPolicy, RoutineSnapshot, StaleRoutine

__all__ = ["PlannedSlot", "RetryPolicy", "RoutineSnapshot", "StaleRoutine"]
