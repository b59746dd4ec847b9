"""A loop that keeps gauges up to date, for processes that have no loops of their own kind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared_utils.logging import get_logger
from shared_utils.messaging.pause import wait_first
from shared_utils.observability.refreshing import REFRESH_SECONDS, refreshing

logger = get_logger(__name__)

_AWAY: Final = (SQLAlchemyError, RedisError, OSError, TimeoutError)


async def keep_gauges(
    read: Callable[[], Awaitable[None]], stop: asyncio.Event, *, seconds: float = REFRESH_SECONDS
) -> None:
    """Calls `read` now and every `seconds` until `stop` is set, through restarts of PostgreSQL and Redis."""
    failing = False
    while not stop.is_set():
        try:
            async with refreshing():
                await read()
            failing = False
        except _AWAY as error:
            if not failing:
                logger.warning("gauges are not refreshed", extra={"fields": {"error": repr(error)}})
            failing = True
        await wait_first(stop, timeout=seconds)
