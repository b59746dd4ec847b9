"""What a call may cost is set aside before it, and settled after it. Who keeps the books is somebody else's part."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID, uuid4

from ai_svc.brain.chat import CallContext, Usage
from ai_svc.brain.schemas import ProviderName


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money and tokens that were set aside for one call."""

    id: UUID
    tokens: int
    money: Decimal


class Ledger(Protocol):
    """Fails closed: a call whose cost cannot be set aside is not made."""

    async def reserve(
        self, context: CallContext, *, provider: ProviderName, model: str, input_tokens: int, output_tokens: int
    ) -> Reservation:
        """Sets aside the most that the call may use, in one atomic step. Raises `BudgetExceeded`."""
        ...

    async def settle(
        self, reservation: Reservation, *, usage: Usage, outcome: str, seconds: float, first_token_seconds: float | None
    ) -> None:
        """Books what was really used and gives back the rest. `outcome` is ok, cancelled or an error's code."""
        ...


class NullLedger:
    """Books nothing and limits nothing: for tests alone."""

    async def reserve(
        self, context: CallContext, *, provider: ProviderName, model: str, input_tokens: int, output_tokens: int
    ) -> Reservation:
        """As much as is asked for."""
        del context, provider, model
        return Reservation(uuid4(), tokens=input_tokens + output_tokens, money=Decimal(0))

    async def settle(
        self, reservation: Reservation, *, usage: Usage, outcome: str, seconds: float, first_token_seconds: float | None
    ) -> None:
        """Nothing to book."""
