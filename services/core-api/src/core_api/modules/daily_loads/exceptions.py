"""What can go wrong with loading days and running routines."""

from datetime import date

from shared_utils.errors import Invalid


class DateTooFar(Invalid):
    code = "BUSINESS_DATE_TOO_FAR"

    def __init__(self, business_date: date, *, earliest: date, latest: date) -> None:
        super().__init__(f"{business_date} is too far away; choose a business date from {earliest} to {latest}.")


class IdempotencyKeyReused(Invalid):
    """The Idempotency-Key came with another request before: use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"
