"""The statements on idempotency keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.idempotency.schemas import StoredKey


class IdempotencyRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def store(
        self, *, subject: str, route: str, key: str, body_hash: str, ids: Sequence[UUID], now: datetime
    ) -> StoredKey | None:
        """Keeps a key; when it was there already, nothing is written and what it stands for is returned.

        A request that holds the same key at this moment is waited for: the second one sees what the first one made.
        """
        parameters = {
            "subject": subject,
            "route": route,
            "key": key,
            "body_hash": body_hash,
            "ids": list(ids),
            "now": now,
        }
        if (await self._session.execute(_STORE, parameters)).one_or_none() is not None:
            return None
        row = (await self._session.execute(_READ, {"subject": subject, "route": route, "key": key})).one()
        return StoredKey(row.body_hash, tuple(row.execution_ids))


_STORE: Final = text("""
    INSERT INTO core.idempotency_keys (subject, route, key, body_hash, execution_ids, created_at)
    VALUES (:subject, :route, :key, :body_hash, CAST(:ids AS uuid[]), :now)
    ON CONFLICT DO NOTHING RETURNING key
""")

_READ: Final = text("""
    SELECT body_hash, execution_ids FROM core.idempotency_keys
    WHERE subject = :subject AND route = :route AND key = :key
""").columns(column("body_hash", Text), column("execution_ids", ARRAY(Uuid)))
