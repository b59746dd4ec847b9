"""Moves committed outbox rows to Redis Streams.

Rows are claimed with `SKIP LOCKED`, so any number of relays work side by side; nothing remembers a last id, which
would lose the rows of transactions that commit late. A row is deleted in the transaction that sends it and committed
after Redis took it: a crash in between delivers twice, never not at all.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import Table, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared_schemas.jobs import wake_stream
from shared_utils.db.outbox import StreamRow, insert_rows
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from shared_utils.observability.metrics import RELAY_FAILURES, RELAYED_ENTRIES

logger = get_logger(__name__)

BATCH: Final = 500
POLL_SECONDS: Final = 0.5
_WORK_STREAM: Final = re.compile(r"^queue:worker:\{(?P<queue>[^}]+)\}:p\d+$")
# Wake streams hold no information: a few entries are enough for everybody who blocks on them.
_WAKE_LENGTH: Final = 16


# A command for each entry would cost more than all the rest of the relay. It has one key, and so works on a cluster.
_ADD_ALL: Final = """
local at = 1
while at <= #ARGV do
    local words = tonumber(ARGV[at])
    redis.call('XADD', KEYS[1], '*', unpack(ARGV, at + 1, at + words))
    at = at + words + 1
end
return 0
"""


# A deletion that a crash of PostgreSQL forgets is sent again. Set for this transaction, and without a round trip.
_NOBODY_WAITS_FOR_THE_DISK: Final = func.set_config("synchronous_commit", "off", True)


class WakeEvent(Protocol):
    """What wakes the relay: an asyncio.Event, or a `shared_utils.db.notify.Wake`."""

    async def wait(self) -> Any: ...
    def clear(self) -> None: ...


class OutboxRelay:
    """The relay of one service's outbox table."""

    def __init__(self, sessionmaker: SessionFactory, redis: Redis, table: Table, *, batch: int = BATCH) -> None:
        self._sessionmaker = sessionmaker
        self._redis = redis
        self._table = table
        self._batch = batch

    async def relay_once(self) -> int:
        """Sends one batch and returns its size. Raises, with everything rolled back, when Redis is not there."""
        async with transaction(self._sessionmaker) as session:
            rows = await self._claim(session)
            if rows:
                refused = await self._send(rows)
                if refused:
                    await session.execute(insert_rows(self._table), _arrays(refused))
        RELAYED_ENTRIES.inc(len(rows))
        return len(rows)

    async def run(
        self, stop: asyncio.Event, wake: WakeEvent | None = None, *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        """Relays until `stop` is set: at once when woken, and every `poll_seconds` in case a wake-up was lost."""
        backoff = Backoff()
        while not stop.is_set():
            if wake is not None:
                wake.clear()  # before looking, so that a row which comes meanwhile wakes us again
            try:
                sent = await self.relay_once()
                backoff.reset()
            except (RedisError, SQLAlchemyError, OSError) as error:
                RELAY_FAILURES.inc()
                logger.warning("the relay failed and tries again", extra={"fields": {"error": repr(error)}})
                await wait_first(stop, timeout=backoff.next())
                continue
            if sent < self._batch:
                await wait_first(stop, *([] if wake is None else [wake]), timeout=poll_seconds)

    async def _claim(self, session: AsyncSession) -> list[StreamRow]:
        table = self._table
        claimed = select(table.c.id).order_by(table.c.id).limit(self._batch).with_for_update(skip_locked=True)
        # Materialised: PostgreSQL may otherwise run the sub-select again for each row and lock more than the limit.
        ids = claimed.cte("claimed").prefix_with("MATERIALIZED", dialect="postgresql")
        query = (
            delete(table)
            .where(table.c.id.in_(select(ids.c.id)))
            .returning(table.c.id, table.c.stream, table.c.fields, _NOBODY_WAITS_FOR_THE_DISK)
            .execution_options(synchronize_session=False)
        )
        rows = sorted((await session.execute(query)).all(), key=lambda row: row.id)
        return [(row.stream, row.fields) for row in rows]

    async def _send(self, rows: Sequence[StreamRow]) -> list[StreamRow]:
        """XADDs in one round trip, one command for each stream: all of its rows or, when Redis refuses them, none.

        Returns the rows that Redis refused while it took others, for another time.
        """
        by_stream: dict[str, list[StreamRow]] = {}
        for row in rows:
            by_stream.setdefault(row[0], []).append(row)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for stream, entries in by_stream.items():
                pipeline.eval(_ADD_ALL, 1, stream, *_flat(fields for _, fields in entries))
            for stream in _wake_streams(rows):
                pipeline.xadd(stream, {"wake": "1"}, maxlen=_WAKE_LENGTH, approximate=True)
            answers = await pipeline.execute(raise_on_error=False)
        refusals = list(zip(by_stream.values(), answers, strict=False))
        errors = [answer for _, answer in refusals if isinstance(answer, Exception)]
        for error in errors:
            if not _is_about_the_entry(error):
                raise error
        refused = [row for entries, answer in refusals if isinstance(answer, Exception) for row in entries]
        if refused:
            # For example a stream's key that holds another type. Keeping the batch back would repeat the others for
            # ever.
            report = {"error": repr(errors[0]), "rows": len(refused), "stream": refused[0][0]}
            logger.error("Redis refused entries; they go to the end of the outbox", extra={"fields": report})
        return refused


def _is_about_the_entry(error: Exception) -> bool:
    """Whether one entry is at fault, rather than the state of the server (full, read-only, loading)."""
    return isinstance(error, ResponseError) and "WRONGTYPE" in str(error)


def _flat(entries: Iterable[dict[str, str]]) -> Iterator[str]:
    """Each entry as the number of its words, and the words."""
    for fields in entries:
        yield str(2 * len(fields))
        for name, value in fields.items():
            yield name
            yield value


def _wake_streams(rows: Sequence[StreamRow]) -> list[str]:
    matches = {stream: _WORK_STREAM.match(stream) for stream, _ in rows}
    return sorted({wake_stream(match["queue"]) for match in matches.values() if match})


def _arrays(rows: Sequence[StreamRow]) -> dict[str, list[str]]:
    return {"streams": [stream for stream, _ in rows], "fields": [json.dumps(fields) for _, fields in rows]}
