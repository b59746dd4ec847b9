"""Executions for tests: written through the ledger, as the daily load writes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from core_api.modules.executions.public import NewExecution, enqueue
from shared_utils.db.session import WriteSession

SLOT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
EXAMPLE = NewExecution(
    routine_id=UUID("00000000-0000-7000-8000-000000000001"),
    routine_name="b3-cotahist-download",
    title="Baixar COTAHIST",
    slot=SLOT,
    business_date=DAY,
    job="b3.cotahist.download",
    params={"reference": "business_date"},
    queue="default",
    priority=5,
    pool=None,
    concurrency_key=None,
    max_instances=1000,
    depends_on=(),
    max_attempts=3,
    max_recoveries=3,
    retry={"max_attempts": 3, "backoff_seconds": 10, "backoff_factor": 2, "backoff_max_seconds": 900, "jitter": 0},
    timeout_seconds=None,
)


def new_execution(**changes: Any) -> NewExecution:
    """An execution of a routine of its own, unless `routine_id` says otherwise."""
    return replace(EXAMPLE, **{"routine_id": uuid4(), **changes})


async def add(session: WriteSession, *executions: NewExecution, now: datetime = SLOT) -> list[UUID]:
    """Writes them into the queue; returns their ids."""
    await enqueue(session, executions, now=now)
    return [execution.id for execution in executions]


async def add_one(session: WriteSession, **changes: Any) -> UUID:
    return (await add(session, new_execution(**changes)))[0]


async def force(session: WriteSession, execution_id: UUID, **columns: Any) -> None:
    """Puts a row into a state directly, for tests of what may follow from it."""
    for column, value in columns.items():
        statement = text(f"UPDATE core.executions SET {column} = :value WHERE id = :id")
        await session.execute(statement, {"value": value, "id": execution_id})


async def row_of(session: WriteSession, execution_id: UUID) -> Any:
    return (await session.execute(text("SELECT * FROM core.executions WHERE id = :id"), {"id": execution_id})).one()


async def statuses(session: WriteSession, ids: Sequence[UUID]) -> list[str]:
    rows = await session.execute(
        text("SELECT id, status FROM core.executions WHERE id = ANY (:ids)"), {"ids": list(ids)}
    )
    found = {row.id: row.status for row in rows}
    return [found[one] for one in ids]
