"""The statements on tasks. Those of runners name the attempt: whoever lost a task changes nothing of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    ARRAY,
    Row,
    Text,
    TextClause,
    Uuid,
    any_,
    bindparam,
    cast,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql

from ai_svc.tasks.models import Task, TaskItem
from ai_svc.tasks.schemas import ClaimedTask, Counts, Ending, ItemOutcome, ItemStatus, NewTask, TaskStatus, WorkItem
from shared_utils.db.session import ReadSession, WriteSession


class TaskReader:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    async def get(self, task_id: UUID, *, lock: bool = False) -> Task | None:
        query = select(Task).where(Task.id == task_id)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def page(
        self, *, owner: str | None, kind: str | None, status: TaskStatus | None, before: UUID | None, limit: int
    ) -> list[Task]:
        """The newest first; ids begin with the time of their creation."""
        query = select(Task).order_by(Task.id.desc()).limit(limit)
        if owner is not None:
            query = query.where(Task.owner == owner)
        if kind is not None:
            query = query.where(Task.kind == kind)
        if status is not None:
            query = query.where(Task.status == status)
        if before is not None:
            query = query.where(Task.id < before)
        return list(await self._session.scalars(query))

    async def items(
        self, task_id: UUID, *, after: int | None, limit: int, status: ItemStatus | None = None
    ) -> list[TaskItem]:
        """A batch's items in their order."""
        query = select(TaskItem).where(TaskItem.task_id == task_id).order_by(TaskItem.ordinal).limit(limit)
        if after is not None:
            query = query.where(TaskItem.ordinal > after)
        if status is not None:
            query = query.where(TaskItem.status == status)
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def by_key(self, *, owner: str, key: str) -> Task | None:
        query = select(Task).where(Task.owner == owner, Task.idempotency_key == key)
        return (await self._session.scalars(query)).one_or_none()


class TaskWriter:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def add(self, new: NewTask, *, request_hash: str | None, now: datetime) -> Task | None:
        """Writes a task with its items; None when its owner has one with this idempotency key already."""
        values = {
            "kind": new.kind,
            "owner": new.owner,
            "status": TaskStatus.PENDING,
            "input": dict(new.input),
            "progress": 0.0,
            "items_total": len(new.items),
            "items_done": 0,
            "items_failed": 0,
            "attempts": 0,
            "due_at": now,
            "idempotency_key": new.idempotency_key,
            "request_hash": request_hash,
            "correlation_id": new.correlation_id,
            "traceparent": new.traceparent,
            "created_at": now,
        }
        statement = postgresql.insert(Task).values(values)
        if new.idempotency_key is not None:
            statement = statement.on_conflict_do_nothing(
                index_elements=["owner", "idempotency_key"], index_where=text("idempotency_key IS NOT NULL")
            )
        task = (await self._session.scalars(statement.returning(Task))).one_or_none()
        if task is not None and new.items:
            await self._add_items(task.id, new.items)
        return task

    async def _add_items(self, task_id: UUID, items: Sequence[Any]) -> None:
        inputs = [to_json(item).decode() for item in items]
        await self._session.execute(_ADD_ITEMS, {"task_id": task_id, "inputs": inputs})

    async def request_cancel(self, task_id: UUID, *, by: str) -> None:
        await self._session.execute(update(Task).where(Task.id == task_id).values(cancel_requested_by=by))

    async def end_waiting(self, task_id: UUID, *, by: str, now: datetime, expires_at: datetime) -> None:
        """A task that nobody took up is over at once."""
        ended = {
            "status": TaskStatus.CANCELLED,
            "cancel_requested_by": by,
            "finished_at": now,
            "expires_at": expires_at,
        }
        await self._session.execute(update(Task).where(Task.id == task_id).values(ended))
        await self._session.execute(_cancel_items([task_id]))

    async def reopen(self, task_id: UUID, *, now: datetime) -> None:
        """A task that ended badly waits again; what of its items succeeded stays."""
        await self._session.execute(_REOPEN, {"id": task_id, "now": now})

    async def erase(self, owner: str) -> int:
        """Removes everything that somebody ever asked for; returns how many tasks there were."""
        statement = delete(Task).where(Task.owner == owner).returning(Task.id)
        return len((await self._session.execute(statement)).all())


