"""The statements on keys of webhooks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.hooks.models import WebhookKey


class WebhookKeyRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, routine_id: UUID) -> WebhookKey | None:
        return (
            await self._session.scalars(select(WebhookKey).where(WebhookKey.routine_id == routine_id))
        ).one_or_none()

    async def put(
        self, routine_id: UUID, *, secret_hash: bytes, sealed: str | None, created_by: str, created_at: datetime
    ) -> None:
        """Keeps a key in place of the one before."""
        columns = {
            "secret_hash": secret_hash,
            "sealed": sealed,
            "created_by": created_by,
            "created_at": created_at,
        }
        statement = insert(WebhookKey).values(routine_id=routine_id, **columns)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=[WebhookKey.routine_id], set_=columns)
        )
