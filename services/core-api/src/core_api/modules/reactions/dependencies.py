"""Wiring of reactions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import redis.asyncio

from core_api.modules.executions import public as executions
from core_api.modules.planning import public as planning
from core_api.modules.reactions.service import EventLoop, ReactionService
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, WriteSession


class SessionQueue:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def plan(self, routine_ids: Sequence[UUID]) -> planning.Plan:
        return await planning.plan(self._session, routine_ids=routine_ids)

    async def enqueue(self, new: Sequence[executions.NewExecution], *, now: datetime) -> executions.EnqueueResult:
        return await executions.enqueue(self._session, new, now=now)

    async def started_in_chain(
        self, routine_ids: Sequence[UUID], *, correlation_id: str, since: datetime
    ) -> dict[UUID, int]:
        return await executions.started_in_chain(self._session, routine_ids, correlation_id=correlation_id, since=since)

    async def note(self, notes: Sequence[schedulers.Note], *, now: datetime) -> None:
        await schedulers.note(self._session, notes, now=now)


def reaction_service(session: WriteSession, *, clock: Clock) -> ReactionService:
    """Reactions within one transaction."""
    return ReactionService(SessionQueue(session), clock)


def event_loop(
    sessionmaker: SessionFactory, streams: redis.asyncio.Redis, clock: Clock, *, consumer: str, block_ms: int = 1000
) -> EventLoop:
    """The scheduler's loop. `streams` is a client that may block; `consumer` names this process."""

    async def watchers(session: WriteSession) -> Sequence[routines.Watcher]:
        return await routines.event_watchers(session)

    return EventLoop(
        sessionmaker,
        streams,
        consumer=consumer,
        watchers=watchers,
        service_for=lambda session: reaction_service(session, clock=clock),
        block_ms=block_ms,
    )
