"""The other side of the worker protocol: core-api's internal routes over HTTP, with the contract's models and its fences.

It keeps executions in memory and can be told to be away, to cancel, and to give a run to somebody else.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared_schemas.jobs import (
    ArtifactStored,
    AttemptRef,
    AttemptResult,
    ClaimedRun,
    ClaimReply,
    ClaimRequest,
    FinishReply,
    FinishRequest,
    Heartbeat,
    HeartbeatReply,
    LogBatch,
    LogLine,
    LogReply,
    WorkerRegistered,
    WorkerRegistration,
)

DAY = date(2024, 11, 8)


@dataclass
class Execution:
    """A row of the queue."""

    id: UUID
    job: str
    params: dict[str, Any]
    timeout_seconds: int | None = None
    cancel_grace_seconds: float = 0.5
    attempt: int = 0
    worker_id: str | None = None
    status: str = "QUEUED"
    cancel: bool = False
    results: list[AttemptResult] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    progress: list[tuple[float | None, str | None]] = field(default_factory=list)
    etas: list[float | None] = field(default_factory=list)
    artifacts: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def result(self) -> AttemptResult:
        return self.results[-1]

    @property
    def messages(self) -> list[str]:
        return [line.message for line in sorted(self.lines, key=lambda line: (line.attempt, line.seq))]


class ProtocolServer:
    """ASGI application and its state."""

    def __init__(self, *, lease_seconds: float = 1.5) -> None:
        self.url = ""
        self.lease_seconds = lease_seconds
        self.executions: dict[UUID, Execution] = {}
        self.workers: dict[str, WorkerRegistration] = {}
        self.registrations = 0
        self.beats: list[tuple[float, Heartbeat]] = []
        self.claims: list[list[UUID]] = []
        self.started: list[UUID] = []
        self.deregistered: list[str] = []
        self.away: set[str] = set()
        self.turned_away: Counter[str] = Counter()
        self.app = Starlette(
            routes=[
                Route("/internal/v1/workers", self._register, methods=["POST"]),
                Route("/internal/v1/workers/{worker_id}/heartbeat", self._heartbeat, methods=["POST"]),
                Route("/internal/v1/workers/{worker_id}/deregister", self._deregister, methods=["POST"]),
                Route("/internal/v1/executions/claim", self._claim, methods=["POST"]),
                Route("/internal/v1/executions/finish", self._finish, methods=["POST"]),
                Route("/internal/v1/executions/logs", self._logs, methods=["POST"]),
                Route("/internal/v1/artifacts/{execution_id}/{attempt:int}/{name}", self._artifact, methods=["PUT"]),
                Route("/internal/v1/calendars/{code}/days/{day}", self._day, methods=["GET"]),
            ]
        )
        self.holidays: set[date] = set()
        self.unwanted: set[str] = set()
        self.most_urgent: list[UUID] = []
        """What claims are given, whichever ids they name (E4); without it, what they ask for."""

    def add(
        self, job: str, *, timeout_seconds: int | None = None, cancel_grace_seconds: float = 0.5, **params: Any
    ) -> Execution:
        """A new queued execution."""
        execution = Execution(uuid4(), job, params, timeout_seconds, cancel_grace_seconds)
        self.executions[execution.id] = execution
        return execution

    def _is_away(self, what: str) -> bool:
        self.turned_away[what] += what in self.away
        return what in self.away

    async def until(self, condition: Callable[[], Any], *, timeout: float = 60, what: str = "") -> None:
        """Wait until `condition` holds; fails the test when it does not in time."""
        deadline = asyncio.get_running_loop().time() + timeout
        while not condition():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"did not happen in {timeout} s: {what or condition}")
            await asyncio.sleep(0.01)

    async def finished(self, *executions: Execution, timeout: float = 60) -> None:
        """Wait until every execution has a result."""
        await self.until(lambda: all(one.results for one in executions), timeout=timeout, what="results")

    async def _register(self, request: Request) -> Response:
        registration = WorkerRegistration.model_validate_json(await request.body())
        if self._is_away("register"):
            return _unavailable()
        self.workers[registration.worker_id] = registration
        self.registrations += 1
        return _json(WorkerRegistered(lease_seconds=self.lease_seconds, heartbeat_seconds=self.lease_seconds / 3))

    async def _heartbeat(self, request: Request) -> Response:
        beat = Heartbeat.model_validate_json(await request.body())
        if self._is_away("heartbeat"):
            return _unavailable()
        worker_id = request.path_params["worker_id"]
        self.beats.append((asyncio.get_running_loop().time(), beat))
        revoked, cancel = [], []
        for run in beat.running:
            execution = self.executions[run.execution_id]
            ref = AttemptRef(execution_id=run.execution_id, attempt=run.attempt)
            if not self._holds(execution, worker_id, run.attempt):
                revoked.append(ref)
                continue
            execution.progress.append((run.progress, run.progress_message))
            execution.etas.append(run.eta_seconds)
            if execution.cancel:
                cancel.append(ref)
        registered = worker_id in self.workers
        return _json(
            HeartbeatReply(registered=registered, lease_seconds=self.lease_seconds, revoked=revoked, cancel=cancel)
        )

    async def _deregister(self, request: Request) -> Response:
        self.deregistered.append(request.path_params["worker_id"])
        return Response(status_code=204)

    async def _claim(self, request: Request) -> Response:
        claim = ClaimRequest.model_validate_json(await request.body())
        if self._is_away("claim"):
            return _unavailable()
        if claim.worker_id not in self.workers:
            return JSONResponse({"code": "WORKER_NOT_REGISTERED", "message": "register first"}, status_code=409)
        self.claims.append(claim.execution_ids)
        claimed, refused = [], []
        for one in self.most_urgent[: len(claim.execution_ids)] or claim.execution_ids:
            execution = self.executions.get(one)
            if execution is None or execution.status != "QUEUED":
                refused.append(one)
                continue
            execution.status, execution.worker_id = "RUNNING", claim.worker_id
            execution.attempt += 1
            self.started.append(one)
            claimed.append(_claimed(execution))
        del self.most_urgent[: len(claim.execution_ids)]
        return _json(ClaimReply(lease_seconds=self.lease_seconds, claimed=claimed, refused=refused))

    async def _finish(self, request: Request) -> Response:
        finish = FinishRequest.model_validate_json(await request.body())
        if self._is_away("finish"):
            return _unavailable()
        accepted, fenced = [], []
        for result in finish.results:
            execution = self.executions[result.execution_id]
            ref = AttemptRef(execution_id=result.execution_id, attempt=result.attempt)
            if self._holds(execution, finish.worker_id, result.attempt):
                execution.status = result.outcome.value
                execution.results.append(result)
                accepted.append(ref)
            elif result in execution.results:
                accepted.append(ref)
            else:
                fenced.append(ref)
        return _json(FinishReply(accepted=accepted, fenced=fenced))

    async def _logs(self, request: Request) -> Response:
        batch = LogBatch.model_validate_json(await request.body())
        if self._is_away("logs"):
            return _unavailable()
        for line in batch.lines:
            self.executions[line.execution_id].lines.append(line)
        return _json(LogReply(accepted=len(batch.lines), fenced=[]))

    async def _artifact(self, request: Request) -> Response:
        body = await request.body()
        if self._is_away("artifacts"):
            return _unavailable()
        path, headers = request.path_params, request.headers
        execution = self.executions[UUID(path["execution_id"])]
        if not self._holds(execution, request.query_params["worker_id"], path["attempt"]):
            return JSONResponse({"code": "ARTIFACT_FENCED", "message": "not yours"}, status_code=409)
        if path["name"] in self.unwanted:
            return JSONResponse({"code": "TOO_MANY_ARTIFACTS", "message": "too many"}, status_code=409)
        assert hashlib.sha256(body).hexdigest() == headers["X-Content-SHA256"]
        assert len(body) == int(headers["Content-Length"])
        execution.artifacts[path["name"]] = (headers["Content-Type"], body)
        return _json(ArtifactStored(size_bytes=len(body), sha256=headers["X-Content-SHA256"]))

    async def _day(self, request: Request) -> Response:
        day = date.fromisoformat(request.path_params["day"])
        return JSONResponse(
            {
                "code": request.path_params["code"],
                "day": day.isoformat(),
                "is_business_day": self.is_session(day),
                "previous": self._next(day, -1).isoformat(),
                "next": self._next(day, 1).isoformat(),
                "note": "feriado" if day in self.holidays else None,
            }
        )

    def is_session(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def _next(self, day: date, step: int) -> date:
        day += timedelta(days=step)
        while not self.is_session(day):
            day += timedelta(days=step)
        return day

    def _holds(self, execution: Execution, worker_id: str, attempt: int) -> bool:
        return (execution.status, execution.worker_id, execution.attempt) == ("RUNNING", worker_id, attempt)


def _claimed(execution: Execution) -> ClaimedRun:
    return ClaimedRun(
        execution_id=execution.id,
        attempt=execution.attempt,
        routine_id=uuid4(),
        routine_name="test-routine",
        job=execution.job,
        params=execution.params,
        business_date=DAY,
        slot=datetime(2024, 11, 8, 23, 45, tzinfo=UTC),
        origin="manual",
        timeout_seconds=execution.timeout_seconds,
        max_attempts=3,
        recoveries=0,
        correlation_id=uuid4().hex,
        cancel_grace_seconds=execution.cancel_grace_seconds,
    )


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")


def _unavailable() -> Response:
    return JSONResponse({"code": "UNAVAILABLE", "message": "away"}, status_code=503)
