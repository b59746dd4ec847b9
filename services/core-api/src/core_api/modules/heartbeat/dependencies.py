"""Wiring of the heartbeat: what has to work, and how often each loop succeeds when all is well."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import redis.asyncio
from sqlalchemy import text

from core_api.modules.heartbeat.service import HeartbeatLoop
from core_api.modules.schedulers.public import LoopState
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, transaction

LOOPS: Final = {"dispatch": 15.0, "relay": 20.0, "daily load": 330.0, "sweep": 30.0}
"""Seconds within which each loop must have begun a step. A load may take minutes; the others are done in moments."""
_WRITABLE: Final = text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")


def heartbeat_loop(
    url: str,
    clock: Clock,
    *,
    states: Callable[[], Iterable[LoopState]],
    sessionmaker: SessionFactory,
    streams: redis.asyncio.Redis,
) -> HeartbeatLoop:
    """The loop of a scheduler whose other loops stand as `states` says."""

    async def postgres() -> None:
        async with transaction(sessionmaker) as session:
            if await session.scalar(_WRITABLE):
                raise ConnectionError("PostgreSQL takes no writes")

    async def streams_redis() -> None:
        # A role that is a replica would answer a ping and refuse every entry.
        role: Any = await streams.execute_command("ROLE")  # type: ignore[no-untyped-call]
        if role[0] not in {"master", b"master"}:
            raise ConnectionError("the streams Redis is a replica")

    return HeartbeatLoop(url, clock, states=states, loops=LOOPS, checks={"postgres": postgres, "redis": streams_redis})
