"""The only place that asks what time it is."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

HOME_ZONE: Final = ZoneInfo("America/Sao_Paulo")
"""Where a business date begins at midnight. Routines and deadlines may have zones of their own."""


class Clock(Protocol):
    """A source of the current instant, always aware and in UTC."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float:
        """Seconds that really passed since some moment, whatever is done to the clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return utc_now()

    def monotonic(self) -> float:
        return time.monotonic()


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)
        self._passed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed

    def advance(self, by: timedelta) -> datetime:
        """Moves the clock forward and returns the new instant."""
        self._now += by
        self._passed += by.total_seconds()
        return self._now

    def jump(self, by: timedelta) -> datetime:
        """Moves the hands without time passing, as NTP or a resumed machine does."""
        self._now += by
        return self._now

    def set(self, instant: datetime) -> datetime:
        """Lets time pass until `instant`, or turns the clock back to it."""
        self._passed += max((_aware(instant) - self._now).total_seconds(), 0.0)
        self._now = _aware(instant)
        return self._now


def utc_now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place that may


def home_date(instant: datetime) -> date:
    """The business date of the house at an aware `instant`: the day in `HOME_ZONE`, until 03:00 not that of UTC."""
    return _aware(instant).astimezone(HOME_ZONE).date()


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a clock needs an instant with a time zone")
    return instant.astimezone(UTC)
