"""Queues are asserted through the outbox, in the test's own transaction: most tests need no Redis."""

import json
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared_schemas.events.envelope import EventEnvelope, EventPayload, event_stream


async def published[PayloadT: EventPayload](
    session: AsyncSession, table: Table, payload: type[PayloadT]
) -> list[EventEnvelope[PayloadT]]:
    """The events of a type that wait in the outbox, oldest first. Without a commit, call `Outbox.flush` before."""
    query = select(table.c.fields).where(table.c.stream == event_stream(payload.event_type)).order_by(table.c.id)
    envelope = EventEnvelope[payload]  # type: ignore[valid-type]
    return [envelope.model_validate_json(fields["data"]) for fields in (await session.execute(query)).scalars()]


async def outbox_entries(session: AsyncSession, table: Table, stream: str) -> list[dict[str, Any]]:
    """The plain entries for a stream that wait in the outbox, oldest first."""
    query = select(table.c.fields).where(table.c.stream == stream).order_by(table.c.id)
    return [
        dict(fields) if isinstance(fields, dict) else json.loads(fields)
        for fields in (await session.execute(query)).scalars()
    ]
