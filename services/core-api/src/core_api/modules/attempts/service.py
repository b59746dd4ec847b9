"""The worker's side of an execution: claim, heartbeat, logs, finish (E6, E8), and what is lost with a worker (E7)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeGuard
from uuid import UUID

from core_api.inputs import replaced, storable_json
from core_api.metrics import START_DELAY
from core_api.modules.attempts.repository import AttemptRepository, LogRepository, RunRepository
from core_api.modules.attempts.schemas import MAX_COUNT, AttemptRead, LogLineRead, LogPosition
from core_api.modules.executions.public import (
    LOST,
    ActionRepository,
    ExecutionNotFound,
    Held,
    Settlement,
    Started,
    Status,
    events,
    settle_loss,
    settle_result,
    unique,
)
from core_api.modules.workers.public import WorkerService
from shared_schemas.envelope import CursorMeta
from shared_schemas.jobs import (
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
    band_of,
    work_stream,
)
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor


class ProtocolService:
    """What workers call. Every answer tells, per attempt, whether it was still theirs."""

    def __init__(
        self,
        *,
        runs: RunRepository,
        attempts: AttemptRepository,
        logs: LogRepository,
        workers: WorkerService,
        outbox: Outbox,
        clock: Clock,
        lease_seconds: float,
    ) -> None:
        self._runs = runs
        self._attempts = attempts
        self._logs = logs
        self._workers = workers
        self._outbox = outbox
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)

    async def claim(self, request: ClaimRequest) -> ClaimReply:
        """Gives the worker the most urgent executions that it can run, one for each entry that woke it (E4, E6)."""
        now = self._clock.now()
        started, several_queues = await self._runs.claim(
            len(request.execution_ids), worker_id=request.worker_id, now=now, lease_until=now + self._lease
        )
        if not started:
            await self._workers.check(request.worker_id)
        for run in started:
            self._outbox.add(events.started(run), **events.context_of(run))
            if run.attempt == 1:
                delay = (run.started_at - run.due_at).total_seconds()
                START_DELAY.labels(str(band_of(run.priority))).observe(max(delay, 0))
        claimed = {run.id for run in started}
        asked = unique(request.execution_ids)
        others = [one for one in asked if one not in claimed]
        if several_queues and others:
            await self._give_entries_back(asked, started=started)
        return ClaimReply(
            lease_seconds=self._lease.total_seconds(), claimed=[_claimed(run) for run in started], refused=others
        )

    async def _give_entries_back(self, asked: Sequence[UUID], *, started: Sequence[Started]) -> None:
        """Sends entries of one queue again that were spent on runs of another one.

        Whoever serves only the first queue would not be woken for what still waits there. Within a queue nothing is
        owed: the entry of the run that was taken instead is still on the stream.
        """
        woken_by = await self._runs.waking(asked)
        owed = Counter(row.queue for row in woken_by)
        owed.subtract(run.queue for run in started)
        claimed = {run.id for run in started}
        for row in woken_by:
            if row.status == Status.QUEUED and row.id not in claimed and owed[row.queue] > 0:
                owed[row.queue] -= 1
                self._outbox.add_entries(work_stream(row.queue, band_of(row.priority)), [{"execution_id": str(row.id)}])

    async def heartbeat(self, worker_id: str, beat: Heartbeat) -> HeartbeatReply:
        """Renews the leases of the attempts that the worker names and still holds; names the others as revoked."""
        now = self._clock.now()
        registered = await self._workers.beat(worker_id, draining=beat.draining)
        running = list({(run.execution_id, run.attempt): run for run in beat.running}.values())
        held: dict[tuple[UUID, int], bool] = {}
        if running:
            rows = await self._runs.renew(
                worker_id=worker_id,
                ids=[run.execution_id for run in running],
                attempts=[run.attempt for run in running],
                progress=[run.progress for run in running],
                messages=[replaced(run.progress_message) for run in running],
                etas=[None if run.eta_seconds is None else now + timedelta(seconds=run.eta_seconds) for run in running],
                lease_until=now + self._lease,
            )
            held = {(row.id, row.attempt): row.cancel for row in rows}
        refs = {key: AttemptRef(execution_id=key[0], attempt=key[1]) for key in _keys(running)}
        return HeartbeatReply(
            registered=registered,
            lease_seconds=self._lease.total_seconds(),
            revoked=[ref for key, ref in refs.items() if key not in held],
            cancel=[ref for key, ref in refs.items() if held.get(key)],
        )

    async def deregister(self, worker_id: str) -> None:
        """A worker leaves; runs that it did not finish or hand back are taken up at once."""
        await self._runs.release(worker_id, now=self._clock.now())
        await self._workers.deregister(worker_id)

    async def finish(self, request: FinishRequest) -> FinishReply:
        """Takes in results of attempts that this worker holds. Repeating one is accepted and changes nothing."""
        now = self._clock.now()
        results = {(result.execution_id, result.attempt): result for result in request.results}
        held = {row.id: row for row in await self._runs.hold([key[0] for key in results])}
        mine = [
            (held[key[0]], result)
            for key, result in results.items()
            if key[0] in held and _holds(held[key[0]], worker_id=request.worker_id, attempt=key[1])
        ]
        await self._settle(
            [(row, settle_result(row, result, now=now), result.outcome) for row, result in mine], now=now
        )
        settled = {(row.id, row.attempt) for row, _ in mine}
        repeated = await self._repeated(
            [result for key, result in results.items() if key not in settled], worker_id=request.worker_id
        )
        refs = {key: AttemptRef(execution_id=key[0], attempt=key[1]) for key in results}
        return FinishReply(
            accepted=[ref for key, ref in refs.items() if key in settled or key in repeated],
            fenced=[ref for key, ref in refs.items() if key not in settled and key not in repeated],
        )

    async def log(self, batch: LogBatch) -> LogReply:
        """Appends log lines of attempts that are, or last were, this worker's; a repeated line writes nothing."""
        keys = list(dict.fromkeys((line.execution_id, line.attempt) for line in batch.lines))
        states = await self._attempts.states([key[0] for key in keys], [key[1] for key in keys])
        allowed = {key for key, state in states.items() if state.worker_id == batch.worker_id and state.outcome != LOST}
        lines = _once([line for line in batch.lines if (line.execution_id, line.attempt) in allowed])
        if lines:
            await self._logs.append(
                lines,
                messages=[replaced(line.message) for line in lines],
                fields=[storable_json(line.fields) for line in lines],
            )
            await self._logs.announce([line.execution_id for line in lines])
        return LogReply(
            accepted=len(lines),
            fenced=[AttemptRef(execution_id=key[0], attempt=key[1]) for key in keys if key not in allowed],
        )

    async def recover(self, *, limit: int = 500) -> list[tuple[Held, Settlement]]:
        """Takes up executions whose lease ran out: they run again, or fail after too many losses (E7)."""
        now = self._clock.now()
        lost = [(held, settle_loss(held, now=now)) for held in await self._runs.hold_expired(now=now, limit=limit)]
        await self._settle([(held, settlement, LOST) for held, settlement in lost], now=now)
        return lost

    async def _settle(self, ended: Sequence[tuple[Held, Settlement, str]], *, now: datetime) -> None:
        if not ended:
            return
        await self._runs.settle([(settlement, str(outcome)) for _, settlement, outcome in ended], now=now)
        for held, settlement, _ in ended:
            event = events.settled(held, settlement)
            if event is not None:
                self._outbox.add(event, **events.context_of(held))

    async def _repeated(self, results: Sequence[AttemptResult], *, worker_id: str) -> set[tuple[UUID, int]]:
        if not results:
            return set()
        states = await self._attempts.states(
            [result.execution_id for result in results], [result.attempt for result in results]
        )
        return {
            key
            for result in results
            if (state := states.get(key := (result.execution_id, result.attempt))) is not None
            and state.worker_id == worker_id
            and state.outcome == result.outcome
        }


