"""A circuit breaker: after several failures in a row nothing is sent for a while, then one probe decides."""

import time
from collections.abc import Callable
from enum import StrEnum


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class CircuitBreaker:
    """Counts consecutive failures. `monotonic` is a clock in seconds; tests pass their own."""

    def __init__(
        self, *, failures: int = 5, reset_after: float = 2.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._reset_after = reset_after
        self._monotonic = monotonic
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self._waited() else BreakerState.OPEN

    @property
    def retry_after(self) -> float:
        """Seconds until a probe may be sent; 0 when a call may be made now."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._reset_after - (self._monotonic() - self._opened_at))

    def allow(self) -> bool:
        """Whether a call may be sent now. While half open, only the first caller is let through, as the probe."""
        if self._opened_at is None:
            return True
        if not self._waited() or self._probing:
            return False
        self._probing = True
        return True

    def success(self) -> None:
        """The call was answered: everything is closed again."""
        self._failures = 0
        self._opened_at = None
        self._probing = False

    def failure(self) -> None:
        """The call got no useful answer. A failed probe opens the circuit for another period."""
        self._failures += 1
        if self._probing or self._failures >= self._limit:
            self._opened_at = self._monotonic()
        self._probing = False

    def abandon(self) -> None:
        """The call was cancelled and says nothing about the other side: let somebody else probe."""
        self._probing = False

    def _waited(self) -> bool:
        return self._opened_at is not None and self._monotonic() - self._opened_at >= self._reset_after
