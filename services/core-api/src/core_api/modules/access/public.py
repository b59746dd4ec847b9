"""What every other module may use: the audit trail and the name of a caller."""

from collections.abc import Mapping
from typing import Any

from core_api.modules.access.repository import AuditRepository
from core_api.modules.access.schemas import display_name
from core_api.modules.access.service import AuditTrail
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.session import WriteSession

__all__ = ["AuditTrail", "audit_trail", "display_name", "record"]


def audit_trail(session: WriteSession, *, clock: Clock) -> AuditTrail:
    """The audit trail of one transaction."""
    return AuditTrail(AuditRepository(session), clock=clock)


async def record(
    session: WriteSession,
    *,
    actor: AuthContext,
    action: str,
    entity: str,
    entity_id: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
) -> None:
    """Write one audit entry in the session's transaction; see `AuditTrail.record`."""
    trail = audit_trail(session, clock=clock or SystemClock())
    await trail.record(by=actor, action=action, entity=entity, entity_id=entity_id, before=before, after=after)
