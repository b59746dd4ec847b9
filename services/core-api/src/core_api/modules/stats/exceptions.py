"""What can go wrong when asking for statistics."""

from shared_utils.errors import Invalid


class RangeInvalid(Invalid):
    """The dates are in the wrong order, or too far apart."""

    code = "RANGE_INVALID"
