"""Executions written ahead of time, as a daily load does, due at instants that a measurement chooses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bench.stack import BenchStack
from core_api.modules.executions.public import NewExecution, enqueue
from shared_utils.clock import utc_now
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction


def planned(routine: UUID, job: str, *, due: datetime, params: Mapping[str, Any]) -> NewExecution:
    """One execution of a routine that does not exist.

    Of an existing one the scheduler would notice that it is new, load its day anew and withdraw what is written here.
    """
    return NewExecution(
        routine_id=routine,
        routine_name=job.replace(".", "-"),
        title=job,
        slot=due,
        due_at=due,
        business_date=due.date(),
        job=job,
        params=params,
        queue="default",
        priority=5,
        pool=None,
        concurrency_key=None,
        max_instances=1000,
        depends_on=(),
        max_attempts=1,
        max_recoveries=3,
        retry={"max_attempts": 1, "backoff_seconds": 1, "backoff_factor": 2, "backoff_max_seconds": 60, "jitter": 0.1},
        timeout_seconds=60,
    )


async def write(bench: BenchStack, executions: Sequence[NewExecution]) -> list[str]:
    """Puts them into the queue; answers their ids in the same order."""
    engine = create_engine(bench.stack.url("core"), application_name="bench")
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            await enqueue(session, executions, now=utc_now())
    finally:
        await engine.dispose()
    return [str(one.id) for one in executions]
