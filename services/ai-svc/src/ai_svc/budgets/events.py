"""What the books announce: tokens, money and refusals as metrics. Labels come from closed sets."""

from functools import cache
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter

from ai_svc.brain.purposes import Purpose

MAX_MODELS: Final = 50
"""Names of models are settings; should somebody change them all the time, the rest is counted as `other`."""
_PURPOSES: Final = frozenset(Purpose)


class BookMetrics:
    """Calls, tokens and US dollars by purpose, provider and model; refusals by reason."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(name, what, labels, registry=registry)

        self._calls = counter(
            "ai_calls", "Calls to models that are in the books.", "purpose", "provider", "model", "outcome"
        )
        self._tokens = counter("ai_tokens", "Tokens of calls to models.", "purpose", "provider", "model", "direction")
        self._usd = counter("ai_cost_usd", "US dollars that calls to models cost.", "purpose", "provider", "model")
        self._refusals = counter("ai_budget_refusals", "Calls to models that were not made.", "reason")
        self._unsettled = counter("ai_unsettled_calls", "Calls whose usage could not be booked when they ended.")
        self._models: set[str] = set()

    def booked(
        self,
        *,
        purpose: str,
        provider: str,
        model: str,
        outcome: str,
        input_tokens: int,
        output_tokens: int,
        usd: float,
    ) -> None:
        """Counts one call. `outcome` is told as ok, cancelled, expired or failed."""
        labels = (purpose if purpose in _PURPOSES else Purpose.OTHER.value, provider, self._known(model))
        self._calls.labels(*labels, outcome if outcome in {"ok", "cancelled", "expired"} else "failed").inc()
        self._tokens.labels(*labels, "input").inc(input_tokens)
        self._tokens.labels(*labels, "output").inc(output_tokens)
        self._usd.labels(*labels).inc(usd)

    def refused(self, reason: str) -> None:
        """Counts a call that was not made: exceeded, price_unknown or unavailable."""
        self._refusals.labels(reason).inc()

    def unsettled(self) -> None:
        """Counts a call that will be booked as reserved."""
        self._unsettled.inc()

    def _known(self, model: str) -> str:
        if model not in self._models and len(self._models) < MAX_MODELS:
            self._models.add(model)
        return model if model in self._models else "other"


@cache
def book_metrics(registry: CollectorRegistry = REGISTRY) -> BookMetrics:
    """The metrics of `registry`, made once."""
    return BookMetrics(registry)
