from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from core_api.database import WAKE_CHANNEL
from core_api.modules.pools.models import Pool
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession


class PoolRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def all(self) -> list[Pool]:
        return list(await self._session.scalars(select(Pool).order_by(Pool.name)))

    async def get(self, name: str, *, lock: bool = False) -> Pool | None:
        query = select(Pool).where(Pool.name == name)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def add(self, values: Mapping[str, Any]) -> Pool | None:
        """Insert a pool; None when the name is taken."""
        statement = insert(Pool).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(Pool)
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, name: str, values: Mapping[str, Any]) -> Pool:
        statement = update(Pool).where(Pool.name == name).values(**values).returning(Pool)
        return (await self._session.scalars(statement, execution_options={"populate_existing": True})).one()

    async def delete(self, name: str) -> bool:
        """Delete a pool; False when a routine still uses it."""
        try:
            async with self._session.begin_nested():
                await self._session.execute(delete(Pool).where(Pool.name == name))
        except IntegrityError:
            return False
        return True

    async def wake_scheduler(self) -> None:
        await notify(self._session, WAKE_CHANNEL)