class RunnerRepository:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    async def claim(
        self, *, runner: str, kinds: Sequence[str], limit: int, now: datetime, lease_until: datetime
    ) -> list[ClaimedTask]:
        """Takes up to `limit` tasks that are due, the longest waiting first; others' claims are passed over."""
        parameters = {"runner": runner, "kinds": list(kinds), "limit": limit, "now": now, "lease_until": lease_until}
        rows = await self._session.execute(_CLAIM, parameters)
        claimed = sorted(rows.all(), key=lambda row: (row.due_at, row.id))
        return [
            ClaimedTask(
                id=row.id,
                kind=row.kind,
                owner=row.owner,
                input=row.input,
                attempt=row.attempts,
                items_total=row.items_total,
                correlation_id=row.correlation_id,
                traceparent=row.traceparent,
                runner=runner,
            )
            for row in claimed
        ]

    async def take_back(self, *, now: datetime, max_attempts: int, expires_at: datetime) -> list[Row[Any]]:
        """Tasks whose runner is gone wait again; without an attempt left, or with a cancel to obey, they are over."""
        parameters = {"now": now, "max_attempts": max_attempts, "expires_at": expires_at}
        rows = list((await self._session.execute(_TAKE_BACK, parameters)).all())
        await self._session.execute(_cancel_items([row.id for row in rows if row.status != TaskStatus.PENDING]))
        return rows

    async def extend(self, *, runner: str, ids: Sequence[UUID], lease_until: datetime) -> dict[UUID, bool]:
        """Renews the leases that are still the runner's; says of each whether it is to be cancelled."""
        statement = (
            update(Task)
            .where(Task.id == any_(cast(list(ids), ARRAY(Uuid))), Task.runner == runner, Task.status == "RUNNING")
            .values(lease_until=lease_until)
            .returning(Task.id, Task.cancel_requested_by)
        )
        rows = await self._session.execute(statement)
        return {row.id: row.cancel_requested_by is not None for row in rows}

    async def progress(self, task: ClaimedTask, *, fraction: float) -> bool:
        statement = update(Task).where(*_held(task)).values(progress=fraction).returning(Task.id)
        return (await self._session.execute(statement)).one_or_none() is not None

    async def finish_item(self, task: ClaimedTask, ordinal: int, outcome: ItemOutcome, *, now: datetime) -> Row[Any]:
        """Writes what became of an item, once. `held` is false when the task is another's; `counts` are the batch's."""
        failed = outcome.error_code is not None
        parameters = {
            "id": task.id,
            "runner": task.runner,
            "attempt": task.attempt,
            "ordinal": ordinal,
            "now": now,
            "status": ItemStatus.FAILED if failed else ItemStatus.SUCCEEDED,
            "failed": int(failed),
            "result": None if outcome.result is None else to_json(outcome.result).decode(),
            "error_code": outcome.error_code,
            "error_message": outcome.error_message,
            "input_tokens": outcome.input_tokens,
            "output_tokens": outcome.output_tokens,
        }
        return (await self._session.execute(_FINISH_ITEM, parameters)).one()

    async def unfinished(self, task: ClaimedTask, *, after: int, limit: int) -> list[WorkItem]:
        query = (
            select(TaskItem.ordinal, TaskItem.input)
            .where(TaskItem.task_id == task.id, TaskItem.ordinal > after, TaskItem.status == ItemStatus.PENDING)
            .order_by(TaskItem.ordinal)
            .limit(limit)
        )
        return [WorkItem(row.ordinal, row.input) for row in await self._session.execute(query)]

    async def counts(self, task_id: UUID) -> Counts:
        query = select(Task.items_total, Task.items_done, Task.items_failed).where(Task.id == task_id)
        row = (await self._session.execute(query)).one()
        return Counts(row.items_total, row.items_done, row.items_failed)

    async def usage(self, task_id: UUID) -> tuple[int, int]:
        """Tokens of all of a batch's items: read and written."""
        used = select(
            func.coalesce(func.sum(TaskItem.input_tokens), 0), func.coalesce(func.sum(TaskItem.output_tokens), 0)
        )
        row = (await self._session.execute(used.where(TaskItem.task_id == task_id))).one()
        return int(row[0]), int(row[1])

    async def finish(self, task: ClaimedTask, ending: Ending, *, now: datetime, expires_at: datetime) -> Any:
        """Ends the attempt and the task; None when the task is another's by now."""
        progress = 1.0 if ending.status is TaskStatus.SUCCEEDED else Task.progress
        statement = (
            update(Task)
            .where(*_held(task))
            .values(
                status=ending.status,
                result=ending.result,
                error_code=ending.error_code,
                error_message=ending.error_message,
                progress=progress,
                runner=None,
                lease_until=None,
                finished_at=now,
                expires_at=expires_at,
            )
            .returning(*_ENDED)
        )
        row = (await self._session.execute(statement)).one_or_none()
        if row is not None:
            await self._session.execute(_cancel_items([task.id]))
        return row

    async def hand_back(self, task: ClaimedTask, *, due_at: datetime, used_attempt: bool, error: Ending | None) -> bool:
        """The task waits again, until `due_at`."""
        statement = (
            update(Task)
            .where(*_held(task))
            .values(
                status=TaskStatus.PENDING,
                runner=None,
                lease_until=None,
                due_at=due_at,
                attempts=Task.attempts - (0 if used_attempt else 1),
                error_code=error.error_code if error else None,
                error_message=error.error_message if error else None,
            )
            .returning(Task.id)
        )
        return (await self._session.execute(statement)).one_or_none() is not None

    async def forget(self, *, now: datetime, limit: int) -> int:
        """Removes the oldest `limit` tasks that are past their time."""
        old = select(Task.id).where(Task.expires_at < now).order_by(Task.expires_at).limit(limit)
        statement = delete(Task).where(Task.id.in_(old.with_for_update(skip_locked=True))).returning(Task.id)
        return len((await self._session.execute(statement)).all())


