"""Tasks and runners for tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from ai_svc.tasks.consumers import TaskRunner
from ai_svc.tasks.public import Handler, NewTask, RunnerLimits, TaskRead, enqueue
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, transaction

LIMITS = RunnerLimits(concurrency=3, lease_seconds=30, poll_seconds=0.05, max_attempts=3, stop_seconds=0)


async def put(sessions: SessionFactory, clock: Clock, **fields: Any) -> TaskRead:
    new: dict[str, Any] = {"kind": "test.echo", "owner": "ana", "input": {"text": "olá"}} | fields
    async with transaction(sessions) as session:
        return await enqueue(session, NewTask(**new), clock=clock)


@asynccontextmanager
async def runner(
    sessions: SessionFactory, clock: Clock, handlers: Mapping[str, Handler], *, limits: RunnerLimits = LIMITS
) -> AsyncIterator[TaskRunner]:
    """A runner that works until the block ends."""
    one = TaskRunner(sessions, handlers=handlers, clock=clock, limits=limits)
    stop = asyncio.Event()
    running = asyncio.create_task(one.run(stop))
    try:
        yield one
    finally:
        stop.set()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def killed(
    sessions: SessionFactory, clock: Clock, handlers: Mapping[str, Handler], *, limits: RunnerLimits = LIMITS
) -> AsyncIterator[None]:
    """A runner that ends with the block as by SIGKILL: nothing of it writes anything any more."""
    one = TaskRunner(sessions, handlers=handlers, clock=clock, limits=limits)
    running = asyncio.create_task(one.run(asyncio.Event()))
    try:
        yield
    finally:

        async def nothing() -> None:
            return

        one._end_all = nothing  # type: ignore[method-assign]
        attempts = list(one._running.values())
        running.cancel()
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(running, *attempts, return_exceptions=True)


async def row(database: Any, task_id: UUID) -> Any:
    connection = await asyncpg.connect(database.admin_url)
    try:
        return await connection.fetchrow("SELECT * FROM ai.tasks WHERE id = $1", task_id)
    finally:
        await connection.close()


async def announced(database: Any) -> list[str]:
    """The types of the events in the outbox, in their order."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        rows = await connection.fetch("SELECT stream FROM ai.outbox ORDER BY id")
    finally:
        await connection.close()
    return [one["stream"].removeprefix("events:") for one in rows]
