"""Rate limits per verified caller, counted in the cache Redis so that all replicas share them.

    @router.post("/{id}/run", dependencies=[Depends(rate_limit("60/minute", scope="run"))])

Limits protect against mistakes and greed, not the product's correctness: when the cache is down or slow they let
requests pass.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from pydantic import SecretStr
from redis.exceptions import RedisError

from shared_utils.errors import TooManyRequests
from shared_utils.http.security import CurrentCaller
from shared_utils.logging import get_logger
from shared_utils.observability.metrics import RATE_LIMIT_REFUSALS, RATE_LIMIT_UNCHECKED

logger = get_logger(__name__)

TIMEOUT_SECONDS: Final = 0.25
# After a failure nobody asks the cache for a while: a stalled Redis must not cost each request the time-out.
PAUSE_SECONDS: Final = 1.0

type RateLimitDependency = Callable[..., Awaitable[None]]


class RateLimiter:
    """Sliding window counters. Without a URL they live in this process (one replica, tests)."""

    def __init__(self, cache_url: str | SecretStr | None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        url = cache_url.get_secret_value() if isinstance(cache_url, SecretStr) else cache_url
        self._storage = _storage(url)
        self._strategy = SlidingWindowCounterRateLimiter(self._storage)
        self._monotonic = monotonic
        self._paused_until = 0.0

    async def hit(self, limit: RateLimitItem, *, scope: str, subject: str) -> float | None:
        """Counts one request. Nothing when it is allowed, else the seconds until the next one is."""
        if self._monotonic() < self._paused_until:
            RATE_LIMIT_UNCHECKED.inc()
            return None
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                if await self._strategy.hit(limit, "rate", subject, scope):
                    return None
                window = await self._strategy.get_window_stats(limit, "rate", subject, scope)
            RATE_LIMIT_REFUSALS.labels(scope).inc()
        except (RedisError, StorageError, OSError, TimeoutError) as error:
            self._paused_until = self._monotonic() + PAUSE_SECONDS
            RATE_LIMIT_UNCHECKED.inc()
            logger.warning("rate limits are not counted: the cache fails", extra={"fields": {"error": repr(error)}})
            return None
        return max(1.0, window.reset_time - time.time())

    async def answers(self) -> bool:
        """Whether the cache answers; what lives in this process always does."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._storage.check()
        except (RedisError, StorageError, OSError, TimeoutError):
            return False

    async def aclose(self) -> None:
        """Closes the connections."""
        if isinstance(self._storage, RedisStorage):
            # `bridge` is typed by its base class, which does not know the client.
            client: Any = self._storage.bridge
            await client.storage.aclose()


def rate_limit(limit: str, *, scope: str) -> RateLimitDependency:
    """A dependency that allows `limit` (`60/minute`, `5/second`) requests per caller in `scope`, else answers 429.

    Counts in `request.state.rate_limiter`, by the verified subject: a header that a client can choose is no key.
    """
    item = parse(limit)
    RATE_LIMIT_REFUSALS.labels(scope)

    async def limited(request: Request, caller: CurrentCaller) -> None:
        limiter: RateLimiter = request.state.rate_limiter
        retry_after = await limiter.hit(item, scope=scope, subject=caller.subject)
        if retry_after is not None:
            raise TooManyRequests(f"The limit is {limit}; try again in {retry_after:.0f} s.", retry_after=retry_after)

    return limited


def rate_limit_by_client(limit: str, *, scope: str) -> RateLimitDependency:
    """Like `rate_limit` for addresses that need no access token: requests are counted per path and client address.

    Behind a proxy the address is the one that the proxy reports to the server; a client cannot choose it.
    """
    item = parse(limit)
    RATE_LIMIT_REFUSALS.labels(scope)

    async def limited(request: Request) -> None:
        limiter: RateLimiter = request.state.rate_limiter
        host = request.client.host if request.client else "unknown"
        retry_after = await limiter.hit(item, scope=scope, subject=f"{request.url.path}:{host}")
        if retry_after is not None:
            raise TooManyRequests(f"The limit is {limit}; try again in {retry_after:.0f} s.", retry_after=retry_after)

    return limited


def _storage(url: str | None) -> Storage:
    if url is None:
        return MemoryStorage()
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return RedisStorage(f"async+{url}", implementation="redispy", key_prefix="rate", **options)
