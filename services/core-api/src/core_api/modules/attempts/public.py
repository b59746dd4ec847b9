"""What other modules may do with attempts: the sweep takes up what was lost."""

from core_api.modules.attempts.dependencies import WorkerCaller, log_reads_for, protocol_for
from core_api.modules.attempts.exceptions import LogPositionInvalid, WorkersOnly
from core_api.modules.attempts.repository import RunRepository
from core_api.modules.attempts.schemas import MAX_COUNT, LogLineRead, LogPosition

__all__ = [
    "MAX_COUNT",
    "LogLineRead",
    "LogPosition",
    "LogPositionInvalid",
    "RunRepository",
    "WorkerCaller",
    "WorkersOnly",
    "log_reads_for",
    "protocol_for",
]
