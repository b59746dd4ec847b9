"""Calls to a provider's embeddings go through the books like all others: set aside before, settled after."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Final, Protocol

from ai_svc.brain.chat import CallContext, Usage
from ai_svc.brain.exceptions import ModelTimedOut, code_of
from ai_svc.brain.ledger import Ledger, Reservation
from ai_svc.brain.purposes import Purpose
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.tokens import count
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

SERVICE_USER: Final = "service:ai-svc"
"""For whom passages are embedded, and questions that nobody in particular asks."""


class EmbeddingModel(Protocol):
    """What a provider's adapter offers here."""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text, in their order. Raises the errors of `ai_svc.brain.exceptions`."""
        ...


class BookedModel:
    """A provider's model whose calls are attributed, limited by budgets and seen in `ai/usage`.

    Tokens are estimated, and marked so: what a provider counts is not in every answer.
    """

    def __init__(self, model: EmbeddingModel, ledger: Ledger, *, provider: ProviderName, name: str) -> None:
        self._model = model
        self._ledger = ledger
        self._provider = provider
        self._name = name

    async def embed(self, texts: Sequence[str], *, purpose: Purpose, user: str) -> list[list[float]]:
        """One vector per text. Raises `BudgetExceeded` and the other errors of `ai_svc.brain.exceptions`."""
        used = Usage(sum(count(text, provider=self._provider) for text in texts), 0, estimated=True)
        reservation = await self._ledger.reserve(
            CallContext(purpose, user),
            provider=self._provider,
            model=self._name,
            input_tokens=used.input_tokens,
            output_tokens=0,
        )
        began, outcome, billed = monotonic(), "ok", True
        try:
            return await self._model.embed(texts)
        except AppError as error:
            outcome, billed = code_of(error), isinstance(error, ModelTimedOut)
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except Exception as error:
            outcome, billed = code_of(error), False
            raise
        finally:
            # Whoever is cancelled while booking must not leave the reservation open.
            usage = used if billed else Usage(0, 0)
            await asyncio.shield(self._settle(reservation, usage, outcome=outcome, seconds=monotonic() - began))

    async def _settle(self, reservation: Reservation, usage: Usage, *, outcome: str, seconds: float) -> None:
        """Vectors that were paid for are given out also when they cannot be booked: their reservation stays."""
        try:
            await self._ledger.settle(
                reservation, usage=usage, outcome=outcome, seconds=seconds, first_token_seconds=None
            )
        except Exception as error:  # noqa: BLE001  told here, and the reservation keeps the budget on the safe side
            fields = {"reservation": str(reservation.id), "error": type(error).__name__}
            logger.error("embeddings could not be settled", extra={"fields": fields})  # noqa: TRY400  no content
