"""The statements on artifacts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.artifacts.schemas import Announced


class ArtifactRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, execution_id: UUID, attempt: int, *, but: str) -> int:
        """How many artifacts an attempt has, without the one of this name."""
        parameters = {"id": execution_id, "attempt": attempt, "name": but}
        return int(await self._session.scalar(_COUNT, parameters) or 0)

    async def put(self, artifact: Announced, *, now: datetime) -> None:
        parameters = {
            "id": artifact.execution_id,
            "attempt": artifact.attempt,
            "name": artifact.name,
            "content_type": artifact.content_type,
            "size_bytes": artifact.size_bytes,
            "sha256": artifact.sha256,
            "now": now,
        }
        await self._session.execute(_PUT, parameters)

    async def listing(self, execution_id: UUID) -> Sequence[Row[Any]]:
        return (await self._session.execute(_LISTING, {"id": execution_id})).all()

    async def find(self, execution_id: UUID, name: str, *, attempt: int | None) -> Row[Any] | None:
        parameters = {"id": execution_id, "name": name, "attempt": attempt}
        return (await self._session.execute(_FIND, parameters)).first()

    async def drop_month(self, month: date) -> int:
        return int((await self._session.execute(_DROP_MONTH, {"month": month})).rowcount)  # type: ignore[attr-defined]


_COUNT: Final = text("""
    SELECT count(*) FROM core.artifacts WHERE execution_id = :id AND attempt = :attempt AND name <> :name
""")

_PUT: Final = text("""
    INSERT INTO core.artifacts (execution_id, attempt, name, content_type, size_bytes, sha256, stored_at)
    VALUES (:id, :attempt, :name, :content_type, :size_bytes, :sha256, :now)
    ON CONFLICT (execution_id, attempt, name) DO UPDATE
    SET content_type = excluded.content_type, size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
        stored_at = excluded.stored_at
""")

_LISTING: Final = text("""
    SELECT name, attempt, content_type, size_bytes, sha256, stored_at FROM core.artifacts
    WHERE execution_id = :id ORDER BY attempt DESC, name LIMIT 10000
""")

_FIND: Final = text("""
    SELECT name, attempt, content_type, size_bytes, sha256, stored_at FROM core.artifacts
    WHERE execution_id = :id AND name = :name AND (CAST(:attempt AS integer) IS NULL OR attempt = :attempt)
    ORDER BY attempt DESC LIMIT 1
""")

_DROP_MONTH: Final = text("""
    DELETE FROM core.artifacts
    WHERE execution_id >= core.partition_floor(CAST(:month AS date))
      AND execution_id < core.partition_floor(CAST(CAST(:month AS date) + INTERVAL '1 month' AS date))
""")
