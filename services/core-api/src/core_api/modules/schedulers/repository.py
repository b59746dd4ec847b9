"""The statements on scheduler processes and their log."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Text, Uuid, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import CONTROL_CHANNEL
from core_api.modules.schedulers.schemas import Instance, LoopState, Note


class SchedulerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def seen(self, instance: Instance, *, now: datetime, loops: Sequence[LoopState] = ()) -> None:
        parameters = {
            "id": instance.id,
            "host": instance.host,
            "pid": instance.pid,
            "kind": instance.kind,
            "now": now,
            "loops": json.dumps([asdict(one) for one in loops], default=_instant),
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

    # --- restarts ----------------------------------------------------------------------------------------------------

    async def ask_restart(
        self, restart_id: UUID, *, by: str, scheduler_ids: Sequence[str], loops: Sequence[str], now: datetime
    ) -> None:
        """Writes the request, and wakes schedulers when the transaction commits."""
        parameters = {"id": restart_id, "by": by, "schedulers": list(scheduler_ids), "loops": list(loops), "now": now}
        await self._session.execute(_ASK_RESTART, {**parameters, "channel": CONTROL_CHANNEL})

    async def open_restarts(self, scheduler_id: str, *, since: datetime) -> list[Row[Any]]:
        """What this scheduler was asked for and has not reported yet."""
        return list((await self._session.execute(_OPEN_RESTARTS, {"id": scheduler_id, "since": since})).all())

    async def report_restarts(
        self, ids: Sequence[UUID], *, scheduler_id: str, loops: Sequence[str], now: datetime
    ) -> None:
        parameters = {"ids": list(ids), "scheduler": scheduler_id, "loops": list(loops), "now": now}
        await self._session.execute(_REPORT_RESTARTS, parameters)

    async def restart(self, restart_id: UUID) -> list[Row[Any]]:
        """A row for each scheduler that was asked."""
        return list((await self._session.execute(_RESTART, {"id": restart_id})).all())

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


def _instant(value: datetime) -> str:
    return value.isoformat()


_SEEN: Final = text("""
    INSERT INTO core.scheduler_instances (id, host, pid, started_at, last_seen_at, kind, loops)
    VALUES (:id, :host, :pid, :now, :now, :kind, CAST(:loops AS jsonb))
    ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, loops = excluded.loops
""")

_GONE: Final = text("DELETE FROM core.scheduler_instances WHERE id = :id")

_INSTANCES: Final = text("""
    SELECT id, host, pid, started_at, last_seen_at, loops FROM core.scheduler_instances
    WHERE kind = 'scheduler' ORDER BY started_at, id LIMIT 200
""").columns(
    column("id", Text),
    column("host", Text),
    column("pid", Integer),
    column("started_at", DateTime(timezone=True)),
    column("last_seen_at", DateTime(timezone=True)),
    column("loops", JSONB),
)

_ASK_RESTART: Final = text("""
    WITH asked AS (
        INSERT INTO core.loop_restarts (id, requested_at, requested_by, scheduler_ids, loops)
        VALUES (:id, :now, :by, CAST(:schedulers AS text[]), CAST(:loops AS text[]))
    )
    SELECT pg_notify(:channel, '')
""")

_OPEN_RESTARTS: Final = text("""
    SELECT r.id, r.loops, r.requested_by FROM core.loop_restarts AS r
    WHERE r.requested_at >= :since AND CAST(:id AS text) = ANY (r.scheduler_ids)
      AND NOT EXISTS (SELECT 1 FROM core.loop_restart_reports AS p WHERE p.restart_id = r.id AND p.scheduler_id = :id)
    ORDER BY r.requested_at
""").columns(column("id", Uuid), column("loops", ARRAY(Text)), column("requested_by", Text))

_REPORT_RESTARTS: Final = text("""
    INSERT INTO core.loop_restart_reports (restart_id, scheduler_id, loops, restarted_at)
    SELECT id, :scheduler, CAST(:loops AS text[]), :now FROM unnest(CAST(:ids AS uuid[])) AS id
    ON CONFLICT DO NOTHING
""")

_RESTART: Final = text("""
    SELECT r.id, r.requested_at, r.requested_by, r.loops, asked.id AS scheduler_id, p.restarted_at,
        coalesce(p.loops, '{}') AS restarted, i.last_seen_at
    FROM core.loop_restarts AS r CROSS JOIN unnest(r.scheduler_ids) AS asked (id)
    LEFT JOIN core.loop_restart_reports AS p ON p.restart_id = r.id AND p.scheduler_id = asked.id
    LEFT JOIN core.scheduler_instances AS i ON i.id = asked.id
    WHERE r.id = :id ORDER BY asked.id
""").columns(
    column("id", Uuid),
    column("requested_at", DateTime(timezone=True)),
    column("requested_by", Text),
    column("loops", ARRAY(Text)),
    column("scheduler_id", Text),
    column("restarted_at", DateTime(timezone=True)),
    column("restarted", ARRAY(Text)),
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
