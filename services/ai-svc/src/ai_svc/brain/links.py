"""The links of the chain: a provider, how much patience there is with it, and whether it is worth asking just now."""

import random
import time
from collections.abc import Callable
from typing import Final

from ai_svc.brain.chat import Provider
from ai_svc.brain.exceptions import ModelFailed, ModelLimited, ModelMisconfigured, ModelTimedOut
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.timeouts import Timeouts
from shared_utils.errors import AppError
from shared_utils.http.circuit_breaker import BreakerState, CircuitBreaker

FAILURES_TO_OPEN: Final = 5
OPEN_SECONDS: Final = 10.0
MAX_REST_SECONDS: Final = 300.0
"""However long a provider asks to be left alone, it is asked again after this."""
# With another model to turn to, a second try comes at once or not at all: falling back has to add less than 50 ms.
QUICK_WAIT_SECONDS: Final = 0.02
PATIENT_WAIT_SECONDS: Final = 0.3
QUICK_ATTEMPTS, PATIENT_ATTEMPTS = 2, 3
MAX_RETRY_AFTER_SECONDS: Final = 5.0
"""A longer Retry-After is not waited for inside of a call, even when no other model is left."""


class Link:
    """One provider in the chain. `monotonic` is a clock in seconds."""

    def __init__(
        self,
        provider: Provider,
        *,
        timeouts: Timeouts | None = None,
        breaker: CircuitBreaker | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.provider = provider
        self.timeouts = timeouts or Timeouts()
        self.breaker = breaker or CircuitBreaker(
            failures=FAILURES_TO_OPEN, reset_after=OPEN_SECONDS, monotonic=monotonic
        )
        self._monotonic = monotonic
        self._resting_until = 0.0

    @property
    def is_model(self) -> bool:
        """Whether it costs anything; `local` is no model, is free, and never fails for long."""
        return self.provider.name is not ProviderName.LOCAL

    @property
    def state(self) -> BreakerState:
        return self.breaker.state

    @property
    def resting(self) -> float:
        """Seconds for which the provider asked to be left alone; 0 when it may be asked."""
        return max(0.0, self._resting_until - self._monotonic())

    @property
    def retry_after(self) -> float:
        """Seconds until it may be worth asking; 0 when it is now."""
        return max(self.resting, self.breaker.retry_after)

    def take(self) -> bool:
        """Whether it may be asked now. Each True is followed by exactly one `answered`, `failed` or `let_go`."""
        return not self.is_model or (self.resting <= 0 and self.breaker.allow())

    def answered(self) -> None:
        """There was an answer, or a refusal that is about the request."""
        self.breaker.success()

    def failed(self, error: AppError) -> None:
        """Takes note of an error of this provider's, so that others are not sent into the same."""
        if isinstance(error, ModelLimited):
            self._resting_until = self._monotonic() + min(error.retry_after, MAX_REST_SECONDS)
            self.breaker.abandon()
        elif isinstance(error, ModelFailed | ModelTimedOut):
            self.breaker.failure()
        else:
            self.breaker.success()

    def let_go(self) -> None:
        """The call was cancelled: it says nothing about the provider."""
        self.breaker.abandon()


def wait_before_retry(error: AppError, *, attempt: int, alternative: bool, time_left: float) -> float | None:
    """Seconds to wait before the same provider is asked again, or None when it is not asked again.

    `attempt` counts from 1. `alternative` says whether another model comes next in the chain. What the provider asks
    for in Retry-After is honoured: it is never asked sooner, and not waited for when that takes longer than the call
    has, or another model could answer meanwhile.
    """
    if isinstance(error, ModelMisconfigured) or not isinstance(error, ModelFailed | ModelLimited):
        return None
    if attempt >= (QUICK_ATTEMPTS if alternative else PATIENT_ATTEMPTS):
        return None
    base = QUICK_WAIT_SECONDS if alternative else PATIENT_WAIT_SECONDS * 2 ** (attempt - 1)
    wait = base * random.uniform(0.5, 1.0)  # noqa: S311  jitter, no secret
    if isinstance(error, ModelLimited):
        if alternative or error.retry_after > MAX_RETRY_AFTER_SECONDS:
            return None
        wait += error.retry_after
    return wait if wait < time_left else None
