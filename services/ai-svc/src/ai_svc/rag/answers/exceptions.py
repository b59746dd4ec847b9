"""What can go wrong with a question."""

from shared_utils.errors import Invalid


class EventPositionInvalid(Invalid):
    """Last-Event-ID must be the number of the last event that was received."""

    code = "EVENT_POSITION_INVALID"
