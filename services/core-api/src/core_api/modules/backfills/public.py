"""What other parts may ask of backfills: the scheduler its loop."""

from core_api.modules.backfills.dependencies import backfill_loop
from core_api.modules.backfills.service import BackfillLoop

__all__ = ["BackfillLoop", "backfill_loop"]
