"""Loops that run beside the API, as background tasks whose end is noticed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self

from shared_utils.logging import get_logger

logger = get_logger(__name__)

STOP_SECONDS = 5.0


class NotListeningError(RuntimeError):
    """A loop that must run has ended: the event consumer, the relay of events or the indexing of documents."""


class Listening:
    """Runs a loop beside the API. When the loop ends by itself, the service is no longer ready."""

    def __init__(self, loop: Coroutine[Any, Any, None], stop: asyncio.Event, *, name: str = "event-consumer") -> None:
        self._loop = loop
        self._stop = stop
        self._name = name
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._loop, name=self._name)
        self._task.add_done_callback(_tell)
        return self

    def stop(self) -> None:
        """Takes nothing new from now on; what it is at may end."""
        self._stop.set()

    async def __aexit__(self, *_exc: object) -> None:
        """Lets the work at hand end. A loop that is too slow is cancelled; what it was at comes again."""
        self._stop.set()
        if self._task is not None:
            done, _ = await asyncio.wait([self._task], timeout=STOP_SECONDS)
            if not done:
                self._task.cancel()
                await asyncio.wait([self._task], timeout=STOP_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether the loop is running."""
        return self._task is not None and not self._task.done()

    def check(self) -> None:
        """Raises `NotListeningError` when the loop has ended."""
        if not self.alive:
            raise NotListeningError(self._name)


def _tell(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("a loop beside the API ended", extra={"fields": {"loop": task.get_name()}}, exc_info=error)
