"""Incidents: opened once, counted, resolved when it is over, acknowledged by people."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.incidents import events
from core_api.modules.incidents.exceptions import IncidentNotFound
from core_api.modules.incidents.repository import IncidentRepository
from core_api.modules.incidents.schemas import (
    Change,
    ChangeKind,
    Condition,
    IncidentRead,
    Kind,
    Resolution,
    State,
)
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import CursorMeta
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor


class Ledger:
    """What is wrong and what is over, written down once whoever reports it. Announces it, and leaves it to be told."""

    def __init__(self, incidents: IncidentRepository, outbox: Outbox) -> None:
        self._incidents = incidents
        self._outbox = outbox

    async def take_turn(self) -> None:
        """Waits until no other reporter is at it, until the transaction ends."""
        await self._incidents.take_turn()

    async def open(self, kinds: Sequence[Kind]) -> list[IncidentRead]:
        """What of these kinds is open."""
        return [IncidentRead.model_validate(incident) for incident in await self._incidents.open(kinds)]

    async def report(self, conditions: Sequence[Condition], *, now: datetime) -> list[Change]:
        """Writes down what is wrong now. Returns what is new: opened, opened again, or happened once more."""
        unique = {condition.dedup_key: condition for condition in conditions}
        if not unique:
            return []
        changes = await self._incidents.report(list(unique.values()), now=now)
        if changes:
            await self._incidents.note_changes(changes)
        for change in changes:
            if change.change is ChangeKind.OPENED:
                for event in events.opened(change.incident):
                    self._outbox.add(event)
        return changes

    async def resolve(self, ids: Sequence[UUID], *, resolution: Resolution, now: datetime) -> list[IncidentRead]:
        """Ends incidents. What merely expired is announced, but nobody is sent a message about it."""
        if not ids:
            return []
        resolved = await self._incidents.resolve(ids, resolution=resolution, now=now)
        if resolution is Resolution.RECOVERED and resolved:
            await self._incidents.note_changes([Change(ChangeKind.RESOLVED, now, incident) for incident in resolved])
        for incident in resolved:
            self._outbox.add(events.resolved(incident, at=now))
        return resolved


class IncidentService:
    """What people read of incidents and do with them."""

    def __init__(self, incidents: IncidentRepository, audit: AuditTrail, clock: Clock) -> None:
        self._incidents = incidents
        self._audit = audit
        self._clock = clock

    async def page(
        self,
        *,
        state: State,
        kinds: Sequence[Kind],
        routine_id: UUID | None,
        business_date: date | None,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[IncidentRead], CursorMeta]:
        """Incidents, the newest first."""
        rows = await self._incidents.page(
            state=state,
            kinds=kinds,
            routine_id=routine_id,
            business_date=business_date,
            before=_position(cursor),
            limit=limit + 1,
        )
        page = [IncidentRead.model_validate(row) for row in rows[:limit]]
        next_key = {"id": str(page[-1].id)} if len(rows) > limit else None
        return page, cursor_meta(limit=limit, next_key=next_key)

    async def get(self, incident_id: UUID) -> IncidentRead:
        """One incident."""
        incident = await self._incidents.get(incident_id)
        if incident is None:
            raise IncidentNotFound(incident_id)
        return IncidentRead.model_validate(incident)

    async def acknowledge(self, incident_id: UUID, *, by: AuthContext) -> IncidentRead:
        """Says that a person looks after it; the first one stays."""
        name = display_name(by)
        row = await self._incidents.acknowledge(incident_id, by=name, now=self._clock.now())
        if row is None:
            raise IncidentNotFound(incident_id)
        read = IncidentRead.model_validate(row)
        await self._audit.record(
            by=by,
            action="incident.acknowledge",
            entity="incident",
            entity_id=str(incident_id),
            after={"kind": str(read.kind), "subject": read.subject, "acknowledged_by": read.acknowledged_by},
        )
        return read


def _position(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(decode_cursor(cursor)["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidCursor from error
