"""What backfills announce, and what they tell the scheduler's log."""

from collections.abc import Mapping
from typing import Any

from core_api.modules.backfills.models import Backfill
from core_api.modules.schedulers.public import LogEvent, Note
from shared_schemas.events.operations import BackfillChanged, BackfillCreated, BackfillFinished


def created(backfill: Backfill) -> BackfillCreated:
    return BackfillCreated(
        backfill_id=backfill.id,
        name=backfill.name,
        routines=len(backfill.routine_ids),
        start=backfill.start_date,
        end=backfill.end_date,
        mode=backfill.mode,
        executions=backfill.executions,
        requested_by=backfill.requested_by,
    )


def changed(backfill: Backfill, *, by: str) -> BackfillChanged:
    return BackfillChanged(backfill_id=backfill.id, name=backfill.name, status=backfill.status, changed_by=by)


def finished(row: Any, counts: Mapping[str, int]) -> BackfillFinished:
    return BackfillFinished(backfill_id=row.id, name=row.name, status=row.status, counts=dict(counts))


def created_note(backfill: Backfill) -> Note:
    return Note(
        event=LogEvent.BACKFILL_CREATED,
        message=f"Backfill {backfill.name or backfill.id} of {backfill.executions} executions, "
        f"{backfill.start_date} to {backfill.end_date}, by {backfill.requested_by}.",
        fields={"backfill_id": str(backfill.id), "executions": backfill.executions, "mode": backfill.mode},
    )


def changed_note(backfill: Backfill, *, by: str) -> Note:
    return Note(
        event=LogEvent.BACKFILL_CHANGED,
        message=f"Backfill {backfill.name or backfill.id} is {backfill.status} now, by {by}.",
        fields={"backfill_id": str(backfill.id), "status": backfill.status, "by": by},
    )


def finished_note(row: Any, counts: Mapping[str, int]) -> Note:
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return Note(
        event=LogEvent.BACKFILL_FINISHED,
        message=f"Backfill {row.name or row.id} has ended: {told}.",
        fields={"backfill_id": str(row.id), "status": row.status, "counts": dict(counts)},
    )
