"""What other modules may do with incidents: report what is wrong, and take what is to be told."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from core_api.announcing import outbox_for
from core_api.modules.incidents.models import Incident
from core_api.modules.incidents.repository import IncidentRepository
from core_api.modules.incidents.schemas import (
    Change,
    ChangeKind,
    Condition,
    IncidentRead,
    Kind,
    Resolution,
)
from core_api.modules.incidents.service import Ledger
from shared_utils.clock import Clock
from shared_utils.db.retention import Retention
from shared_utils.db.session import ReadSession, WriteSession

__all__ = [
    "RETENTIONS",
    "Change",
    "ChangeKind",
    "Condition",
    "IncidentRead",
    "Kind",
    "Ledger",
    "Resolution",
    "incidents_by_id",
    "ledger",
    "take_changes",
]

# What is still open has no such instant, and stays.
RETENTIONS: Final = (Retention(table=Incident.__table__, at="resolved_at", days=180),)


def ledger(session: WriteSession, *, clock: Clock) -> Ledger:
    """Where incidents are reported, within one transaction."""
    outbox = outbox_for(session, clock)
    return Ledger(IncidentRepository(session), outbox)


async def take_changes(session: WriteSession, *, limit: int) -> list[Change]:
    """What happened to incidents and was not taken before, in order. It is gone with this transaction's commit."""
    return await IncidentRepository(session).take_changes(limit=limit)


async def incidents_by_id(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, IncidentRead]:
    """Incidents as they stand now; unknown ids are absent."""
    found = await IncidentRepository(session).by_ids(ids)
    return {incident.id: IncidentRead.model_validate(incident) for incident in found}
