"""What can go wrong with attempts and their logs."""

from shared_utils.errors import Forbidden, Invalid


class WorkersOnly(Forbidden):
    """The protocol of workers is for the worker service; another service's key does not open it."""

    code = "WORKERS_ONLY"


class LogPositionInvalid(Invalid):
    """Last-Event-ID must be `attempt:seq`, as this stream sends it."""

    code = "LOG_POSITION_INVALID"
