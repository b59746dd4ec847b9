"""What the processes start: couriers; and what goes with time."""

from typing import Final

from core_api.modules.notifications.dependencies import courier
from core_api.modules.notifications.models import Delivery, Thread
from core_api.modules.notifications.service import Courier
from shared_utils.db.retention import Retention

__all__ = ["RETENTIONS", "Courier", "courier"]

RETENTIONS: Final = (
    Retention(table=Delivery.__table__, at="created_at", days=90),
    Retention(table=Thread.__table__, at="told_at", days=90),
)
