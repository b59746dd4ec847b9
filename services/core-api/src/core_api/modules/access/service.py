"""Who is calling, and the audit trail of what they changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from core_api.modules.access.repository import AuditRepository
from core_api.modules.access.schemas import AuditEntryRead, Me, display_name
from shared_schemas.auth import AuthContext, Role
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor
from shared_utils.logging import correlation_id


def describe(caller: AuthContext) -> Me:
    """The caller with their effective rights."""
    return Me(
        subject=caller.subject,
        name=display_name(caller),
        email=caller.email,
        roles=[role for role in Role if role in caller.roles],
        may=[role for role in Role if caller.may(role)],
    )


class AuditTrail:
    """Writes and reads the audit log; an entry commits or vanishes together with the change it tells of."""

    def __init__(self, entries: AuditRepository, *, clock: Clock) -> None:
        self._entries = entries
        self._clock = clock

    async def record(
        self,
        *,
        by: AuthContext,
        action: str,
        entity: str,
        entity_id: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Note that `by` did `action` (for example "routine.update"); `before` and `after` are JSON objects."""
        entry = self._entry(by, action, entity) | {"entity_id": entity_id, "before": before, "after": after}
        await self._entries.add(**entry)

    async def record_all(
        self,
        changes: Sequence[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
        *,
        by: AuthContext,
        action: str,
        entity: str,
    ) -> None:
        """Note one action on many entities at once: of each its id, `before` and `after`."""
        common = self._entry(by, action, entity)
        if changes:
            await self._entries.add_all(
                [
                    {**common, "entity_id": entity_id, "before": before, "after": after}
                    for entity_id, before, after in changes
                ]
            )

    def _entry(self, by: AuthContext, action: str, entity: str) -> dict[str, Any]:
        return {
            "at": self._clock.now(),
            "actor": by.subject,
            "actor_name": display_name(by),
            "action": action,
            "entity": entity,
            "request_id": correlation_id() or None,
        }

    async def page(
        self, *, entity: str | None, entity_id: str | None, actor: str | None, cursor: str | None, limit: int
    ) -> tuple[list[AuditEntryRead], CursorMeta]:
        """Entries from the newest on, filtered; the cursor continues where a page ended."""
        before_id = _position(cursor)
        rows = await self._entries.page(
            entity=entity, entity_id=entity_id, actor=actor, before_id=before_id, limit=limit + 1
        )
        page = [AuditEntryRead.model_validate(row) for row in rows[:limit]]
        next_key = {"id": page[-1].id} if len(rows) > limit else None
        return page, cursor_meta(limit=limit, next_key=next_key)


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    position = decode_cursor(cursor).get("id")
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position < 2**63:
        raise InvalidCursor
    return position
