"""What can go wrong with business dates."""

from datetime import date

from shared_utils.errors import Invalid


class DateTooFar(Invalid):
    code = "BUSINESS_DATE_TOO_FAR"

    def __init__(self, business_date: date, *, earliest: date, latest: date) -> None:
        super().__init__(f"{business_date} is too far away; choose a business date from {earliest} to {latest}.")


class RangeTooLong(Invalid):
    code = "RANGE_TOO_LONG"

    def __init__(self, most: int) -> None:
        super().__init__(f"Ask for at least one and at most {most} days, the first one not after the last.")
