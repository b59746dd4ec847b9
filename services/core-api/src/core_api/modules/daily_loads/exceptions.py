"""What can go wrong with loading days and running routines."""

from datetime import date

from shared_utils.errors import Invalid


class DateTooFar(Invalid):
    code = "BUSINESS_DATE_TOO_FAR"

    def __init__(self, business_date: date, *, days: int) -> None:
        super().__init__(f"{business_date} is more than {days} days from today; choose a nearer business date.")


class IdempotencyKeyReused(Invalid):
    """The Idempotency-Key came with another request before: use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"
