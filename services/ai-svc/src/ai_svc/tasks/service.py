"""What may be done with tasks, and what the end of an attempt means."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ai_svc.tasks import events
from ai_svc.tasks.exceptions import IdempotencyKeyReused, TaskIsOver, TaskLost, TaskNotFound
from ai_svc.tasks.models import Task, TaskItem
from ai_svc.tasks.repository import RunnerRepository, TaskReader, TaskWriter
from ai_svc.tasks.schemas import (
    OVER,
    ClaimedTask,
    Counts,
    Ending,
    ItemOutcome,
    ItemRead,
    NewTask,
    RunnerLimits,
    TaskError,
    TaskRead,
    TaskStatus,
    TaskSummary,
    WorkItem,
)
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import Clock
from shared_utils.db.notify import notify
from shared_utils.db.session import ReadSession, SessionFactory, WriteSession, transaction
from shared_utils.errors import AppError

WAKE_CHANNEL: Final = "ai_tasks"
"""Notified when there is work for runners: a new task, or a cancel."""
OVER_CHANNEL: Final = "ai_tasks_over"
"""Notified with a task's id when it is over."""
OUTBOX_CHANNEL: Final = "ai_outbox"

FIRST_RETRY_SECONDS: Final = 2.0
LONGEST_RETRY_SECONDS: Final = 300.0
PAGE: Final = 20
"""So many items of a batch are held in memory at once."""


class TaskService:
    """Tasks as people and other parts see them. Everybody sees their own, administrators all of them."""

    def __init__(self, session: ReadSession, clock: Clock, *, retention_days: int) -> None:
        self._session = session
        self._tasks = TaskReader(session)
        self._clock = clock
        self._retention = timedelta(days=retention_days)

    async def create(self, new: NewTask) -> TaskRead:
        """Writes a task and wakes the runners. Raises `IdempotencyKeyReused` when its key is another request's."""
        session = WriteSession(self._session)
        digest = _digest(new) if new.idempotency_key is not None else None
        task = await TaskWriter(session).add(new, request_hash=digest, now=self._clock.now())
        if task is None:
            return await self._known(new, digest)
        events.outbox_for(session, self._clock).add(events.created(task), correlation_id=new.correlation_id)
        await _wake(session, WAKE_CHANNEL, OUTBOX_CHANNEL)
        return read(task)

    async def get(self, task_id: UUID, *, by: AuthContext | str) -> TaskRead:
        """One task with its result."""
        return read(await self._own(task_id, by=by))

    async def page(
        self,
        *,
        by: AuthContext | str,
        owner: str | None,
        kind: str | None,
        status: TaskStatus | None,
        before: UUID | None,
        limit: int,
    ) -> tuple[list[TaskSummary], bool]:
        """One page, the newest first, and whether there is another one."""
        wanted = owner if _sees_all(by) else _subject(by)
        found = await self._tasks.page(owner=wanted, kind=kind, status=status, before=before, limit=limit + 1)
        return [summary(task) for task in found[:limit]], len(found) > limit

    async def items(
        self, task_id: UUID, *, by: AuthContext | str, after: int | None, limit: int
    ) -> tuple[list[ItemRead], bool]:
        """A page of a batch's items in their order, and whether there is another one."""
        await self._own(task_id, by=by)
        found = await self._tasks.items(task_id, after=after, limit=limit + 1)
        return [item_read(item) for item in found[:limit]], len(found) > limit

    async def cancel(self, task_id: UUID, *, by: AuthContext | str) -> TaskRead:
        """A task that waits is over at once, one that runs as soon as its runner has stopped it."""
        session = WriteSession(self._session)
        task = await self._own(task_id, by=by, lock=True)
        writer, now = TaskWriter(session), self._clock.now()
        if task.status == TaskStatus.CANCELLED:
            return read(task)
        if task.status in OVER:
            raise TaskIsOver
        if task.status == TaskStatus.PENDING:
            await writer.end_waiting(task_id, by=_subject(by), now=now, expires_at=now + self._retention)
        else:
            await writer.request_cancel(task_id, by=_subject(by))
        after = await self._own(task_id, by=by)
        if after.status in OVER:
            events.outbox_for(session, self._clock).add(events.finished(after), correlation_id=after.correlation_id)
            await notify(session, OVER_CHANNEL, str(task_id))
        await _wake(session, WAKE_CHANNEL, OUTBOX_CHANNEL)
        return read(after)

    async def erase(self, owner: str) -> int:
        """Removes everything that somebody ever asked for, texts included; returns how many tasks there were."""
        return await TaskWriter(WriteSession(self._session)).erase(owner)

    async def _own(self, task_id: UUID, *, by: AuthContext | str, lock: bool = False) -> Task:
        task = await self._tasks.get(task_id, lock=lock)
        if task is None or not (_sees_all(by) or task.owner == _subject(by)):
            raise TaskNotFound(task_id)
        return task

    async def _known(self, new: NewTask, digest: str | None) -> TaskRead:
        task = await self._tasks.by_key(owner=new.owner, key=new.idempotency_key or "")
        if task is None or task.request_hash != digest:
            raise IdempotencyKeyReused
        if new.reopen and task.status in {TaskStatus.FAILED, TaskStatus.CANCELLED}:
            session = WriteSession(self._session)
            await TaskWriter(session).reopen(task.id, now=self._clock.now())
            await _wake(session, WAKE_CHANNEL)
            task = await self._own(task.id, by=new.owner)
        return read(task)


