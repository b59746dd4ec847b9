"""What other parts may ask of backfills: the scheduler its loop, the upkeep what goes with time."""

from typing import Final

from core_api.modules.backfills.dependencies import backfill_loop
from core_api.modules.backfills.models import Backfill
from core_api.modules.backfills.service import BackfillLoop
from shared_utils.db.retention import Retention

__all__ = ["RETENTIONS", "BackfillLoop", "backfill_loop"]

RETENTIONS: Final = (Retention(table=Backfill.__table__, at="finished_at", days=730),)
