"""The worker: consume, claim, run, finish, acknowledge, with a heartbeat that no job can block (E5-E8, E18)."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from opentelemetry.trace import SpanKind
from redis.exceptions import RedisError

from rotina import JobRegistry
from rotina.running import RunEnd
from shared_schemas.jobs import (
    AttemptRef,
    ClaimedRun,
    ClaimReply,
    LogLevel,
    Outcome,
    WorkerRegistration,
)
from shared_utils.clock import Clock
from shared_utils.errors import AppError
from shared_utils.http.client import UpstreamRejected
from shared_utils.logging import correlation, get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from shared_utils.observability.tracing import traced
from worker_svc.runtime import metrics
from worker_svc.runtime.active import ActiveRun, StopReason
from worker_svc.runtime.artifacts import ArtifactSender
from worker_svc.runtime.children import ChildPool
from worker_svc.runtime.core import CoreProtocol
from worker_svc.runtime.execution import Executor
from worker_svc.runtime.logs import LogShipper
from worker_svc.runtime.masking import RunSecrets
from worker_svc.runtime.reader import Entry, QueueReader
from worker_svc.runtime.results import ResultReporter

logger = get_logger(__name__)

WAIT_SECONDS: Final = 1.0
JANITOR_SECONDS: Final = 30.0
ABANDONED_MS: Final = 60_000
FORGOTTEN_MS: Final = 10 * 60_000
_LAST_LINES_SECONDS: Final = 2.0
_LAST_REPORTS_SECONDS: Final = 10.0
_GOODBYE_SECONDS: Final = 5.0
_UNSTOPPABLE_SECONDS: Final = 90.0


@dataclass(frozen=True, kw_only=True)
class WorkerParts:
    """What a worker is made of."""

    registration: WorkerRegistration
    registry: JobRegistry
    core: CoreProtocol
    reader: QueueReader
    children: ChildPool
    executor: Executor
    clock: Clock
    secrets: RunSecrets
    stop_grace: float


class Worker:
    """One worker process. `run` returns when `stop` was called and everything is finished or handed back."""

    def __init__(self, parts: WorkerParts) -> None:
        self._parts = parts
        self._core = parts.core
        self._logs = LogShipper(parts.core)
        self._artifacts = ArtifactSender(parts.core)
        self._results = ResultReporter(parts.core, self._settled)
        self._runs: dict[tuple[UUID, int], ActiveRun] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._occupied = 0
        self._room = asyncio.Event()
        self._stop = asyncio.Event()
        self._drained = asyncio.Event()
        self._finished = asyncio.Event()
        self._lease_seconds = 9.0
        self._last_beat = 0.0
        self.registered = False
        metrics.SLOTS.set(parts.registration.slots)
        metrics.ACTIVE.set_function(lambda: self._occupied)
        metrics.HEALTHY.set_function(lambda: self.healthy)
        for spec in parts.registry:
            for outcome in Outcome:
                metrics.RUNS.labels(spec.name, outcome.value)
            metrics.RUN_SECONDS.labels(spec.name)

    def stop(self) -> None:
        """Takes nothing new from now on."""
        self._stop.set()
        self._room.set()

    def hurry(self) -> None:
        """Stops, and hands back now what it runs, without waiting for it to finish."""
        self.stop()
        self._parts.executor.hurry.set()

    @property
    def healthy(self) -> bool:
        """Registered, in touch with core-api, and able to start a job."""
        in_touch = time.monotonic() - self._last_beat < self._lease_seconds
        return self.registered and in_touch and self._parts.children.healthy

    async def run(self) -> None:
        """Works until stopped, then drains: E18."""
        async with asyncio.TaskGroup() as group:
            # In this order they stop: reading first, then runs, results, logs; the heart beats to the last.
            group.create_task(self._heart(), name="heart")
            last = [
                group.create_task(self._results.run(self._drained), name="results"),
                group.create_task(self._logs.run(self._drained), name="logs"),
            ]
            group.create_task(self._parts.children.keep_warm(self._stop), name="children")
            group.create_task(self._janitor(), name="janitor")
            await self._read()
            await self._drain()
            self._drained.set()
            await self._last_reports(last)
            self._finished.set()
        await self._parts.children.close()
        if not self._tasks:  # what could not be stopped must not start elsewhere before its lease ran out
            await self._goodbye()

    # --- taking work ---------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        backoff = Backoff(maximum=1.0)
        while not self._stop.is_set():
            if not self.registered or self._free() <= 0:
                self._room.clear()
                await wait_first(self._stop, self._room, timeout=WAIT_SECONDS)
                continue
            try:
                entries = await self._parts.reader.read(self._free())
                if entries:
                    await self._take(entries)
                else:
                    await self._wait_for_work()
                backoff.reset()
            except (RedisError, OSError) as error:
                logger.warning("the queue cannot be read", extra={"fields": {"error": repr(error)}})
                await wait_first(self._stop, timeout=backoff.next())

    async def _wait_for_work(self) -> None:
        waiting = asyncio.ensure_future(self._parts.reader.wait(WAIT_SECONDS))
        stopped = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait([waiting, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            if not waiting.done():
                waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting

    def _free(self) -> int:
        return self._parts.registration.slots - self._occupied

    async def _take(self, entries: Sequence[Entry]) -> None:
        """Claims as many runs as entries were read. While core-api does not answer the entries wait.

        An entry only says that there is work: core-api gives the most urgent that there is (E4). An entry is spent on
        one run and settled with it, or at once when no run was left for it.
        """
        reply = await self._claim([entry.execution_id for entry in entries])
        if reply is None:
            return
        self._lease_seconds = reply.lease_seconds
        spent, left = _pay(reply.claimed, entries)
        metrics.CLAIMS.labels("claimed").inc(len(spent))
        metrics.CLAIMS.labels("refused").inc(len(left))
        for run, entry in spent:
            self._begin(run, entry)
        await self._settle(left)

    async def _claim(self, ids: Sequence[UUID]) -> ClaimReply | None:
        backoff = Backoff(initial=0.05, maximum=1.0)
        while not self._stop.is_set():
            try:
                return await self._core.claim(ids)
            except UpstreamRejected as error:
                if error.upstream_code != "WORKER_NOT_REGISTERED":
                    logger.error("claim was refused", extra={"fields": {"error": str(error)}})  # noqa: TRY400
                    return None
                self.registered = False
                await self._register()
            except AppError as error:
                logger.warning("core-api does not take claims", extra={"fields": {"error": str(error)}})
                await wait_first(self._stop, timeout=backoff.next())
        return None

    def _begin(self, run: ClaimedRun, entry: Entry) -> None:
        mask = self._parts.secrets.of_run(run)
        active = ActiveRun(
            run, entry, clock=self._parts.clock, ship=self._logs.add, upload=self._artifacts.send, mask=mask
        )
        self._runs[run.execution_id, run.attempt] = active
        self._occupied += 1
        task = asyncio.create_task(self._work(active), name=f"run-{active.key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, active: ActiveRun) -> None:
        """A run is a span below whoever asked for it; all of its attempts are in one trace."""
        run = active.run
        span = traced(
            run.traceparent,
            name=f"run {run.job}",
            kind=SpanKind.CONSUMER,
            links=[run.traceparent],
            attributes={
                "messaging.system": "redis",
                "rotina.job": run.job,
                "rotina.execution_id": str(run.execution_id),
                "rotina.attempt": run.attempt,
            },
        )
        with correlation(run.correlation_id), span:
            await self._attempt(active)

    async def _attempt(self, active: ActiveRun) -> None:
        begun = time.monotonic()
        try:
            end = await self._parts.executor.run(active)
        finally:
            self._occupied -= 1
            self._room.set()
        seconds = time.monotonic() - begun
        if active.uploads:
            await self._see_off(active)
        await self._conclude(active, end, seconds=seconds)

    async def _see_off(self, active: ActiveRun) -> None:
        """A run is over when its artifacts have arrived."""
        if active.stop_reason is StopReason.REVOKED:
            await self._artifacts.give_up(active)
        else:
            await self._artifacts.sent(active)
        await self._parts.executor.forget(active)

    async def _conclude(self, active: ActiveRun, end: RunEnd, *, seconds: float) -> None:
        result = active.result_of(end)
        metrics.RUNS.labels(active.run.job, result.outcome.value).inc()
        metrics.RUN_SECONDS.labels(active.run.job).observe(seconds)
        _tell_end(active, result.outcome, seconds)
        if active.stop_reason is StopReason.REVOKED:
            # It is somebody else's now: nothing is reported, and only the entry is cleaned up.
            self._runs.pop((active.run.execution_id, active.run.attempt), None)
            await self._settle([active.entry])
            return
        if result.error is not None:
            active.log(LogLevel.ERROR, result.error.message, {"code": result.error.code})
        await self._logs.flushed(active.run.execution_id, active.run.attempt, timeout=_LAST_LINES_SECONDS)
        self._results.add(result)

    async def _settled(self, accepted: Sequence[AttemptRef], fenced: Sequence[AttemptRef]) -> None:
        metrics.FENCED.inc(len(fenced))
        gone = [self._runs.pop((ref.execution_id, ref.attempt), None) for ref in (*accepted, *fenced)]
        await self._settle([active.entry for active in gone if active is not None])

    async def _settle(self, entries: Sequence[Entry]) -> None:
        """Entries that cannot be settled now stay pending and are cleaned up by somebody's janitor."""
        try:
            await self._parts.reader.settle(entries)
        except (RedisError, OSError) as error:
            logger.warning(
                "entries could not be acknowledged", extra={"fields": {"entries": len(entries), "error": repr(error)}}
            )

    # --- staying alive -------------------------------------------------------------------------------------------

    async def _heart(self) -> None:
        backoff = Backoff(initial=0.2, maximum=1.0)
        while not self._finished.is_set():
            try:
                await self._beat() if self.registered else await self._register()
                backoff.reset()
                pause = self._lease_seconds / 3
            except AppError as error:
                metrics.HEARTBEAT_FAILURES.inc()
                logger.warning("core-api does not hear this worker", extra={"fields": {"error": str(error)}})
                self._revoke_when_too_late()
                pause = backoff.next()
            await wait_first(self._finished, timeout=pause)

    async def _register(self) -> None:
        reply = await self._core.register(self._parts.registration)
        self._lease_seconds = reply.lease_seconds
        self._last_beat = time.monotonic()
        if not self.registered:
            logger.info("registered", extra={"fields": {"worker_id": self._core.worker_id}})
        self.registered = True
        self._room.set()

    async def _beat(self) -> None:
        sent = time.monotonic()
        running = [active.running() for active in self._runs.values()]
        reply = await self._core.heartbeat(running, draining=self._stop.is_set())
        self._last_beat = sent
        self._lease_seconds = reply.lease_seconds
        for ref in reply.revoked:
            self._stop_run(ref, StopReason.REVOKED)
        for ref in reply.cancel:
            self._stop_run(ref, StopReason.CANCELLED)
        if not reply.registered:
            await self._register()

    def _stop_run(self, ref: AttemptRef, reason: StopReason) -> None:
        active = self._runs.get((ref.execution_id, ref.attempt))
        if active is not None:
            self._parts.executor.stop(active, reason)

    def _revoke_when_too_late(self) -> None:
        """Without a heartbeat for a whole lease the runs are somebody else's by now: stop rather than do work twice."""
        if self._runs and time.monotonic() - self._last_beat > self._lease_seconds:
            logger.error(
                "the lease ran out without a heartbeat: stopping all runs", extra={"fields": {"runs": len(self._runs)}}
            )
            for active in list(self._runs.values()):
                self._parts.executor.stop(active, StopReason.REVOKED)

    async def _janitor(self) -> None:
        """Cleans up after workers that died: their entries, and their names in the consumer groups."""
        while not await wait_first(self._stop, timeout=JANITOR_SECONDS):
            try:
                mine = {active.entry.entry_id for active in self._runs.values()}
                free = self._free()
                abandoned = [
                    entry
                    for entry in await self._parts.reader.abandoned(idle_ms=ABANDONED_MS, count=max(1, free))
                    if entry.entry_id not in mine
                ]
                if abandoned and free > 0:
                    await self._take(abandoned[:free])
                await self._parts.reader.forget_consumers(idle_ms=FORGOTTEN_MS)
            except (RedisError, OSError) as error:
                logger.warning("cleaning up failed", extra={"fields": {"error": repr(error)}})

    # --- stopping ------------------------------------------------------------------------------------------------

    async def _drain(self) -> None:
        """Lets runs finish for the grace time, then stops them; they are handed back and lose no attempt."""
        if self._tasks:
            logger.info("draining", extra={"fields": {"runs": len(self._tasks), "seconds": self._parts.stop_grace}})
            await self._runs_end(within=self._parts.stop_grace, unless=self._parts.executor.hurry)
        for active in list(self._runs.values()):
            self._parts.executor.stop(active, StopReason.SHUTDOWN)
        await self._runs_end(within=_UNSTOPPABLE_SECONDS, unless=asyncio.Event())
        for task in self._tasks:
            logger.error("stopping although a run does not end", extra={"fields": {"task": task.get_name()}})
            task.cancel()

    async def _runs_end(self, *, within: float, unless: asyncio.Event) -> None:
        """Until no run is left; ends early after a time, or when an event is set."""
        deadline = time.monotonic() + within
        while self._tasks and not unless.is_set() and (remaining := deadline - time.monotonic()) > 0:
            interrupted = asyncio.ensure_future(unless.wait())
            try:
                await asyncio.wait([*self._tasks, interrupted], timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
            finally:
                interrupted.cancel()

    async def _last_reports(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """What core-api does not take in time is lost with this process; the leases run out and the runs recover."""
        _, unsent = await asyncio.wait(tasks, timeout=_LAST_REPORTS_SECONDS)
        for task in unsent:
            logger.error("stopping before core-api took everything", extra={"fields": {"unsent": task.get_name()}})
            task.cancel()

    async def _goodbye(self) -> None:
        await _within(_GOODBYE_SECONDS, self._core.deregister, what="deregistering")


def _tell_end(active: ActiveRun, outcome: Outcome, seconds: float) -> None:
    """Like `logger.info`, without walking the stack for the caller: workers end thousands of runs a second."""
    if not logger.isEnabledFor(logging.INFO):
        return
    record = logger.makeRecord(logger.name, logging.INFO, __file__, 0, "run ended", (), None)
    record.fields = {
        "execution_id": str(active.run.execution_id),
        "attempt": active.run.attempt,
        "job": active.run.job,
        "outcome": outcome.value,
        "seconds": round(seconds, 6),
    }
    logger.handle(record)


def _pay(runs: Sequence[ClaimedRun], entries: Sequence[Entry]) -> tuple[list[tuple[ClaimedRun, Entry]], list[Entry]]:
    """Each run with the entry that it is settled with: its own if it was read, else any. And what is left over."""
    own = {entry.execution_id: entry for entry in reversed(entries)}
    paid = {run.execution_id: own[run.execution_id] for run in runs if run.execution_id in own}
    left = [entry for entry in entries if paid.get(entry.execution_id) is not entry]
    return [(run, paid.get(run.execution_id) or left.pop(0)) for run in runs], left


async def _within(seconds: float, action: Callable[[], Awaitable[None]], *, what: str) -> None:
    try:
        async with asyncio.timeout(seconds):
            await action()
    except (TimeoutError, AppError) as error:
        logger.warning("%s failed", what, extra={"fields": {"error": repr(error)}})
