"""Wiring of text jobs for HTTP: what is small is answered at once, what is long becomes a task."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel

from ai_svc.settings import Settings
from ai_svc.tasks.public import OVER_CHANNEL, NewTask, TaskRead, TaskService, TaskStatus, enqueue
from ai_svc.texts.exceptions import TooManyItems
from ai_svc.texts.schemas import (
    BatchRead,
    BatchRequest,
    ProcessRead,
    ProcessRequest,
    QaRequest,
    SummarizeRequest,
    SummaryRead,
    TextAnswerRead,
    TextLimits,
)
from ai_svc.texts.service import TextService
from shared_utils.clock import Clock
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, read_transaction, transaction
from shared_utils.logging import correlation_id
from shared_utils.observability.tracing import current_traceparent

OVER = frozenset({TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELLED})
LOOK_SECONDS = 1.0
"""How long a waiting request trusts that it would be told."""

type Single = ProcessRequest | SummarizeRequest | QaRequest


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose request it is and how it wants to be answered."""

    owner: str
    respond_async: bool = False
    key: str | None = None
    reopen: bool = False
    """A task that failed or was cancelled goes on where it was."""


class TextJobs:
    """Answers a request, or makes a task of it."""

    def __init__(
        self, texts: TextService, *, sessionmaker: SessionFactory, listener: Listener, clock: Clock, limits: TextLimits
    ) -> None:
        self._texts = texts
        self._sessionmaker = sessionmaker
        self._listener = listener
        self._clock = clock
        self._limits = limits

    async def process(self, request: ProcessRequest, *, wish: Wish) -> ProcessRead | TaskRead:
        """An instruction or an operation."""
        if self._at_once(request, wish):
            return await self._texts.process(request, user=wish.owner)
        return await self._as_task("text.process", request, ProcessRead, wish)

    async def summarize(self, request: SummarizeRequest, *, wish: Wish) -> SummaryRead | TaskRead:
        """A summary."""
        if self._at_once(request, wish):
            return await self._texts.summarize(request, user=wish.owner)
        return await self._as_task("text.summarize", request, SummaryRead, wish)

    async def qa(self, request: QaRequest, *, wish: Wish) -> TextAnswerRead | TaskRead:
        """An answer."""
        if self._at_once(request, wish):
            return await self._texts.qa(request, user=wish.owner)
        return await self._as_task("text.qa", request, TextAnswerRead, wish)

    async def batch(self, request: BatchRequest, *, wish: Wish) -> BatchRead | TaskRead:
        """Every batch is a task, so that nothing of it is done twice; a small one is waited for."""
        task = await self.queue_batch(request, wish=wish)
        small = len(request.items) <= self._limits.sync_items and _chars(request.items) <= self._limits.sync_chars
        if wish.respond_async or not small:
            return task
        done = await self._wait(task.id, owner=wish.owner)
        if done.status not in OVER:
            return done
        async with read_transaction(self._sessionmaker) as session:
            service = TaskService(session, self._clock, retention_days=0)
            items, _ = await service.items(task.id, by=wish.owner, after=None, limit=len(request.items))
        return BatchRead(task=done, items=items)

    async def queue(self, kind: str, request: Single, *, wish: Wish) -> TaskRead:
        """A task for later. What is wrong with the request is raised now."""
        self._texts.check(request)
        return await self._queue(kind, request.model_dump(mode="json"), (), wish)

    async def queue_batch(self, request: BatchRequest, *, wish: Wish) -> TaskRead:
        """A batch for later; an item that is wrong in itself is refused now, with all the others."""
        if len(request.items) > self._limits.max_items:
            raise TooManyItems(
                f"The batch has {len(request.items)} items; at most {self._limits.max_items} are accepted."
            )
        for item in request.items:
            self._texts.check(item)
        items = [item.model_dump(mode="json") for item in request.items]
        return await self._queue("text.batch", {"kind": request.kind}, items, wish)

    def _at_once(self, request: Single, wish: Wish) -> bool:
        self._texts.check(request)
        if wish.respond_async or wish.key is not None:
            return False
        return len(request.text) <= self._limits.sync_chars or getattr(request, "operation", None) is not None

    async def _as_task[ReadT: BaseModel](
        self, kind: str, request: Single, read: type[ReadT], wish: Wish
    ) -> ReadT | TaskRead:
        task = await self.queue(kind, request, wish=wish)
        if wish.respond_async or len(request.text) > self._limits.sync_chars:
            return task
        done = await self._wait(task.id, owner=wish.owner)
        return read.model_validate(done.result) if done.status is TaskStatus.SUCCEEDED else done

    async def _queue(self, kind: str, given: dict[str, Any], items: Sequence[dict[str, Any]], wish: Wish) -> TaskRead:
        new = NewTask(
            kind=kind,
            owner=wish.owner,
            input=given,
            items=items,
            idempotency_key=wish.key,
            correlation_id=correlation_id(),
            traceparent=current_traceparent(),
            reopen=wish.reopen,
        )
        async with transaction(self._sessionmaker) as session:
            return await enqueue(session, new, clock=self._clock)

    async def _wait(self, task_id: UUID, *, owner: str) -> TaskRead:
        """The task as it is when it is over, or when nobody wants to wait any longer."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.sync_wait_seconds
        async with self._listener.subscribe(OVER_CHANNEL) as wake:
            while True:
                async with read_transaction(self._sessionmaker) as session:
                    task = await TaskService(session, self._clock, retention_days=0).get(task_id, by=owner)
                left = deadline - loop.time()
                if task.status in OVER or left <= 0:
                    return task
                await wake.wait(timeout=min(left, LOOK_SECONDS))


def _chars(items: Sequence[Single]) -> int:
    return sum(len(item.text) for item in items)


def limits_of(settings: Settings) -> TextLimits:
    """The bounds of text jobs that the settings give."""
    return TextLimits(
        max_chars=settings.text_max_chars,
        sync_chars=settings.text_sync_chars,
        sync_items=settings.text_sync_items,
        sync_wait_seconds=settings.text_sync_wait_seconds,
        max_items=settings.text_max_items,
        window_tokens=settings.text_window_tokens,
        max_output_tokens=settings.text_max_output_tokens,
        concurrency=settings.text_concurrency,
        call_seconds=settings.text_call_seconds,
    )


async def text_jobs(request: Request) -> TextJobs:
    state = request.state
    return TextJobs(
        state.texts,
        sessionmaker=state.sessionmaker,
        listener=state.listener,
        clock=state.clock,
        limits=limits_of(state.settings),
    )


async def text_service(request: Request) -> TextService:
    service: TextService = request.state.texts
    return service


Jobs = Annotated[TextJobs, Depends(text_jobs)]
Texts = Annotated[TextService, Depends(text_service)]