_ENDED: Final = (
    *(Task.id, Task.kind, Task.owner, Task.status, Task.items_total, Task.items_failed),
    *(Task.error_code, Task.created_at, Task.finished_at),
)


def _held(task: ClaimedTask) -> tuple[Any, ...]:
    return (
        Task.id == task.id,
        Task.runner == task.runner,
        Task.attempts == task.attempt,
        Task.status == TaskStatus.RUNNING,
    )


def _cancel_items(task_ids: Sequence[UUID]) -> Any:
    """What of these tasks was not done will not be."""
    return (
        update(TaskItem)
        .where(TaskItem.task_id == any_(cast(list(task_ids), ARRAY(Uuid))), TaskItem.status == ItemStatus.PENDING)
        .values(status=ItemStatus.CANCELLED)
        .execution_options(synchronize_session=False)
    )


_ADD_ITEMS: Final = text("""
    INSERT INTO ai.task_items (task_id, ordinal, status, input, input_tokens, output_tokens)
    SELECT :task_id, given.place - 1, 'PENDING', CAST(given.input AS jsonb), 0, 0
    FROM unnest(CAST(:inputs AS text[])) WITH ORDINALITY AS given(input, place)
""").bindparams(bindparam("inputs", type_=ARRAY(Text)))

_REOPEN: Final = text("""
    WITH again AS (
        UPDATE ai.task_items SET status = 'PENDING', error_code = NULL, error_message = NULL, finished_at = NULL
        WHERE task_id = :id AND status IN ('FAILED', 'CANCELLED') RETURNING 1
    )
    UPDATE ai.tasks
    SET status = 'PENDING', attempts = 0, due_at = :now, error_code = NULL, error_message = NULL, result = NULL,
        cancel_requested_by = NULL, finished_at = NULL, expires_at = NULL, items_failed = 0,
        items_done = items_done - items_failed, progress = (items_done - items_failed) / greatest(items_total, 1.0)
    WHERE id = :id AND status IN ('FAILED', 'CANCELLED')
""")

