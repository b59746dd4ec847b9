"""What can go wrong with the books."""

from uuid import UUID

from ai_svc.brain.exceptions import BudgetExceeded
from shared_utils.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable

__all__ = [
    "BooksAway",
    "BudgetExceeded",
    "BudgetNameTaken",
    "BudgetNotFound",
    "PriceNotFound",
    "PriceTaken",
    "PriceUnknown",
    "UsageOfOthers",
    "UsageRange",
]


class BudgetNotFound(NotFound):
    code = "BUDGET_NOT_FOUND"

    def __init__(self, budget_id: UUID) -> None:
        super().__init__(f"There is no budget {budget_id}; GET /api/v1/ai/budgets lists them.")


class BudgetNameTaken(Conflict):
    code = "BUDGET_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A budget named {name!r} exists already; change it with PUT or choose another name.")


class PriceNotFound(NotFound):
    code = "PRICE_NOT_FOUND"

    def __init__(self, price_id: UUID) -> None:
        super().__init__(f"There is no price {price_id}; GET /api/v1/ai/prices lists them.")


class PriceTaken(Conflict):
    """The model has a price from that moment on already: delete it, or give another `valid_from`."""

    code = "PRICE_TAKEN"


class PriceUnknown(Conflict):
    """A budget in money applies and this model has no price: an administrator adds it with POST /api/v1/ai/prices."""

    code = "PRICE_UNKNOWN"


class UsageOfOthers(Forbidden):
    """Only administrators see what others use; leave `user` out."""

    code = "USAGE_OF_OTHERS"


class UsageRange(Invalid):
    """`from` must be before `to`, and at most 400 days earlier."""

    code = "USAGE_RANGE"


class BooksAway(Unavailable):
    """Calls to models wait: what they may cost cannot be set aside at the moment; try again shortly."""

    code = "BOOKS_UNAVAILABLE"
