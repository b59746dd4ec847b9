"""Wiring of the queue for HTTP."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from core_api.modules.queue.repository import QueueRepository
from core_api.modules.queue.service import QueueReads
from core_api.modules.routines import public as routines
from core_api.modules.schedulers import public as schedulers
from core_api.modules.workers import public as workers
from core_api.texts import DEFAULT_LANGUAGE, Language, language_of
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession
from shared_utils.http.dependencies import ReadSessionDep
from shared_utils.security.secret_params import marks_secrets


class SessionSurroundings:
    """Other modules, asked within one transaction."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def routine_names(self, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        return await routines.names_of(self._session, ids)

    async def scheduler_alive(self, *, now: datetime) -> bool:
        return await schedulers.alive_count(self._session, now=now) > 0

    async def secret_schemas(self, jobs: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        schemas = await workers.job_schemas(self._session, jobs)
        return {job: schema for job, schema in schemas.items() if marks_secrets(schema)}


def reads_for(session: ReadSession, *, clock: Clock, language: Language = DEFAULT_LANGUAGE) -> QueueReads:
    """The queue within one transaction."""
    return QueueReads(QueueRepository(session), SessionSurroundings(session), clock, language=language)


async def queue_reads(session: ReadSessionDep, request: Request) -> QueueReads:
    language = language_of(request.headers.get("accept-language"))
    return reads_for(session, clock=request.state.clock, language=language)


Reads = Annotated[QueueReads, Depends(queue_reads)]
