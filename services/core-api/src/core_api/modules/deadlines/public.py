"""What other modules may ask of deadlines."""

from core_api.modules.deadlines.dependencies import deadlines_of
from core_api.modules.deadlines.schemas import Due, Late, Missing, Target
from core_api.modules.deadlines.service import Deadlines

__all__ = ["Deadlines", "Due", "Late", "Missing", "Target", "deadlines_of"]
