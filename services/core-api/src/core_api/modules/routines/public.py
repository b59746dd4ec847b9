"""What other modules may ask of routines."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core_api.modules.routines.schemas import PlannedSlot, StaleRoutine
from shared_utils.db.session import ReadSession, WriteSession

__all__ = ["PlannedSlot", "StaleRoutine"]