class LogReads:
    """Attempts and their log lines for people."""

    def __init__(self, attempts: AttemptRepository, logs: LogRepository, executions: ActionRepository) -> None:
        self._attempts = attempts
        self._logs = logs
        self._executions = executions

    async def attempts(self, execution_id: UUID) -> list[AttemptRead]:
        """The tries of an execution, in order."""
        await self._check(execution_id)
        return [AttemptRead.model_validate(row) for row in await self._attempts.listing(execution_id)]

    async def page(
        self, execution_id: UUID, *, attempt: int | None, after_seq: int | None, cursor: str | None, limit: int
    ) -> tuple[list[LogLineRead], CursorMeta]:
        """Log lines by attempt and seq."""
        await self._check(execution_id)
        after = _position(cursor) or LogPosition(attempt or 0, after_seq or 0)
        lines = await self.after(execution_id, after, attempt=attempt, limit=limit + 1)
        page = lines[:limit]
        next_key = {"attempt": page[-1].attempt, "seq": page[-1].seq} if len(lines) > limit else None
        return page, cursor_meta(limit=limit, next_key=next_key)

    async def after(
        self, execution_id: UUID, position: LogPosition, *, attempt: int | None = None, limit: int
    ) -> list[LogLineRead]:
        """The lines that follow a position."""
        rows = await self._logs.page(execution_id, after=position, attempt=attempt, limit=limit)
        return [LogLineRead.model_validate(row) for row in rows]

    async def _check(self, execution_id: UUID) -> None:
        if not await self._executions.exists(execution_id):
            raise ExecutionNotFound(execution_id)


def _position(cursor: str | None) -> LogPosition | None:
    if cursor is None:
        return None
    key = decode_cursor(cursor)
    attempt, seq = key.get("attempt"), key.get("seq")
    if not _is_count(attempt) or not _is_count(seq):
        raise InvalidCursor
    return LogPosition(attempt, seq)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_COUNT


def _holds(held: Held, *, worker_id: str, attempt: int) -> bool:
    return held.status == Status.RUNNING and held.worker_id == worker_id and held.attempt == attempt


def _keys(running: Sequence[Any]) -> list[tuple[UUID, int]]:
    return [(run.execution_id, run.attempt) for run in running]


def _once(lines: Sequence[LogLine]) -> list[LogLine]:
    return list({(line.execution_id, line.attempt, line.seq): line for line in lines}.values())


def _claimed(run: Started) -> ClaimedRun:
    return ClaimedRun.model_construct(
        execution_id=run.id,
        attempt=run.attempt,
        routine_id=run.routine_id,
        routine_name=run.routine_name,
        job=run.job,
        params=run.params,
        business_date=run.business_date,
        slot=run.slot,
        origin=run.origin,
        timeout_seconds=run.timeout_seconds,
        max_attempts=run.max_attempts,
        recoveries=run.recoveries,
        correlation_id=run.correlation_id,
        traceparent=events.context_of(run)["traceparent"],
        cancel_grace_seconds=run.cancel_grace_seconds,
    )
