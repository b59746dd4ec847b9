"""The dead man's switch: an outside watchdog is called while everything really works, and notices when nobody calls.

What only says "this process is up" would go on saying it with a hung loop, a full disk or a Redis that is away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol

import httpx

from core_api.modules.schedulers.public import LoopState
from shared_utils.clock import Clock
from shared_utils.logging import get_logger

logger = get_logger(__name__)

PING_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = 5.0
"""After something was not well, or the outside did not answer: try again soon."""
PING_TIMEOUT_SECONDS: Final = 10.0


class Check(Protocol):
    """Raises when something that the engine needs does not work."""

    async def __call__(self) -> None: ...


def silent(states: Iterable[LoopState], longest: Mapping[str, float], *, now: datetime) -> list[str]:
    """The loops that fail, are not there, or began their last step longer ago than `longest` says, in seconds."""
    known = {state.name: state for state in states}
    return [name for name, seconds in longest.items() if not _beats(known.get(name), seconds, now=now)]


def _beats(state: LoopState | None, seconds: float, *, now: datetime) -> bool:
    if state is None or state.last_run_at is None or state.failing:
        return False
    return (now - state.last_run_at).total_seconds() <= seconds


class HeartbeatLoop:
    """Calls the outside watchdog every 30 s, as long as loops, PostgreSQL and Redis work."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        states: Callable[[], Iterable[LoopState]],
        loops: Mapping[str, float],
        checks: Mapping[str, Check],
        client: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
    ) -> None:
        self._url = url
        self._clock = clock
        self._states = states
        self._loops = loops
        self._checks = checks
        self._client = client
        self._unwell: list[str] = []

    async def step(self) -> float:
        unwell = silent(self._states(), self._loops, now=self._clock.now()) + [
            name for name, check in self._checks.items() if not await _works(check)
        ]
        if unwell != self._unwell:
            logger.warning(
                "the heartbeat stops" if unwell else "the heartbeat goes on", extra={"fields": {"by": unwell}}
            )
            self._unwell = unwell
        if unwell:
            return AGAIN_SECONDS
        return PING_SECONDS if await self._ping() else AGAIN_SECONDS

    async def _ping(self) -> bool:
        try:
            async with asyncio.timeout(PING_TIMEOUT_SECONDS), self._client() as client:
                answer = await client.get(self._url, follow_redirects=True)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            # Not the address: it is what anybody needs to keep the outside quiet.
            logger.warning("the outside watchdog did not answer", extra={"fields": {"error": type(error).__name__}})
            return False
        if not answer.is_success:
            logger.warning("the outside watchdog refused", extra={"fields": {"status": answer.status_code}})
        return answer.is_success


async def _works(check: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(5):
            await check()
    except Exception as error:  # noqa: BLE001  whatever it is, it is not well
        logger.warning("a check of the heartbeat failed", extra={"fields": {"error": repr(error)[:500]}})
        return False
    return True
