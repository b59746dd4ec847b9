"""The transactional outbox and the inbox: an event is a row of the same transaction as the change it announces.

The relay (`shared_utils.messaging.relay`) moves committed rows to Redis Streams; delivery is at least once, consumers
remember event ids in the inbox.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Executable,
    Identity,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from shared_schemas.events.envelope import EventPayload, event_stream
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.logging import correlation_id as current_correlation_id
from shared_utils.observability.tracing import announced

type StreamRow = tuple[str, dict[str, str]]

MOST_COUNTED: Final = 10_000


def outbox_table(metadata: MetaData, schema: str) -> Table:
    """Entries on their way to a stream. `fields` is a flat object of strings: exactly what XADD takes."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("stream", Text, nullable=False),
        Column("fields", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        schema=schema,
    )


def inbox_table(metadata: MetaData, schema: str) -> Table:
    """Which consumer has handled which event: written in the transaction of the effect."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
        schema=schema,
    )


def event_row(
    payload: EventPayload,
    *,
    source_service: str,
    occurred_at: datetime,
    correlation_id: str | None = None,
    traceparent: str | None = None,
    event_id: UUID | None = None,
) -> StreamRow:
    """The stream and the entry of an event. Ids that are not given are those of the work at hand."""
    identity = event_id or uuid7()
    # The fields of EventEnvelope, in its order; a test compares. A model for each event would cost most of the work.
    envelope = {
        "event_id": identity,
        "event_type": payload.event_type,
        "version": payload.version,
        "occurred_at": occurred_at,
        "correlation_id": correlation_id or current_correlation_id() or identity.hex,
        "source_service": source_service,
        "traceparent": announced(f"publish {payload.event_type}", traceparent),
        "payload": payload,
    }
    return event_stream(payload.event_type), {"data": to_json(envelope).decode()}


@dataclass(frozen=True)
class _Pending:
    row: StreamRow
    added_in: SessionTransaction | None


@dataclass(frozen=True)
class _News:
    payload: EventPayload
    added_in: SessionTransaction | None


class Outbox:
    """Collects events of one session; they are inserted by one statement before the commit, or by `flush`.

    Events added inside a savepoint that is rolled back are forgotten with it.
    """

    def __init__(
        self,
        session: AsyncSession,
        *,
        source_service: str,
        clock: Clock,
        table: Table,
        committed: Callable[[Sequence[EventPayload]], None] | None = None,
    ) -> None:
        """`committed` is told which events were announced, once the transaction is committed."""
        self._session = session
        self._source_service = source_service
        self._clock = clock
        self._table = table
        self._committed = committed
        self._pending: list[_Pending] = []
        self._news: list[_News] = []
        self._hooked = False

    def add(self, payload: EventPayload, *, correlation_id: str | None = None, traceparent: str | None = None) -> UUID:
        """Announces `payload` when the transaction commits. Returns the event's id."""
        event_id = uuid7()
        self._buffer(
            event_row(
                payload,
                source_service=self._source_service,
                occurred_at=self._clock.now(),
                correlation_id=correlation_id,
                traceparent=traceparent,
                event_id=event_id,
            )
        )
        if self._committed is not None:
            self._news.append(_News(payload, self._pending[-1].added_in))
        return event_id

    def add_entries(self, stream: str, entries: Sequence[Mapping[str, str]]) -> None:
        """Puts plain entries (a work queue's, not events) on `stream` when the transaction commits."""
        for entry in entries:
            self._buffer((stream, dict(entry)))

    async def add_all(self, payloads: Sequence[EventPayload], *, correlation_id: str | None = None) -> None:
        """Announces many events by one statement, now."""
        for payload in payloads:
            self.add(payload, correlation_id=correlation_id)
        await self.flush()

    async def flush(self) -> None:
        """Inserts what was added so far. Called before every commit by itself; tests call it to look at the table."""
        rows = self._take()
        if rows:
            await self._session.execute(insert_rows(self._table), _arrays(rows))

    def _buffer(self, row: StreamRow) -> None:
        session = self._session.sync_session
        if not self._hooked:
            event.listen(session, "before_commit", self._before_commit)
            event.listen(session, "after_soft_rollback", self._after_soft_rollback)
            if self._committed is not None:
                event.listen(session, "after_commit", self._after_commit)
            self._hooked = True
        if not session.in_transaction():
            # Otherwise a rollback before the first statement would end nothing, and forget nothing.
            session.begin()
        self._pending.append(_Pending(row, session.get_nested_transaction() or session.get_transaction()))

    def _take(self) -> list[StreamRow]:
        rows = [pending.row for pending in self._pending]
        self._pending.clear()
        return rows

    def _before_commit(self, session: Session) -> None:
        rows = self._take()
        if rows:
            session.execute(insert_rows(self._table), _arrays(rows))

    def _after_soft_rollback(self, _session: Session, ended: SessionTransaction) -> None:
        if ended.nested:
            self._pending = [pending for pending in self._pending if pending.added_in is not ended]
            self._news = [news for news in self._news if news.added_in is not ended]
        else:
            self._pending.clear()
            self._news.clear()

    def _after_commit(self, session: Session) -> None:
        if session.in_nested_transaction() or self._committed is None:
            return  # a savepoint's end, which the transaction's may still undo
        news = [one.payload for one in self._news]
        self._news.clear()
        if news:
            self._committed(news)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of an outbox has not reached Redis: how many rows, counted up to `MOST_COUNTED`, and since when."""

    rows: int
    oldest_at: datetime | None


async def waiting(session: AsyncSession, table: Table) -> Waiting:
    """How a service's outbox stands. The oldest row is the first: ids are given in order."""
    counted = select(table.c.id).limit(MOST_COUNTED).subquery()
    oldest = select(table.c.created_at).order_by(table.c.id).limit(1).scalar_subquery()
    row = (await session.execute(select(func.count(), oldest).select_from(counted))).one()
    return Waiting(*row)


def insert_rows(table: Table) -> Executable:
    """INSERT of any number of rows as one statement with two array parameters, so that one plan serves all sizes."""
    streams = func.unnest(bindparam("streams", type_=ARRAY(Text)))
    fields = cast(func.unnest(bindparam("fields", type_=ARRAY(Text))), JSONB)
    return insert(table).from_select(["stream", "fields"], select(streams, fields))


def _arrays(rows: Sequence[StreamRow]) -> dict[str, list[str]]:
    return {
        "streams": [stream for stream, _ in rows],
        "fields": [json.dumps(fields, ensure_ascii=False) for _, fields in rows],
    }
