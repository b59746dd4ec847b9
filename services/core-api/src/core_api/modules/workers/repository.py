"""The statements on workers and on the job catalog."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, Text, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import OUTBOX_CHANNEL, WAKE_CHANNEL
from core_api.modules.workers.schemas import LostWorker
from shared_schemas.jobs import JobDescriptor, WorkerRegistration


class WorkerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def upsert(self, worker: WorkerRegistration, *, now: datetime, lease_until: datetime) -> None:
        parameters = {
            "id": worker.worker_id,
            "host": worker.host,
            "pid": worker.pid,
            "queues": sorted(set(worker.queues)),
            "slots": worker.slots,
            "version": worker.version,
            "now": now,
            "lease_until": lease_until,
        }
        await self._session.execute(_UPSERT_WORKER, parameters)

    async def announce(self, jobs: Sequence[JobDescriptor], *, queues: Sequence[str], now: datetime) -> None:
        """Puts jobs into the catalog. Rows that say the same already are not written again."""
        rows = [job.model_dump(mode="json") for job in sorted(jobs, key=lambda job: job.name)]
        parameters = {"rows": json.dumps(rows, ensure_ascii=False), "queues": sorted(set(queues)), "now": now}
        await self._session.execute(_UPSERT_JOBS, parameters)

    async def offer(self, worker_id: str, jobs: Sequence[str]) -> None:
        await self._session.execute(_WITHDRAW_OFFERS, {"worker_id": worker_id, "jobs": list(jobs)})
        await self._session.execute(_OFFER, {"worker_id": worker_id, "jobs": list(jobs)})

    async def wake(self) -> None:
        """Wakes dispatcher and relay when the transaction commits: there is more room."""
        await self._session.execute(_WAKE, {"first": WAKE_CHANNEL, "second": OUTBOX_CHANNEL})

    async def beat(self, worker_id: str, *, draining: bool, now: datetime, lease_until: datetime) -> bool:
        parameters = {"id": worker_id, "draining": draining, "now": now, "lease_until": lease_until}
        return (await self._session.execute(_BEAT, parameters)).one_or_none() is not None

    async def delete(self, worker_id: str) -> bool:
        return (await self._session.execute(_DELETE, {"id": worker_id})).one_or_none() is not None

    async def exists(self, worker_id: str) -> bool:
        """Whether there is such a worker, and it is not lost."""
        return await self._session.scalar(_EXISTS, {"id": worker_id}) is not None

    async def mark_lost(self, *, now: datetime) -> list[LostWorker]:
        return [LostWorker(row.id, row.host) for row in await self._session.execute(_MARK_LOST, {"now": now})]

    async def jobs(self, *, now: datetime, name: str | None = None) -> list[Row[Any]]:
        return list((await self._session.execute(_JOBS, {"now": now, "name": name})).all())

    async def schemas(self, names: Collection[str] | None) -> dict[str, Mapping[str, Any]]:
        rows = await self._session.execute(_SCHEMAS, {"names": None if names is None else sorted(names)})
        return {row.name: row.params_schema for row in rows}

    async def workers(self) -> list[Row[Any]]:
        return list((await self._session.execute(_WORKERS)).all())

    async def capacity(self, *, now: datetime) -> Row[Any]:
        return (await self._session.execute(_CAPACITY, {"now": now})).one()


_WAKE: Final = text("SELECT pg_notify(:first, ''), pg_notify(:second, '')")

_UPSERT_WORKER: Final = text("""
    INSERT INTO core.workers (
        id, host, pid, queues, slots, version, draining, registered_at, last_heartbeat_at, lease_until)
    VALUES (:id, :host, :pid, CAST(:queues AS text[]), :slots, :version, false, :now, :now, :lease_until)
    ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid, queues = excluded.queues,
        slots = excluded.slots, version = excluded.version, draining = false, registered_at = excluded.registered_at,
        last_heartbeat_at = excluded.last_heartbeat_at, lease_until = excluded.lease_until, lost_at = NULL