class Attempts:
    """What runners do with tasks, each call in a transaction of the runner's."""

    def __init__(self, session: WriteSession, clock: Clock, *, limits: RunnerLimits) -> None:
        self._session = session
        self._rows = RunnerRepository(session)
        self._outbox = events.outbox_for(session, clock)
        self._clock = clock
        self._limits = limits

    async def claim(self, *, runner: str, kinds: Sequence[str], room: int) -> list[ClaimedTask]:
        """Takes back what its runner lost, and hands out up to `room` tasks."""
        now = self._clock.now()
        await self._take_back(now)
        claimed: list[ClaimedTask] = []
        if room > 0:
            claimed = await self._rows.claim(
                runner=runner, kinds=kinds, limit=room, now=now, lease_until=self._lease(now)
            )
        for task in claimed:
            self._outbox.add(events.started(task), correlation_id=task.correlation_id)
        return claimed

    async def extend(self, *, runner: str, ids: Sequence[UUID]) -> dict[UUID, bool]:
        """Renews leases; says of each task that is still the runner's whether it is to be cancelled."""
        return await self._rows.extend(runner=runner, ids=ids, lease_until=self._lease(self._clock.now()))

    async def progress(self, task: ClaimedTask, *, fraction: float) -> None:
        """Notes how far a task is, and announces it."""
        if not await self._rows.progress(task, fraction=fraction):
            raise TaskLost
        self._outbox.add(events.progressed(task, progress=fraction), correlation_id=task.correlation_id)

    async def finish_item(self, task: ClaimedTask, ordinal: int, outcome: ItemOutcome) -> None:
        """Writes what became of an item. One that is over already stays as it is."""
        row = await self._rows.finish_item(task, ordinal, outcome, now=self._clock.now())
        if not row.held:
            raise TaskLost
        if row.items_done is None:
            return
        counts = Counts(row.items_total, row.items_done, row.items_failed)
        if events.is_a_step(counts):
            progress = counts.done / counts.total
            event = events.progressed(task, progress=progress, failed=counts.failed)
            self._outbox.add(event, correlation_id=task.correlation_id)

    async def finish(self, task: ClaimedTask, ending: Ending) -> None:
        """The task is over. Nothing happens when it is another runner's by now."""
        now = self._clock.now()
        row = await self._rows.finish(task, ending, now=now, expires_at=self._expiry(now))
        if row is not None:
            await self._announce([row], correlation_id=task.correlation_id)

    async def give_up(self, task: ClaimedTask, error: Ending, *, passing: bool) -> None:
        """A failed attempt: another one follows, later each time, if that may help and one is left."""
        if not passing or task.attempt >= self._limits.max_attempts:
            await self.finish(task, error)
            return
        pause = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** (task.attempt - 1))
        due_at = self._clock.now() + timedelta(seconds=pause)
        await self._rows.hand_back(task, due_at=due_at, used_attempt=True, error=error)

    async def hand_back(self, task: ClaimedTask) -> None:
        """The runner stops: somebody else goes on with the task at once."""
        if await self._rows.hand_back(task, due_at=self._clock.now(), used_attempt=False, error=None):
            await _wake(self._session, WAKE_CHANNEL)

    async def forget(self, *, limit: int = 500) -> int:
        """Removes tasks that are past their time."""
        return await self._rows.forget(now=self._clock.now(), limit=limit)

    async def batch_result(self, task: ClaimedTask) -> dict[str, Any]:
        """The sum of a batch."""
        counts = await self._rows.counts(task.id)
        read_tokens, written_tokens = await self._rows.usage(task.id)
        return {
            "items": counts.total,
            "succeeded": counts.done - counts.failed,
            "failed": counts.failed,
            "usage": {"input_tokens": read_tokens, "output_tokens": written_tokens},
        }

    async def _take_back(self, now: datetime) -> None:
        lost = await self._rows.take_back(now=now, max_attempts=self._limits.max_attempts, expires_at=self._expiry(now))
        await self._announce([row for row in lost if row.status in OVER], correlation_id=None)

    async def _announce(self, rows: Sequence[Any], *, correlation_id: str | None) -> None:
        for row in rows:
            self._outbox.add(events.finished(row), correlation_id=correlation_id)
        if rows:
            await notify(self._session, OUTBOX_CHANNEL)
        if len(rows) == 1:
            await notify(self._session, OVER_CHANNEL, str(rows[0].id))

    def _lease(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._limits.lease_seconds)

    def _expiry(self, now: datetime) -> datetime:
        return now + timedelta(days=self._limits.retention_days)


