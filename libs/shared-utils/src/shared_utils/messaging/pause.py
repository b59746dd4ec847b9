"""Waiting inside loops: for the first of several events, and longer after each failure."""

import asyncio
import random
from typing import Any, Protocol


class Waitable(Protocol):
    async def wait(self) -> Any: ...


async def wait_first(*events: Waitable, timeout: float) -> bool:
    """Waits until one of `events` is set, at most `timeout` seconds; says whether one was."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return bool(done)


class Backoff:
    """Exponential pauses with full jitter, in seconds."""

    def __init__(self, *, initial: float = 0.1, factor: float = 2, maximum: float = 2.0) -> None:
        self._initial = initial
        self._factor = factor
        self._maximum = maximum
        self._failures = 0

    def next(self) -> float:
        """The pause after one more failure."""
        pause = min(self._maximum, self._initial * self._factor**self._failures)
        self._failures += 1
        return pause * random.uniform(0.5, 1)  # noqa: S311  spreads load, guards nothing

    def reset(self) -> None:
        """Something worked."""
        self._failures = 0
