"""The statements on incidents. Several may report the same at once: the dedup key makes one row of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, Uuid, column, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.inputs import storable_json
from core_api.modules.incidents.models import Incident
from core_api.modules.incidents.schemas import Change, ChangeKind, Condition, IncidentRead, Kind, Resolution, State
from shared_utils.db.ids import uuid7


class IncidentRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self) -> None:
        """One reporter at a time: what is open is then exact until the transaction ends."""
        await self._session.execute(_TAKE_TURN)

    async def open(self, kinds: Sequence[Kind]) -> list[Incident]:
        """Open incidents of these kinds, the oldest first."""
        query = (
            select(Incident)
            .where(Incident.resolved_at.is_(None), Incident.kind.in_([str(kind) for kind in kinds]))
            .order_by(Incident.id)
        )
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def report(self, conditions: Sequence[Condition], *, now: datetime) -> list[Change]:
        """Opens, opens again or counts; those that changed nothing but when they were last seen are not returned."""
        rows = await self._session.execute(
            _REPORT, {"rows": storable_json([_row(one) for one in conditions]), "now": now}
        )
        return [Change(ChangeKind(row.change), now, IncidentRead.model_validate(row)) for row in rows if row.change]

    async def resolve(self, ids: Sequence[UUID], *, resolution: Resolution, now: datetime) -> list[IncidentRead]:
        parameters = {"ids": list(ids), "resolution": str(resolution), "now": now}
        return [IncidentRead.model_validate(row) for row in await self._session.execute(_RESOLVE, parameters)]

    async def note_changes(self, changes: Sequence[Change]) -> None:
        parameters = {
            "ids": [change.incident.id for change in changes],
            "changes": [str(change.change) for change in changes],
            "ats": [change.at for change in changes],
        }
        await self._session.execute(_NOTE_CHANGES, parameters)

    async def take_changes(self, *, limit: int) -> list[Change]:
        """Takes what nobody was told yet away, in the order in which it happened."""
        rows = (await self._session.execute(_TAKE_CHANGES, {"limit": limit})).all()
        return [Change(ChangeKind(row.change), row.at, IncidentRead.model_validate(row)) for row in rows]

    async def get(self, incident_id: UUID) -> Incident | None:
        query = select(Incident).where(Incident.id == incident_id)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def by_ids(self, ids: Sequence[UUID]) -> list[Incident]:
        return list(await self._session.scalars(select(Incident).where(Incident.id.in_(ids)).order_by(Incident.id)))

    async def page(
        self,
        *,
        state: State,
        kinds: Sequence[Kind],
        routine_id: UUID | None,
        business_date: date | None,
        before: UUID | None,
        limit: int,
    ) -> list[Incident]:
        """The newest first: ids are made in the order of time."""
        query = select(Incident).order_by(Incident.id.desc()).limit(limit)
        if state != "all":
            query = query.where(
                Incident.resolved_at.is_(None) if state == "open" else Incident.resolved_at.is_not(None)
            )
        if kinds:
            query = query.where(Incident.kind.in_([str(kind) for kind in kinds]))
        if routine_id is not None:
            query = query.where(Incident.routine_id == routine_id)
        if business_date is not None:
            query = query.where(Incident.business_date == business_date)
        if before is not None:
            query = query.where(Incident.id < before)
        return list(await self._session.scalars(query))

    async def acknowledge(self, incident_id: UUID, *, by: str, now: datetime) -> Row[Any] | None:
        """The first to say so stays; None when there is no such incident."""
        parameters = {"id": incident_id, "by": by, "now": now}
        return (await self._session.execute(_ACKNOWLEDGE, parameters)).one_or_none()


def _row(condition: Condition) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "dedup_key": condition.dedup_key,
        "kind": str(condition.kind),
        "subject": condition.subject,
        "title": condition.title,
        "business_date": condition.business_date.isoformat(),
        "routine_id": str(condition.routine_id) if condition.routine_id else None,
        "execution_id": str(condition.execution_id) if condition.execution_id else None,
        "tags": list(condition.tags),
        "details": condition.details,
        "occurrences": condition.occurrences,
        "last_event_at": condition.last_event_at.isoformat() if condition.last_event_at else None,
    }


_COLUMNS: Final = (
    column("id", Uuid),
    column("kind", Text),
    column("subject", Text),
    column("title", Text),
    column("business_date", Date),
    column("routine_id", Uuid),
    column("execution_id", Uuid),
    column("tags", ARRAY(Text)),
    column("details", JSONB),
    column("opened_at", DateTime(timezone=True)),
    column("last_seen_at", DateTime(timezone=True)),
    column("occurrences", Integer),
    column("rounds", Integer),
    column("resolved_at", DateTime(timezone=True)),
    column("resolution", Text),
    column("acknowledged_at", DateTime(timezone=True)),
    column("acknowledged_by", Text),
)

_TAKE_TURN: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('core.incidents', 0))")

# A resolved incident opens again when its condition is back; of the kinds that are counted by events only with a later
# event. An open one counts later events. That it is still so is noted once a minute, not in each look.
_REPORT: Final = text("""
    INSERT INTO core.incidents AS i (
        id, dedup_key, kind, subject, title, business_date, routine_id, execution_id, tags, details, opened_at,
        last_seen_at, last_event_at, occurrences)
    SELECT id, dedup_key, kind, subject, title, business_date, routine_id, execution_id, tags, details, :now, :now,
        last_event_at, occurrences
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        id uuid, dedup_key text, kind text, subject text, title text, business_date date, routine_id uuid,
        execution_id uuid, tags text[], details jsonb, occurrences integer, last_event_at timestamptz)
    ON CONFLICT (dedup_key) DO UPDATE SET
        title = excluded.title, execution_id = excluded.execution_id, tags = excluded.tags, details = excluded.details,
        last_seen_at = :now,
        last_event_at = coalesce(excluded.last_event_at, i.last_event_at),
        occurrences = i.occurrences + CASE
            WHEN i.resolved_at IS NOT NULL OR excluded.last_event_at > i.last_event_at THEN excluded.occurrences
            ELSE 0 END,
        rounds = i.rounds + CASE WHEN i.resolved_at IS NULL THEN 0 ELSE 1 END,
        opened_at = CASE WHEN i.resolved_at IS NULL THEN i.opened_at ELSE :now END,
        acknowledged_at = CASE WHEN i.resolved_at IS NULL THEN i.acknowledged_at END,
        acknowledged_by = CASE WHEN i.resolved_at IS NULL THEN i.acknowledged_by END,
        resolved_at = NULL, resolution = NULL
    WHERE (i.resolved_at IS NOT NULL AND (i.last_event_at IS NULL OR excluded.last_event_at > i.last_event_at))
       OR (i.resolved_at IS NULL AND (excluded.last_event_at > i.last_event_at
                                      OR i.last_seen_at < CAST(:now AS timestamptz) - INTERVAL '60 seconds'))
    RETURNING new.id, new.kind, new.subject, new.title, new.business_date, new.routine_id, new.execution_id, new.tags,
        new.details, new.opened_at, new.last_seen_at, new.occurrences, new.rounds, new.resolved_at, new.resolution,
        new.acknowledged_at, new.acknowledged_by,
        CASE WHEN old.id IS NULL OR old.resolved_at IS NOT NULL THEN 'OPENED'
             WHEN new.occurrences > old.occurrences THEN 'REPEATED' END AS change
