"""Gauges that are read from PostgreSQL and Redis: by a loop, at most every ten seconds, never inside a scrape."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import Counter, Gauge

REFRESH_SECONDS: Final = 10.0
LIMIT_SECONDS: Final = 5.0

DATABASE_UP: Final = Gauge("database_up", "Whether the last refresh reached PostgreSQL: 1 or 0.")
REFRESHED: Final = Gauge(
    "metrics_refreshed_timestamp_seconds", "When the values from PostgreSQL and Redis were read last."
)
REFRESH_DURATION: Final = Gauge("metrics_refresh_duration_seconds", "How long the last reading took.")
REFRESH_FAILURES: Final = Counter("metrics_refresh_failures", "Readings that failed.")


@asynccontextmanager
async def refreshing(*, limit_seconds: float = LIMIT_SECONDS) -> AsyncIterator[None]:
    """A reading of values for gauges, within a time limit. What fails leaves them as they were, and is told.

    How old the values are is `metrics_refreshed_timestamp_seconds`; the error goes on to whoever runs the loop.
    """
    started = time.monotonic()
    try:
        async with asyncio.timeout(limit_seconds):
            yield
    except Exception:
        DATABASE_UP.set(0)
        REFRESH_FAILURES.inc()
        raise
    DATABASE_UP.set(1)
    REFRESHED.set(time.time())
    REFRESH_DURATION.set(time.monotonic() - started)
