"""Consumes event streams: idempotent, acknowledged after the commit, giving up visibly.

New entries come through XREADGROUP; entries that a consumer left behind, by dying or by failing, come back through a
separate XAUTOCLAIM pass. One message is one transaction, which also writes the inbox row that makes a second delivery
harmless. What fails again and again moves to `<stream>.dead` with its error. A database that is down is nobody's
failure: the consumer waits.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared_schemas.events.envelope import EventEnvelope, EventPayload
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.logging import correlation, get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from shared_utils.observability.metrics import CONSUMED_MESSAGES
from shared_utils.observability.tracing import traced

logger = get_logger(__name__)

BLOCK_MS: Final = 1000
COUNT: Final = 100
_MAX_REMEMBERED_ERRORS: Final = 1000
_INFRASTRUCTURE_SQLSTATES: Final = ("08", "57P", "53")


class RawPayload(EventPayload, extra="allow"):
    """A payload whose type is not known yet."""

    event_type = ""


@dataclass(frozen=True)
class StreamMessage:
    """One delivered event. `read(ExecutionFailed)` gives the typed payload."""

    stream: str
    entry_id: str
    envelope: EventEnvelope[RawPayload]
    data: str

    def read[PayloadT: EventPayload](self, payload: type[PayloadT]) -> PayloadT:
        """The payload as its contract. Raises `ValidationError` when it does not fit."""
        envelope: Any = EventEnvelope[payload]  # type: ignore[valid-type]
        typed: EventEnvelope[PayloadT] = envelope.model_validate_json(self.data)
        return typed.payload


type Handler = Callable[[WriteSession, StreamMessage], Awaitable[None]]
type Entry = tuple[str, dict[str, str]]


class StreamConsumer:
    """A member `consumer` of the group `group` on `streams`. Its client is made with `create_redis(blocking=True)`."""

    def __init__(
        self,
        redis: Redis,
        *,
        group: str,
        consumer: str,
        streams: Sequence[str],
        handler: Handler,
        sessionmaker: SessionFactory,
        inbox: Table,
        max_deliveries: int = 5,
        claim_idle_ms: int = 30_000,
        start_id: str = "0",
        block_ms: int = BLOCK_MS,
        wanted: Callable[[StreamMessage], bool] | None = None,
    ) -> None:
        """`wanted` says whether the handler has to see a message; others are acknowledged without a transaction."""
        self._redis = redis
        self._group = group
        self._consumer = consumer
        self._streams = tuple(streams)
        self._handler = handler
        self._sessionmaker = sessionmaker
        self._inbox = inbox
        self._max_deliveries = max_deliveries
        self._claim_idle_ms = claim_idle_ms
        self._start_id = start_id
        self._block_ms = block_ms
        self._wanted = wanted
        self._errors: dict[str, str] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Consumes until `stop` is set, through restarts of Redis and PostgreSQL."""
        backoff = Backoff()
        prepared = False
        next_claim = 0.0
        while not stop.is_set():
            try:
                if not prepared:
                    await self.create_groups()
                    await self.consume_pending()
                    prepared = True
                if time.monotonic() >= next_claim:
                    next_claim = time.monotonic() + self._claim_idle_ms / 2000
                    await self.claim_abandoned()
                await self.consume_new()
                backoff.reset()
            except (RedisError, OSError, SQLAlchemyError) as error:
                # NOGROUP (FLUSHALL, a new server) is healed by creating the groups again.
                prepared = False
                logger.warning(
                    "consuming failed, trying again", extra={"fields": {"error": repr(error), "group": self._group}}
                )
                await wait_first(stop, timeout=backoff.next())

    async def create_groups(self) -> None:
        """Creates streams and groups that do not exist yet."""
        for stream in self._streams:
            try:
                await self._redis.xgroup_create(stream, self._group, id=self._start_id, mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def consume_new(self) -> int:
        """Waits for new entries and handles them. Returns how many there were."""
        return await self._read(">", block_ms=self._block_ms)

    async def consume_pending(self) -> int:
        """Handles what was delivered to this consumer before it was restarted."""
        return await self._read("0", block_ms=None)

    async def claim_abandoned(self) -> int:
        """Takes over what nobody acknowledged for `claim_idle_ms`, this consumer's own failures included."""
        if not await self._database_answers():
            return 0  # claiming counts a delivery, and an outage is not the message's fault
        return sum([await self._claim_from(stream) for stream in self._streams])

    async def _read(self, position: str, *, block_ms: int | None) -> int:
        streams: Any = dict.fromkeys(self._streams, position)
        answer: Any = await self._redis.xreadgroup(self._group, self._consumer, streams, count=COUNT, block=block_ms)
        items = answer.items() if isinstance(answer, Mapping) else (answer or [])
        handled = 0
        for stream, entries in items:
            # RESP3 answers a mapping of streams to lists of lists of entries, RESP2 a list of pairs.
            listed = _flat(entries)
            handled += len(listed)
            for entry in await self._pass_over(stream, listed):
                await self._process(stream, entry)
        return handled

    async def _pass_over(self, stream: str, entries: Sequence[Entry]) -> list[Entry]:
        """Acknowledges what nobody wants, all at once, and returns the rest."""
        if self._wanted is None:
            return list(entries)
        messages = ((entry, _parse(stream, *entry)) for entry in entries)
        rest = [entry for entry, message in messages if message is None or self._wanted(message)]
        kept = {entry_id for entry_id, _ in rest}
        unwanted = [entry_id for entry_id, _ in entries if entry_id not in kept]
        if unwanted:
            await self._redis.xack(stream, self._group, *unwanted)
        return rest

    async def _claim_from(self, stream: str) -> int:
        handled, cursor = 0, "0-0"
        while True:
            answer = await self._redis.xautoclaim(
                stream, self._group, self._consumer, self._claim_idle_ms, start_id=cursor, count=COUNT
            )
            # Two elements before Redis 7, three since: the third lists entries that were deleted.
            cursor, entries = str(answer[0]), [entry for entry in answer[1] if entry and entry[0] is not None]
            if len(entries) < len(answer[1]):
                await self._acknowledge_deleted(stream)
            deliveries = await self._deliveries(stream, entries)
            for entry in entries:
                if deliveries.get(entry[0], 1) > self._max_deliveries:
                    await self._bury(stream, entry, deliveries[entry[0]])
                else:
                    await self._process(stream, entry)
                handled += 1
            if cursor == "0-0":
                return handled

    async def _process(self, stream: str, entry: Entry) -> None:
        entry_id, fields = entry
        if not fields:  # deleted from the stream while it was pending
            await self._redis.xack(stream, self._group, entry_id)
            return
        message = _parse(stream, entry_id, fields)
        if message is None:
            await self._bury(stream, entry, 1, error="not an event envelope")
            return
        envelope = message.envelope
        span = traced(
            envelope.traceparent,
            name=f"process {envelope.event_type}",
            kind=SpanKind.CONSUMER,
            links=[envelope.traceparent],
            attributes={"messaging.system": "redis", "messaging.consumer.group.name": self._group},
        )
        with correlation(envelope.correlation_id), span:
            await self._handle_until_database_answers(message)

    async def _handle_until_database_answers(self, message: StreamMessage) -> None:
        backoff = Backoff()
        while True:
            try:
                outcome = "handled" if await self._handle(message) else "duplicate"
            except Exception as error:  # a handler may fail in any way; the entry stays pending
                if _is_outage(error):
                    logger.warning("the database is not available, waiting", extra={"fields": {"error": repr(error)}})
                    await asyncio.sleep(backoff.next())
                    continue
                self._remember(message.entry_id, error)
                CONSUMED_MESSAGES.labels(self._group, "failed").inc()
                logger.exception("handling an event failed", extra={"fields": self._fields(message)})
                return
            CONSUMED_MESSAGES.labels(self._group, outcome).inc()
            self._errors.pop(message.entry_id, None)
            await self._redis.xack(message.stream, self._group, message.entry_id)
            return

    async def _handle(self, message: StreamMessage) -> bool:
        """The effect and the inbox row in one transaction. False when the event was handled before."""
        async with transaction(self._sessionmaker) as session:
            if not await self._first_time(session, message.envelope.event_id):
                return False
            await self._handler(session, message)
            return True

    async def _first_time(self, session: WriteSession, event_id: UUID) -> bool:
        statement = insert(self._inbox).values(consumer=self._group, event_id=event_id).on_conflict_do_nothing()
        result = await session.execute(statement.returning(self._inbox.c.event_id))
        return result.first() is not None

    async def _bury(self, stream: str, entry: Entry, deliveries: int, *, error: str | None = None) -> None:
        """Moves an entry to the dead letter stream; adding comes first, so that a crash leaves two copies, not none."""
        entry_id, fields = entry
        dead: Any = dict(fields) | {
            "dead_stream": stream,
            "dead_entry_id": entry_id,
            "dead_group": self._group,
            "dead_deliveries": str(deliveries),
            "dead_error": error or self._errors.pop(entry_id, "its consumer died each time"),
        }
        await self._redis.xadd(f"{stream}.dead", dead)
        await self._redis.xack(stream, self._group, entry_id)
        CONSUMED_MESSAGES.labels(self._group, "dead").inc()
        logger.error(
            "gave up on an event", extra={"fields": {"stream": stream, "entry": entry_id, "error": dead["dead_error"]}}
        )

    async def _deliveries(self, stream: str, entries: Sequence[Entry]) -> dict[str, int]:
        if not entries:
            return {}
        pending = await self._redis.xpending_range(
            stream,
            self._group,
            min=entries[0][0],
            max=entries[-1][0],
            count=len(entries) * 10,
            consumername=self._consumer,
        )
        return {str(item["message_id"]): int(item["times_delivered"]) for item in pending}

    async def _acknowledge_deleted(self, stream: str) -> None:
        """Before Redis 7 a deleted entry stays pending for ever and is claimed as nil, without its id."""
        pending = await self._redis.xpending_range(
            stream, self._group, min="-", max="+", count=COUNT * 10, consumername=self._consumer
        )
        for item in pending:
            entry_id = item["message_id"]
            if not await self._redis.xrange(stream, min=entry_id, max=entry_id, count=1):
                await self._redis.xack(stream, self._group, entry_id)

    async def _database_answers(self) -> bool:
        try:
            async with self._sessionmaker() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            logger.warning("the database is not available, not claiming", extra={"fields": {"error": repr(error)}})
            return False
        return True

    def _remember(self, entry_id: str, error: Exception) -> None:
        if len(self._errors) >= _MAX_REMEMBERED_ERRORS:
            self._errors.pop(next(iter(self._errors)))
        self._errors[entry_id] = f"{type(error).__name__}: {error}"[:1000]

    def _fields(self, message: StreamMessage) -> dict[str, Any]:
        envelope = message.envelope
        return {
            "stream": message.stream,
            "entry": message.entry_id,
            "event_id": str(envelope.event_id),
            "group": self._group,
        }


def _parse(stream: str, entry_id: str, fields: Mapping[str, str]) -> StreamMessage | None:
    data = fields.get("data", "")
    try:
        envelope = EventEnvelope[RawPayload].model_validate_json(data)
    except ValidationError:
        return None
    return StreamMessage(stream, entry_id, envelope, data)


def _flat(entries: Any) -> list[Entry]:
    if entries and isinstance(entries[0], list) and (not entries[0] or isinstance(entries[0][0], list | tuple)):
        return [entry for group in entries for entry in group]
    return list(entries)


def _is_outage(error: Exception) -> bool:
    """Whether the error says that the database is away, rather than that the message is bad."""
    if isinstance(error, PoolTimeout | ConnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or sqlstate.startswith(_INFRASTRUCTURE_SQLSTATES)
