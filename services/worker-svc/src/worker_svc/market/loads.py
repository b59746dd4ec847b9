"""Records of loads: what each one changed, and the event that tells others."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from shared_schemas.events.operations import DatasetLoaded
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import WriteSession
from worker_svc.database import OUTBOX, SERVICE
from worker_svc.market.checks import Finding
from worker_svc.market.models import Load
from worker_svc.market.quotes_loading import SessionChange


async def record_loads(
    session: WriteSession,
    changes: Mapping[date, SessionChange],
    *,
    dataset: str,
    release_id: UUID,
    findings: Sequence[Finding],
    execution_id: UUID,
    attempt: int,
    at: datetime,
) -> None:
    """One row per session, in the transaction of the load."""
    rows = [
        {
            "id": uuid7(),
            "dataset": dataset,
            "release_id": release_id,
            "reference_date": day,
            **asdict(change),
            "unchanged": change.unchanged,
            "checks": [
                {"code": found.code, "message": found.message, "context": found.context}
                for found in findings
                if found.day == day
            ],
            "execution_id": execution_id,
            "attempt": attempt,
            "loaded_at": at,
        }
        for day, change in sorted(changes.items())
    ]
    await session.execute(insert(Load), rows)


async def announce_loads(
    session: WriteSession,
    changes: Mapping[date, SessionChange],
    *,
    dataset: str,
    release_id: UUID,
    correlation_id: str,
    clock: Clock,
) -> None:
    """`dataset.loaded` for every session that is different now. A reload that changed nothing is no news."""
    outbox = Outbox(session, source_service=SERVICE, clock=clock, table=OUTBOX)
    await outbox.add_all(
        [
            DatasetLoaded(dataset=dataset, reference_date=day, release_id=release_id, **asdict(change))
            for day, change in sorted(changes.items())
            if change.changed
        ],
        correlation_id=correlation_id,
    )
