"""The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the current instant, always aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return utc_now()


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock forward and returns the new instant."""
        self._now += by
        return self._now

    def set(self, instant: datetime) -> datetime:
        """Moves the clock to `instant`, forwards or backwards."""
        self._now = _aware(instant)
        return self._now


def utc_now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place that may


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a clock needs an instant with a time zone")
    return instant.astimezone(UTC)
