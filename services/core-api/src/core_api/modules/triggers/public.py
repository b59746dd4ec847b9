"""What other modules may ask of triggers: their shapes, and the slots that they have."""

from core_api.modules.triggers.schemas import (
    TRIGGERS,
    CronTrigger,
    DatasetEventTrigger,
    ExecutionEventTrigger,
    FileEventTrigger,
    IntervalTrigger,
    ManualTrigger,
    OnceTrigger,
    TimeOfDay,
    TimesTrigger,
    Trigger,
    TriggerRead,
    WebhookTrigger,
)
from core_api.modules.triggers.service import instant_of, slots_on

__all__ = [
    "TRIGGERS",
    "CronTrigger",
    "DatasetEventTrigger",
    "ExecutionEventTrigger",
    "FileEventTrigger",
    "IntervalTrigger",
    "ManualTrigger",
    "OnceTrigger",
    "TimeOfDay",
    "TimesTrigger",
    "Trigger",
    "TriggerRead",
    "WebhookTrigger",
    "instant_of",
    "slots_on",
]