""")

_UPSERT_JOBS: Final = text("""
    INSERT INTO core.jobs AS job (
        name, title, description, params_schema, light, default_timeout_seconds, queues, updated_at)
    SELECT name, title, description, params_schema, light, default_timeout_seconds, CAST(:queues AS text[]), :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        name text, title text, description text, params_schema jsonb, light boolean, default_timeout_seconds integer)
    ON CONFLICT (name) DO UPDATE SET title = excluded.title, description = excluded.description,
        params_schema = excluded.params_schema, light = excluded.light,
        default_timeout_seconds = excluded.default_timeout_seconds, queues = excluded.queues,
        updated_at = excluded.updated_at
    WHERE (job.title, job.description, job.params_schema, job.light, job.default_timeout_seconds, job.queues)
        IS DISTINCT FROM (excluded.title, excluded.description, excluded.params_schema, excluded.light,
            excluded.default_timeout_seconds, excluded.queues)
""")

_WITHDRAW_OFFERS: Final = text("""
    DELETE FROM core.worker_jobs WHERE worker_id = :worker_id AND job <> ALL (CAST(:jobs AS text[]))
""")

_OFFER: Final = text("""
    INSERT INTO core.worker_jobs (worker_id, job) SELECT :worker_id, unnest(CAST(:jobs AS text[]))
    ON CONFLICT DO NOTHING
""")

_BEAT: Final = text("""
    UPDATE core.workers SET last_heartbeat_at = :now, lease_until = :lease_until, draining = :draining
    WHERE id = :id AND lost_at IS NULL
    RETURNING id
""")

_DELETE: Final = text("DELETE FROM core.workers WHERE id = :id RETURNING id")

_EXISTS: Final = text("SELECT 1 FROM core.workers WHERE id = :id AND lost_at IS NULL")

_MARK_LOST: Final = text("""
    UPDATE core.workers SET lost_at = :now
    WHERE id = ANY (ARRAY(
        SELECT id FROM core.workers WHERE lost_at IS NULL AND lease_until < :now ORDER BY id FOR UPDATE SKIP LOCKED))
    RETURNING id, host
""")

_LIVE = "w.lost_at IS NULL AND w.lease_until > :now"
_JOBS_HEAD: Final = """
    SELECT name, title, description, params_schema, light, default_timeout_seconds, queues, updated_at,
        EXISTS (SELECT 1 FROM core.worker_jobs AS o JOIN core.workers AS w ON w.id = o.worker_id
                WHERE o.job = j.name AND NOT w.draining AND
"""
_JOBS_TAIL: Final = """) AS available
    FROM core.jobs AS j WHERE CAST(:name AS text) IS NULL OR j.name = :name
    ORDER BY name
"""
_JOBS: Final = text(_JOBS_HEAD + _LIVE + _JOBS_TAIL).columns(
    column("name", Text),
    column("title", Text),
    column("description", Text),
    column("params_schema", JSONB),
    column("light", Boolean),
    column("default_timeout_seconds", Integer),
    column("queues", ARRAY(Text)),
    column("updated_at", DateTime(timezone=True)),
    column("available", Boolean),
)

_SCHEMAS: Final = text("""
    SELECT name, params_schema FROM core.jobs
    WHERE CAST(:names AS text[]) IS NULL OR name = ANY (CAST(:names AS text[]))
""").columns(column("name", Text), column("params_schema", JSONB))

_WORKERS: Final = text("""
    SELECT w.id, w.host, w.pid, w.queues, w.slots, w.version, w.draining, w.registered_at, w.last_heartbeat_at,
        w.lease_until, w.lost_at,
        ARRAY(SELECT job FROM core.worker_jobs AS o WHERE o.worker_id = w.id ORDER BY job) AS jobs
    FROM core.workers AS w
    ORDER BY w.lost_at DESC NULLS FIRST, w.registered_at, w.id
    LIMIT 1000
""").columns(
    column("id", Text),
    column("host", Text),
    column("pid", Integer),
    column("queues", ARRAY(Text)),
    column("slots", Integer),
    column("version", Text),
    column("draining", Boolean),
    column("registered_at", DateTime(timezone=True)),
    column("last_heartbeat_at", DateTime(timezone=True)),
    column("lease_until", DateTime(timezone=True)),
    column("lost_at", DateTime(timezone=True)),
    column("jobs", ARRAY(Text)),
)

_CAPACITY_HEAD: Final = "SELECT count(*) AS workers, coalesce(sum(slots), 0) AS slots FROM core.workers AS w WHERE "
_CAPACITY: Final = text(_CAPACITY_HEAD + _LIVE)
