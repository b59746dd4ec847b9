"""Work in: the runner that takes tasks up, keeps their leases, and lets their handlers do them."""

import asyncio
import os
import socket
import traceback
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final, Protocol

from opentelemetry.trace import SpanKind
from sqlalchemy.exc import SQLAlchemyError

from ai_svc.brain.exceptions import is_passing
from ai_svc.tasks.exceptions import TaskLost
from ai_svc.tasks.schemas import ClaimedTask, Ending, RunnerLimits, TaskStatus
from ai_svc.tasks.service import Attempts, Handler, Work, ending_of
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.errors import AppError
from shared_utils.logging import correlation, get_logger
from shared_utils.messaging.pause import Backoff, Waitable, wait_first
from shared_utils.observability.tracing import traced

logger = get_logger(__name__)

FORGET_EVERY: Final = timedelta(minutes=10)
BROKEN: Final = Ending(
    status=TaskStatus.FAILED,
    error_code="TASK_FAILED",
    error_message="The task failed in a way that nobody expected; report its id to an administrator.",
)


class WakeEvent(Waitable, Protocol):
    def clear(self) -> None: ...


class TaskRunner:
    """Runs tasks of the kinds it has handlers for, several at once, until it is told to stop."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        *,
        handlers: Mapping[str, Handler],
        clock: Clock,
        limits: RunnerLimits,
        name: str | None = None,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._handlers = dict(handlers)
        self._clock = clock
        self._limits = limits
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{uuid7().hex[-8:]}"
        self._running: dict[ClaimedTask, asyncio.Task[None]] = {}
        self._stopped: set[ClaimedTask] = set()
        self._changed = asyncio.Event()
        self._forget_at = clock.now()

    async def run(self, stop: asyncio.Event, wake: WakeEvent | None = None) -> None:
        """Until `stop`: takes up what is due, at once when woken. Then what runs may end, or is handed back."""
        keeper = asyncio.create_task(self._keep_leases(wake), name="task-leases")
        backoff = Backoff()
        try:
            while not stop.is_set():
                self._changed.clear()
                try:
                    await self._step()
                    backoff.reset()
                except (SQLAlchemyError, OSError) as error:
                    report = {"error": type(error).__name__}
                    logger.warning("tasks cannot be taken up, trying again", extra={"fields": report})
                    await wait_first(stop, timeout=backoff.next())
                    continue
                woken = [stop, self._changed, *([wake] if wake is not None else [])]
                await wait_first(*woken, timeout=self._limits.poll_seconds)
        finally:
            await self._end_all()
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _step(self) -> None:
        room = self._limits.concurrency - len(self._running)
        async with transaction(self._sessionmaker) as session:
            attempts = Attempts(session, self._clock, limits=self._limits)
            claimed = await attempts.claim(runner=self.name, kinds=sorted(self._handlers), room=room)
            if self._clock.now() >= self._forget_at:
                await attempts.forget()
                self._forget_at = self._clock.now() + FORGET_EVERY
        for task in claimed:
            running = asyncio.create_task(self._attempt(task), name=f"task-{task.id}")
            self._running[task] = running
            running.add_done_callback(partial(self._ended, task))

    def _ended(self, task: ClaimedTask, _: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._stopped.discard(task)
        self._changed.set()

    async def _attempt(self, task: ClaimedTask) -> None:
        span = traced(
            task.traceparent,
            name=f"task {task.kind}",
            kind=SpanKind.CONSUMER,
            links=[task.traceparent],
            attributes={"rotina.task_id": str(task.id), "rotina.attempt": task.attempt},
        )
        with correlation(task.correlation_id or task.id.hex), span:
            await self._do(task)

    async def _do(self, task: ClaimedTask) -> None:
        try:
            ending, passing = await self._handled(task)
        except asyncio.CancelledError:
            # Cancelled by its owner, or because the runner stops; when the lease is lost there is nothing to write.
            if task in self._stopped:
                await self._write(task, Ending(status=TaskStatus.CANCELLED), passing=False)
                return
            raise
        except TaskLost:
            return
        else:
            await self._write(task, ending, passing=passing)

    async def _handled(self, task: ClaimedTask) -> tuple[Ending, bool]:
        work = Work(task, self._sessionmaker, self._clock, self._limits)
        try:
            result = await self._handlers[task.kind](work)
        except Exception as error:  # noqa: BLE001  a handler may raise anything; the task must end all the same
            cause = _first(error)
            if isinstance(cause, TaskLost):
                raise cause from None
            if isinstance(cause, AppError):
                return ending_of(cause), is_passing(cause)
            _report(task, cause)
            return BROKEN, isinstance(cause, SQLAlchemyError | OSError)
        return _judged(task, result), False

    async def _write(self, task: ClaimedTask, ending: Ending, *, passing: bool) -> None:
        """What came out is not lost because the database is away for a moment; a lease that ends stops the trying."""
        backoff = Backoff()
        deadline = self._clock.monotonic() + self._limits.lease_seconds
        while True:
            try:
                async with transaction(self._sessionmaker) as session:
                    attempts = Attempts(session, self._clock, limits=self._limits)
                    if ending.status is TaskStatus.FAILED:
                        await attempts.give_up(task, ending, passing=passing)
                    else:
                        await attempts.finish(task, ending)
            except (SQLAlchemyError, OSError) as error:
                if self._clock.monotonic() > deadline:
                    _report(task, error)
                    return
                await asyncio.sleep(backoff.next())
            else:
                return

    # --- leases ---------------------------------------------------------------------------------------------------

    async def _keep_leases(self, wake: WakeEvent | None) -> None:
        """Renews leases every third of one, and looks for cancels as soon as something is notified."""
        while True:
            woken = [wake] if wake is not None else [self._changed]
            await wait_first(*woken, timeout=min(self._limits.lease_seconds / 3, self._limits.poll_seconds))
            if not self._running:
                continue
            try:
                await self._renew()
            except (SQLAlchemyError, OSError) as error:
                report = {"error": type(error).__name__}
                logger.warning("leases of tasks are not renewed, trying again", extra={"fields": report})

    async def _renew(self) -> None:
        mine = dict(self._running)
        async with transaction(self._sessionmaker) as session:
            attempts = Attempts(session, self._clock, limits=self._limits)
            kept = await attempts.extend(runner=self.name, ids=[task.id for task in mine])
        for task, running in mine.items():
            cancelled = kept.get(task.id)
            if cancelled is False or running.done() or task in self._stopped:
                continue
            if cancelled:
                self._stopped.add(task)
            running.cancel()

    async def _end_all(self) -> None:
        """What runs may end within the time that a stop has; the rest waits for another runner."""
        if not self._running:
            return
        await asyncio.wait(list(self._running.values()), timeout=self._limits.stop_seconds)
        left = dict(self._running)
        for running in left.values():
            running.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        for task in left:
            try:
                async with transaction(self._sessionmaker) as session:
                    await Attempts(session, self._clock, limits=self._limits).hand_back(task)
            except (SQLAlchemyError, OSError) as error:
                _report(task, error)


def _judged(task: ClaimedTask, result: dict[str, Any]) -> Ending:
    """A batch of which not one item succeeded has failed."""
    if task.items_total and result.get("failed") == task.items_total:
        return Ending(
            status=TaskStatus.FAILED,
            result=result,
            error_code="ALL_ITEMS_FAILED",
            error_message="None of the items could be done; each one says why.",
        )
    return Ending(status=TaskStatus.SUCCEEDED, result=result)


def _first(error: BaseException) -> BaseException:
    """The error inside of a task group's."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _report(task: ClaimedTask, error: BaseException) -> None:
    """Where it happened, not what was said: an error's message may quote a text."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    fields = {
        "task_id": str(task.id),
        "kind": task.kind,
        "error": type(error).__name__,
        "at": [f"{frame.filename}:{frame.lineno}" for frame in frames],
    }
    logger.error("a task failed unexpectedly", extra={"fields": fields})