""").columns(*_COLUMNS, column("change", Text))

_RESOLVE: Final = text("""
    UPDATE core.incidents SET resolved_at = :now, resolution = :resolution
    WHERE id = ANY (CAST(:ids AS uuid[])) AND resolved_at IS NULL
    RETURNING id, kind, subject, title, business_date, routine_id, execution_id, tags, details, opened_at,
        last_seen_at, occurrences, rounds, resolved_at, resolution, acknowledged_at, acknowledged_by
""").columns(*_COLUMNS)

_NOTE_CHANGES: Final = text("""
    INSERT INTO core.incident_changes (incident_id, change, at)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:changes AS text[]), CAST(:ats AS timestamptz[]))
""")

_TAKE_CHANGES: Final = text("""
    WITH taken AS (
        DELETE FROM core.incident_changes
        WHERE id IN (SELECT id FROM core.incident_changes ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
        RETURNING id, incident_id, change, at
    )
    SELECT i.id, kind, subject, title, business_date, routine_id, execution_id, tags, details, opened_at,
        last_seen_at, occurrences, rounds, resolved_at, resolution, acknowledged_at, acknowledged_by, change, at
    FROM taken JOIN core.incidents AS i ON i.id = taken.incident_id
    ORDER BY taken.id
""").columns(*_COLUMNS, column("change", Text), column("at", DateTime(timezone=True)))

_ACKNOWLEDGE: Final = text("""
    UPDATE core.incidents SET acknowledged_at = coalesce(acknowledged_at, :now),
        acknowledged_by = coalesce(acknowledged_by, :by)
    WHERE id = :id
    RETURNING id, kind, subject, title, business_date, routine_id, execution_id, tags, details, opened_at,
        last_seen_at, occurrences, rounds, resolved_at, resolution, acknowledged_at, acknowledged_by
""").columns(*_COLUMNS)