# Materialised: PostgreSQL may otherwise run the sub-select again for each row and lock more than the limit.
_CLAIM: Final[TextClause] = text("""
    WITH due AS MATERIALIZED (
        SELECT id FROM ai.tasks
        WHERE status = 'PENDING' AND due_at <= :now AND kind = ANY (CAST(:kinds AS text[]))
        ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE ai.tasks AS t
    SET status = 'RUNNING', runner = :runner, attempts = t.attempts + 1, lease_until = :lease_until,
        started_at = coalesce(t.started_at, :now), error_code = NULL, error_message = NULL
    FROM due WHERE t.id = due.id
    RETURNING t.id, t.kind, t.owner, t.input, t.attempts, t.items_total, t.correlation_id, t.traceparent,
        t.due_at
""").bindparams(bindparam("kinds", type_=ARRAY(Text)))

_TAKE_BACK: Final = text("""
    WITH lost AS MATERIALIZED (
        SELECT id, CASE WHEN cancel_requested_by IS NOT NULL THEN 'CANCELLED'
                        WHEN attempts >= :max_attempts THEN 'FAILED' ELSE 'PENDING' END AS next
        FROM ai.tasks WHERE status = 'RUNNING' AND lease_until < :now
        ORDER BY lease_until LIMIT 100 FOR UPDATE SKIP LOCKED
    )
    UPDATE ai.tasks AS t
    SET status = lost.next, runner = NULL, lease_until = NULL, due_at = :now,
        error_code = CASE lost.next WHEN 'FAILED' THEN 'TASK_RUNNER_LOST' END,
        error_message = CASE lost.next WHEN 'FAILED' THEN
            'The service that ran this task ended before it, each time; start it again with smaller pieces.' END,
        finished_at = CASE WHEN lost.next <> 'PENDING' THEN CAST(:now AS timestamptz) END,
        expires_at = CASE WHEN lost.next <> 'PENDING' THEN CAST(:expires_at AS timestamptz) END
    FROM lost WHERE t.id = lost.id
    RETURNING t.id, t.kind, t.owner, t.status, t.items_total, t.items_failed, t.error_code, t.created_at, t.finished_at
""")

_FINISH_ITEM: Final = text("""
    WITH held AS MATERIALIZED (
        SELECT id FROM ai.tasks
        WHERE id = :id AND runner = :runner AND attempts = :attempt AND status = 'RUNNING' FOR UPDATE
    ), written AS (
        UPDATE ai.task_items AS i
        SET status = :status, result = CAST(:result AS jsonb), error_code = :error_code,
            error_message = :error_message, input_tokens = :input_tokens, output_tokens = :output_tokens,
            finished_at = :now
        FROM held WHERE i.task_id = held.id AND i.ordinal = :ordinal AND i.status = 'PENDING'
        RETURNING i.task_id
    ), counted AS (
        UPDATE ai.tasks AS t
        SET items_done = t.items_done + 1, items_failed = t.items_failed + :failed,
            progress = least(1.0, (t.items_done + 1.0) / greatest(t.items_total, 1))
        FROM written WHERE t.id = written.task_id
        RETURNING t.items_total, t.items_done, t.items_failed
    )
    SELECT (SELECT count(*) FROM held) > 0 AS held, counted.items_total, counted.items_done, counted.items_failed
    FROM (SELECT 1) AS always LEFT JOIN counted ON true
""")
