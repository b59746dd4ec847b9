"""The event consumer as a background task whose end is noticed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self

from shared_utils.logging import get_logger

logger = get_logger(__name__)

STOP_SECONDS = 5.0


class NotListeningError(RuntimeError):
    """The event consumer has ended."""


class Listening:
    """Runs a consumer's loop beside the API. When the loop ends by itself, the service is no longer ready."""

    def __init__(self, loop: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
        self._loop = loop
        self._stop = stop
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._loop, name="event-consumer")
        self._task.add_done_callback(_tell)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Lets the message at hand end. A consumer that is too slow is cancelled; its message comes again."""
        self._stop.set()
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=STOP_SECONDS)
            if not done:
                self._task.cancel()
                await asyncio.wait([self._task], timeout=STOP_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether events are being consumed."""
        return self._task is not None and not self._task.done()

    def check(self) -> None:
        """Raises `NotListeningError` when the loop has ended."""
        if not self.alive:
            raise NotListeningError


def _tell(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("the event consumer ended", exc_info=error)
