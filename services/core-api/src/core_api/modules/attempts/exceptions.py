"""What can go wrong with attempts and their logs."""

from shared_utils.errors import Invalid


class LogPositionInvalid(Invalid):
    """Last-Event-ID must be `attempt:seq`, as this stream sends it."""

    code = "LOG_POSITION_INVALID"
