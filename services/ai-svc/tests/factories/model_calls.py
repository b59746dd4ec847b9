"""Calls to models for tests: requests, contexts, a chain over scripted servers, and a ledger that remembers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from ai_svc.brain import links
from ai_svc.brain.adapters.openai import OpenAIProvider
from ai_svc.brain.caller import ModelCaller
from ai_svc.brain.chat import CallContext, ChatMessage, ChatRequest, Delta, Done, Failed, Restart, StreamEvent, Usage
from ai_svc.brain.ledger import Reservation
from ai_svc.brain.links import Link
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.timeouts import Timeouts
from shared_utils.testing.model_server import ModelServer

CONTEXT = CallContext(purpose="text.summarize", user="ana")
PATIENT = Timeouts(first_token=30, between_tokens=30)
HASTY = Timeouts(first_token=0.15, between_tokens=0.15, whole=1)
"""For a provider that is going to hang: on a busy machine a good one would be cut off as well."""
HASTY_LATER = Timeouts(first_token=30, between_tokens=0.15)
"""For one that says something before it hangs."""


def asking(said: str = "Qual é a capital do Maranhão?", **options: Any) -> ChatRequest:
    return ChatRequest(messages=(ChatMessage("user", said),), **options)


def provider_of(server: ModelServer, *, model: str = "scripted", **options: Any) -> OpenAIProvider:
    given: dict[str, Any] = {"name": ProviderName.OPENAI_COMPATIBLE, "api_key": None, "timeouts": PATIENT} | options
    return OpenAIProvider(model=model, base_url=server.url, **given)


@dataclass(slots=True)
class Book:
    """A ledger that keeps what it was told; `refusing` is raised when something is to be reserved."""

    reserved: list[tuple[UUID, ProviderName, int, int]] = field(default_factory=list)
    settled: list[tuple[UUID, Usage, str]] = field(default_factory=list)
    refusing: Exception | None = None

    async def reserve(
        self, context: CallContext, *, provider: ProviderName, model: str, input_tokens: int, output_tokens: int
    ) -> Reservation:
        if self.refusing is not None:
            raise self.refusing
        made = Reservation(uuid4(), tokens=input_tokens + output_tokens, money=Decimal(0))
        self.reserved.append((made.id, provider, input_tokens, output_tokens))
        return made

    async def settle(
        self, reservation: Reservation, *, usage: Usage, outcome: str, seconds: float, first_token_seconds: float | None
    ) -> None:
        self.settled.append((reservation.id, usage, outcome))

    @property
    def outcomes(self) -> list[str]:
        return [outcome for _, _, outcome in self.settled]


def caller_over(*providers: Any, ledger: Any = None, first: Timeouts = PATIENT, **options: Any) -> ModelCaller:
    links = [Link(provider, timeouts=PATIENT if place else first) for place, provider in enumerate(providers)]
    return ModelCaller(links, ledger=ledger or Book(), **options)


def heard(events: Sequence[StreamEvent]) -> str:
    """What stands on the reader's screen at the end."""
    text = ""
    for event in events:
        text = "" if isinstance(event, Restart) else text + (event.text if isinstance(event, Delta) else "")
    return text


def ends(events: Sequence[StreamEvent]) -> list[Done | Failed]:
    return [event for event in events if isinstance(event, Done | Failed)]


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits before a provider is asked again take a millisecond."""
    monkeypatch.setattr(links, "QUICK_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(links, "PATIENT_WAIT_SECONDS", 0.001)
