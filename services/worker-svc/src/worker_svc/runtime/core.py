"""The worker protocol as calls: register, claim, heartbeat, finish, logs (E6-E8)."""

from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote
from uuid import UUID

from pydantic import SecretStr

from rotina import Artifact
from shared_schemas.jobs import (
    AttemptRef,
    AttemptResult,
    ClaimReply,
    ClaimRequest,
    FinishReply,
    FinishRequest,
    Heartbeat,
    HeartbeatReply,
    LogBatch,
    LogLine,
    LogReply,
    RunningAttempt,
    WorkerRegistered,
    WorkerRegistration,
)
from shared_utils.http.circuit_breaker import CircuitBreaker
from shared_utils.http.client import ServiceClient

_NEVER_OPENS: Final = 1_000_000_000
_HEARTBEAT_TIMEOUT_SECONDS: Final = 2.5
_FILE_TIMEOUT_SECONDS: Final = 60
"""Of one step, not of a whole file."""


class CoreProtocol:
    """core-api as one worker sees it. Every call may be repeated; a second `claim` simply finds less.

    The loops retry by themselves and must notice the moment core-api is back, so no breaker stands in their way;
    heartbeats have a connection and a short time limit of their own, so that a slow claim cannot delay them.
    """

    def __init__(self, base_url: str, *, internal_key: SecretStr, service: str, worker_id: str) -> None:
        self.worker_id = worker_id
        self._calls = _client(base_url, internal_key, service, timeout=10)
        self._beats = _client(base_url, internal_key, service, timeout=_HEARTBEAT_TIMEOUT_SECONDS)
        self._files = _client(base_url, internal_key, service, timeout=_FILE_TIMEOUT_SECONDS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self._calls.aclose()
        await self._beats.aclose()
        await self._files.aclose()

    async def register(self, registration: WorkerRegistration) -> WorkerRegistered:
        return await self._beats.post("/internal/v1/workers", registration, response=WorkerRegistered)

    async def deregister(self) -> None:
        await self._calls.post(f"/internal/v1/workers/{self.worker_id}/deregister", idempotent=True)

    async def heartbeat(self, running: list[RunningAttempt], *, draining: bool) -> HeartbeatReply:
        beat = Heartbeat(running=running, draining=draining)
        return await self._beats.post(f"/internal/v1/workers/{self.worker_id}/heartbeat", beat, response=HeartbeatReply)

    async def claim(self, execution_ids: Sequence[UUID]) -> ClaimReply:
        request = ClaimRequest(worker_id=self.worker_id, execution_ids=list(execution_ids))
        return await self._calls.post("/internal/v1/executions/claim", request, response=ClaimReply)

    async def finish(self, results: Sequence[AttemptResult]) -> FinishReply:
        request = FinishRequest(worker_id=self.worker_id, results=list(results))
        return await self._calls.post("/internal/v1/executions/finish", request, response=FinishReply, idempotent=True)

    async def artifact(self, ref: AttemptRef, artifact: Artifact, chunks: Callable[[], AsyncIterator[bytes]]) -> None:
        """Sends the bytes of an attempt's artifact; repeating it changes nothing."""
        await self._files.upload(
            f"/internal/v1/artifacts/{ref.execution_id}/{ref.attempt}/{quote(artifact.name, safe='')}",
            chunks,
            params={"worker_id": self.worker_id},
            headers={
                "Content-Type": artifact.content_type,
                "Content-Length": str(artifact.size_bytes),
                "X-Content-SHA256": artifact.sha256,
            },
        )

    async def log(self, lines: Sequence[LogLine]) -> LogReply:
        batch = LogBatch(worker_id=self.worker_id, lines=list(lines))
        return await self._calls.post("/internal/v1/executions/logs", batch, response=LogReply, idempotent=True)


def _client(base_url: str, key: SecretStr, service: str, *, timeout: float) -> ServiceClient:
    breaker = CircuitBreaker(failures=_NEVER_OPENS)
    return ServiceClient(base_url, service_name=service, internal_key=key, timeout=timeout, breaker=breaker)
