"""Wiring of the worker protocol: the same for HTTP and for the sweep."""

from typing import Annotated, Final

from fastapi import Depends, Request

from core_api.modules.attempts.exceptions import WorkersOnly
from core_api.modules.attempts.repository import AttemptRepository, LogRepository, RunRepository
from core_api.modules.attempts.service import LogReads, ProtocolService
from core_api.modules.executions.public import ActionRepository, outbox_for
from core_api.modules.workers.public import WorkerService, worker_service
from shared_schemas.auth import ServiceContext
from shared_utils.clock import Clock
from shared_utils.db.session import ReadSession, WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.http.security import InternalCaller

WORKER_SERVICE: Final = "worker-svc"


def protocol_for(
    session: WriteSession, *, clock: Clock, lease_seconds: float, ageing_seconds: float = 0
) -> ProtocolService:
    """The worker protocol within one transaction."""
    return ProtocolService(
        runs=RunRepository(session, ageing_seconds=ageing_seconds),
        attempts=AttemptRepository(session),
        logs=LogRepository(session),
        workers=worker_service(session, clock=clock, lease_seconds=lease_seconds),
        outbox=outbox_for(session, clock),
        clock=clock,
        lease_seconds=lease_seconds,
    )


async def worker_caller(caller: InternalCaller) -> ServiceContext:
    """The worker service, and no other one: a key says who is calling."""
    if caller.service != WORKER_SERVICE:
        raise WorkersOnly
    return caller


async def protocol(session: WriteSessionDep, request: Request) -> ProtocolService:
    settings = request.state.settings
    return protocol_for(
        session,
        clock=request.state.clock,
        lease_seconds=settings.lease_seconds,
        ageing_seconds=settings.ageing_seconds,
    )


async def registry(session: WriteSessionDep, request: Request) -> WorkerService:
    return worker_service(session, clock=request.state.clock, lease_seconds=request.state.settings.lease_seconds)


def log_reads_for(session: ReadSession) -> LogReads:
    """Attempts and logs as people read them, within one transaction."""
    return LogReads(AttemptRepository(session), LogRepository(session), ActionRepository(session))


async def log_reads(session: ReadSessionDep) -> LogReads:
    return log_reads_for(session)


WorkerCaller = Annotated[ServiceContext, Depends(worker_caller)]
Logs = Annotated[LogReads, Depends(log_reads)]
Protocol = Annotated[ProtocolService, Depends(protocol)]
Registry = Annotated[WorkerService, Depends(registry)]
