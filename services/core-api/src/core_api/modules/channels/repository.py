from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from core_api.modules.channels.models import Channel, Rule
from shared_utils.db.session import ReadSession


class ChannelRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def all(self) -> list[Channel]:
        query = select(Channel).order_by(Channel.name)
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def by_ids(self, ids: Sequence[UUID]) -> list[Channel]:
        query = select(Channel).where(Channel.id.in_(ids))
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def get(self, channel_id: UUID, *, lock: bool = False) -> Channel | None:
        query = select(Channel).where(Channel.id == channel_id)
        if lock:
            query = query.with_for_update(key_share=True)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def add(self, values: Mapping[str, Any]) -> Channel | None:
        """Insert a channel; None when the name is taken."""
        statement = insert(Channel).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(Channel)
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, channel_id: UUID, values: Mapping[str, Any]) -> Channel | None:
        """Change a channel; None when the new name is another one's."""
        statement = update(Channel).where(Channel.id == channel_id).values(**values).returning(Channel)
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one()
        except IntegrityError:
            return None

    async def delete(self, channel_id: UUID) -> None:
        await self._session.execute(delete(Channel).where(Channel.id == channel_id))


class RuleRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def all(self) -> list[Rule]:
        query = select(Rule).order_by(Rule.id)
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def get(self, rule_id: UUID, *, lock: bool = False) -> Rule | None:
        query = select(Rule).where(Rule.id == rule_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def add(self, values: Mapping[str, Any]) -> Rule | None:
        """Insert a rule; None when the name is taken."""
        statement = insert(Rule).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(Rule)
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, rule_id: UUID, values: Mapping[str, Any]) -> Rule | None:
        """Change a rule; None when the new name is another one's."""
        statement = update(Rule).where(Rule.id == rule_id).values(**values).returning(Rule)
        try:
            async with self._session.begin_nested():
                changed = await self._session.scalars(statement, execution_options={"populate_existing": True})
                return changed.one()
        except IntegrityError:
            return None

    async def delete(self, rule_id: UUID) -> None:
        await self._session.execute(delete(Rule).where(Rule.id == rule_id))

    async def include(self, channel_id: UUID, *, name: str, by: str, now: datetime) -> None:
        """Puts a channel into the default rule, which is made if there is none."""
        await self._session.execute(_INCLUDE, {"channel_id": channel_id, "name": name, "by": by, "now": now})

    async def forget_channel(self, channel_id: UUID) -> None:
        """Takes a channel out of every rule."""
        await self._session.execute(_FORGET_CHANNEL, {"channel_id": channel_id})


# Somebody may have taken the default's name for a rule of their own: then it gets its id for a name.
_INCLUDE: Final = text("""
    WITH joined AS (
        UPDATE core.notification_rules
        SET channel_ids = array_append(channel_ids, CAST(:channel_id AS uuid)), updated_at = :now, updated_by = :by
        WHERE is_default RETURNING id
    ), fresh AS (SELECT uuidv7() AS id)
    INSERT INTO core.notification_rules (
        id, name, is_default, kinds, routine_ids, tags, channel_ids, updated_at, updated_by)
    SELECT id, CASE WHEN EXISTS (SELECT 1 FROM core.notification_rules WHERE name = :name)
                    THEN CAST(id AS text) ELSE :name END,
        true, '{}', '{}', '{}', ARRAY[CAST(:channel_id AS uuid)], :now, :by
    FROM fresh WHERE NOT EXISTS (SELECT 1 FROM joined)
""")

_FORGET_CHANNEL: Final = text("""
    UPDATE core.notification_rules SET channel_ids = array_remove(channel_ids, CAST(:channel_id AS uuid))
    WHERE CAST(:channel_id AS uuid) = ANY (channel_ids)
""")
