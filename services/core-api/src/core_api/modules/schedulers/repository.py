"""The statements on scheduler processes and their log."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Integer, Text, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.schedulers.schemas import Instance, Note


class SchedulerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def seen(self, instance: Instance, *, now: datetime) -> None:
        parameters = {
            "id": instance.id,
            "host": instance.host,
            "pid": instance.pid,
            "kind": instance.kind,
            "now": now,
        }
        await self._session.execute(_SEEN, parameters)

    async def gone(self, instance_id: str) -> None:
        await self._session.execute(_GONE, {"id": instance_id})

    async def instances(self) -> list[Row[Any]]:
        return list((await self._session.execute(_INSTANCES)).all())

    async def alive(self, *, since: datetime) -> int:
        return int(await self._session.scalar(_ALIVE, {"since": since}) or 0)

    async def api_steady(self, *, started_before: datetime, seen_after: datetime) -> bool:
        parameters = {"started_before": started_before, "seen_after": seen_after}
        return bool(await self._session.scalar(_API_STEADY, parameters))

    async def note(self, notes: Sequence[Note], *, now: datetime) -> None:
        rows = [
            {"level": note.level, "event": note.event, "message": note.message, "fields": note.fields} for note in notes
        ]
        await self._session.execute(_NOTE, {"rows": json.dumps(rows, ensure_ascii=False, default=str), "now": now})

    async def log(
        self, *, before_id: int | None, events: Sequence[str], levels: Sequence[str], limit: int
    ) -> list[Row[Any]]:
        parameters = {"before": before_id, "events": list(events), "levels": list(levels), "limit": limit}
        return list((await self._session.execute(_LOG, parameters)).all())


_SEEN: Final = text("""
    INSERT INTO core.scheduler_instances (id, host, pid, started_at, last_seen_at, kind)
    VALUES (:id, :host, :pid, :now, :now, :kind)
    ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at
""")

_GONE: Final = text("DELETE FROM core.scheduler_instances WHERE id = :id")

_INSTANCES: Final = text("""
    SELECT id, host, pid, started_at, last_seen_at FROM core.scheduler_instances
    WHERE kind = 'scheduler' ORDER BY started_at, id LIMIT 200
""").columns(
    column("id", Text),
    column("host", Text),
    column("pid", Integer),
    column("started_at", DateTime(timezone=True)),
    column("last_seen_at", DateTime(timezone=True)),
)

_ALIVE: Final = text("""
    SELECT count(*) FROM core.scheduler_instances WHERE kind = 'scheduler' AND last_seen_at > :since
""")

_API_STEADY: Final = text("""
    SELECT EXISTS (SELECT 1 FROM core.scheduler_instances
                   WHERE kind = 'api' AND started_at <= :started_before AND last_seen_at > :seen_after)
""")

_NOTE: Final = text("""
    INSERT INTO core.scheduler_logs (at, level, event, message, fields)
    SELECT :now, level, event, message, fields
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS note (level text, event text, message text, fields jsonb)
""")

_LOG: Final = text("""
    SELECT id, at, level, event, message, fields FROM core.scheduler_logs
    WHERE (CAST(:before AS bigint) IS NULL OR id < :before)
      AND (CAST(:events AS text[]) = '{}' OR event = ANY (CAST(:events AS text[])))
      AND (CAST(:levels AS text[]) = '{}' OR level = ANY (CAST(:levels AS text[])))
    ORDER BY id DESC LIMIT :limit
""").columns(
    column("id", BigInteger),
    column("at", DateTime(timezone=True)),
    column("level", Text),
    column("event", Text),
    column("message", Text),
    column("fields", JSONB),
)
