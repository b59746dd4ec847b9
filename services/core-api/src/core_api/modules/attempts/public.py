"""What other modules may do with attempts: the sweep takes up what was lost."""

from core_api.modules.attempts.dependencies import log_reads_for, protocol_for
from core_api.modules.attempts.exceptions import LogPositionInvalid
from core_api.modules.attempts.schemas import LogLineRead, LogPosition

__all__ = ["LogLineRead", "LogPosition", "LogPositionInvalid", "log_reads_for", "protocol_for"]