class Work:
    """One attempt of a task, as its handler sees it. Its methods raise `TaskLost` when the task is somebody else's."""

    def __init__(self, task: ClaimedTask, sessionmaker: SessionFactory, clock: Clock, limits: RunnerLimits) -> None:
        self.task = task
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._limits = limits

    async def progress(self, fraction: float) -> None:
        """Notes how far the task is, from 0 to 1. Each call is written and announced: call it at few places."""
        async with transaction(self._sessionmaker) as session:
            await Attempts(session, self._clock, limits=self._limits).progress(
                self.task, fraction=min(1.0, max(0.0, fraction))
            )

    async def each_item(
        self, handle: Callable[[WorkItem], Awaitable[ItemOutcome]], *, concurrency: int
    ) -> dict[str, Any]:
        """Lets `handle` do every item that is not over yet, and answers the sum of the batch.

        What an item came to is written as soon as it is known: after a crash only what was at hand is done again.
        """
        after = -1
        while page := await self._unfinished(after):
            room = asyncio.Semaphore(max(1, concurrency))
            async with asyncio.TaskGroup() as group:
                for item in page:
                    group.create_task(self._one(item, handle, room))
            after = page[-1].ordinal
        async with transaction(self._sessionmaker) as session:
            return await Attempts(session, self._clock, limits=self._limits).batch_result(self.task)

    async def _one(
        self, item: WorkItem, handle: Callable[[WorkItem], Awaitable[ItemOutcome]], room: asyncio.Semaphore
    ) -> None:
        async with room:
            outcome = await handle(item)
            async with transaction(self._sessionmaker) as session:
                attempts = Attempts(session, self._clock, limits=self._limits)
                await attempts.finish_item(self.task, item.ordinal, outcome)

    async def _unfinished(self, after: int) -> list[WorkItem]:
        async with transaction(self._sessionmaker) as session:
            return await RunnerRepository(session).unfinished(self.task, after=after, limit=PAGE)


type Handler = Callable[[Work], Awaitable[dict[str, Any]]]
"""Does a task and answers its result. An `AppError` fails it; what may pass is tried again."""


def ending_of(error: AppError) -> Ending:
    """How a task or an item that raised `error` ended."""
    return Ending(status=TaskStatus.FAILED, error_code=error.code, error_message=error.message)


def summary(task: Task) -> TaskSummary:
    """A task without its texts."""
    return TaskSummary.model_validate(_fields(task))


def read(task: Task) -> TaskRead:
    """A task with its result."""
    return TaskRead.model_validate({**_fields(task), "result": task.result})


def item_read(item: TaskItem) -> ItemRead:
    """A batch's item as the API shows it."""
    return ItemRead(
        ordinal=item.ordinal,
        status=item.status,
        result=item.result,
        error=_error(item),
        input_tokens=item.input_tokens,
        output_tokens=item.output_tokens,
        finished_at=item.finished_at,
    )


def _fields(task: Task) -> dict[str, Any]:
    names = (
        *("id", "kind", "owner", "status", "progress", "items_total", "items_done", "items_failed", "attempts"),
        *("created_at", "started_at", "finished_at", "expires_at"),
    )
    return {
        **{name: getattr(task, name) for name in names},
        "cancel_requested": task.cancel_requested_by is not None,
        "error": _error(task),
    }


def _error(row: Task | TaskItem) -> TaskError | None:
    if row.error_code is None:
        return None
    return TaskError(code=row.error_code, message=row.error_message or "")


def _subject(by: AuthContext | str) -> str:
    return by if isinstance(by, str) else by.subject


def _sees_all(by: AuthContext | str) -> bool:
    return isinstance(by, AuthContext) and by.may(Role.ADMIN)


def _digest(new: NewTask) -> str:
    body: Mapping[str, Any] = {"kind": new.kind, "input": dict(new.input), "items": [dict(one) for one in new.items]}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


async def _wake(session: WriteSession, *channels: str) -> None:
    for channel in channels:
        await notify(session, channel)
