"""The loop that indexes: it claims what is due, builds side by side, and swaps what is ready together."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from ai_svc.database import DATABASE_AWAY
from ai_svc.rag.indexing.building import Builder
from ai_svc.rag.indexing.claims import MAX_ATTEMPTS, Claims, next_due
from ai_svc.rag.indexing.swapping import Swap
from ai_svc.rag.indexing.work import Built, Swapped, Unchanged, Work
from shared_utils.clock import Clock
from shared_utils.db.notify import Wake
from shared_utils.db.session import SessionFactory, WriteSession, read_transaction, transaction
from shared_utils.errors import AppError, Invalid, NotFound, TooLarge, Unavailable
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first

logger = get_logger(__name__)

LEASE: Final = timedelta(seconds=60)
POLL_SECONDS: Final = 5.0
SWAP_AT_ONCE: Final = 4000
"""Passages in one swap, if more wait: a transaction of about a second at the most."""

SWAPS: Final = 2
"""Swaps at once: one's words are counted while the database writes the other's. They never wait for each other."""

SWAP_WHOLE: Final = 500
"""So many passages are not shared among the swaps: what each transaction costs by itself is more."""

FIRST_RETRY: Final = timedelta(seconds=5)
_PERMANENT: Final = (Invalid, NotFound, TooLarge)

type Swapping = Callable[[WriteSession], Swap]


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work
    built: Built
    done: "asyncio.Future[Swapped | None]"


class Swapper:
    """Commits what is ready in groups: alone at once when there is little to do, together when there is much."""

    def __init__(self, sessionmaker: SessionFactory, swapping: Swapping) -> None:
        self._sessionmaker = sessionmaker
        self._swapping = swapping
        self._waiting: list[_Waiting] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def swap(self, work: Work, built: Built) -> Swapped | None:
        """Puts a version in place; None when the document is gone or its lease lost."""
        waiting = _Waiting(work, built, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._tasks = {task for task in self._tasks if not task.done()}
        if len(self._tasks) < SWAPS:
            self._tasks.add(asyncio.create_task(self._drain(), name="swap-documents"))
        return await waiting.done

    async def close(self) -> None:
        """Ends the swaps that are under way; their transactions are rolled back."""
        under_way = list(self._tasks)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _drain(self) -> None:
        while self._waiting:
            group = self._take()
            try:
                results = await self._together(group)
            except Exception as error:  # noqa: BLE001  whatever went wrong is told to those who wait
                await self._one_by_one(group, error)
                continue
            for waiting, result in zip(group, results, strict=True):
                _settle(waiting, result)

    async def _one_by_one(self, group: Sequence[_Waiting], error: Exception) -> None:
        """One of a group may be at fault; the others need not wait for a repair."""
        if len(group) == 1:
            _settle(group[0], error)
            return
        for waiting in group:
            try:
                results = await self._together([waiting])
            except Exception as own:  # noqa: BLE001  see above
                _settle(waiting, own)
            else:
                _settle(waiting, results[0])

    def _take(self) -> list[_Waiting]:
        """A swap's share of what waits: the other one is not to be idle while this one does the rest."""
        share = sum(len(one.built.pieces) for one in self._waiting) // SWAPS
        most = min(max(share, SWAP_WHOLE), SWAP_AT_ONCE)
        group: list[_Waiting] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].built.pieces) <= most):
            waiting = self._waiting.pop(0)
            size += len(waiting.built.pieces)
            group.append(waiting)
        return group

    async def _together(self, group: Sequence[_Waiting]) -> list[Swapped | None]:
        async with transaction(self._sessionmaker) as session:
            return await self._swapping(session).run([(waiting.work, waiting.built) for waiting in group])


class Indexer:
    """Indexes until it is told to stop. Any number of them may run, in any number of processes."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        builder: Builder,
        swapping: Swapping,
        *,
        concurrency: int,
        lease: timedelta = LEASE,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._builder = builder
        self._swapper = Swapper(sessionmaker, swapping)
        self._concurrency = concurrency
        self._lease = lease
        self._running: dict[asyncio.Task[None], Work] = {}
        self._changed = asyncio.Event()

    async def run(self, stop: asyncio.Event, wake: Wake) -> None:
        """Claims whenever there is room and something is due. What is not finished at the end is given back."""
        backoff = Backoff()
        renewing = asyncio.create_task(self._renew(), name="renew-document-leases")
        try:
            while not stop.is_set():
                wake.clear()
                self._changed.clear()
                try:
                    pause = await self._fill()
                    backoff.reset()
                except (SQLAlchemyError, OSError) as error:
                    logger.warning("documents cannot be claimed", extra={"fields": {"error": type(error).__name__}})
                    pause = backoff.next()
                await wait_first(stop, wake, self._changed, timeout=pause)
        finally:
            renewing.cancel()
            await self._give_back()

    async def crash(self) -> None:
        """Ends everything at once and tells nobody, as the end of the process does. For tests."""
        held = list(self._running)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        await self._swapper.close()

    async def run_once(self) -> int:
        """Indexes what is due now, to the end; returns how many documents that were. For tests and benchmarks."""
        count = 0
        while True:
            await self._fill()
            if not self._running:
                return count
            count += len(done := (await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED))[0])
            for task in done:
                task.result()

    async def _fill(self) -> float:
        """Claims for the free places; returns for how many seconds nothing more is to be done."""
        room = self._concurrency - len(self._running)
        if room <= 0:
            return POLL_SECONDS
        async with transaction(self._sessionmaker) as session:
            claimed = await Claims(session).take(most=room, now=self._clock.now(), lease=self._lease)
        for work in claimed:
            task = asyncio.create_task(self._index(work), name=f"index-{work.document_id}")
            self._running[task] = work
            task.add_done_callback(self._finished)
        if len(claimed) == room:
            return POLL_SECONDS  # a place that becomes free wakes the loop
        async with read_transaction(self._sessionmaker) as session:
            due = await next_due(session)
        if due is None:
            return POLL_SECONDS
        return min(max((due - self._clock.now()).total_seconds(), 0.01), POLL_SECONDS)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._running.pop(task, None)
        self._changed.set()

    async def _index(self, work: Work) -> None:
        """One document, from the claim to the swap. Whatever happens to it happens to no other one."""
        try:
            _check_attempts(work)
            result = await self._builder.build(work)
            if isinstance(result, Unchanged):
                async with transaction(self._sessionmaker) as session:
                    await Claims(session).unchanged(work, result, now=self._clock.now())
                return
            swapped = await self._swapper.swap(work, result)
        except Exception as error:  # noqa: BLE001  an error of any kind fails this document and is shown beside it
            await self._fail(work, error)
            return
        fields = {"document_id": str(work.document_id), "swapped": swapped is not None}
        logger.info("document indexed", extra={"fields": fields})

    async def _fail(self, work: Work, error: Exception) -> None:
        code, message, passing = _reason(error)
        fields = {"document_id": str(work.document_id), "code": code, "error": type(error).__name__}
        logger.warning("document not indexed", extra={"fields": fields})
        again = FIRST_RETRY * 4 ** (work.attempts - 1) if passing and work.attempts < MAX_ATTEMPTS else None
        try:
            async with transaction(self._sessionmaker) as session:
                await Claims(session).fail(work, code=code, message=message, now=self._clock.now(), again_in=again)
        except (SQLAlchemyError, OSError) as failed:
            # The lease ends by itself, and the document is tried again.
            logger.warning("the failure was not noted", extra={"fields": fields | {"why": type(failed).__name__}})

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            held = list(self._running.values())
            if not held:
                continue
            try:
                async with transaction(self._sessionmaker) as session:
                    kept = await Claims(session).renew(held, until=self._clock.now() + self._lease)
            except (SQLAlchemyError, OSError) as error:
                logger.warning("leases were not renewed", extra={"fields": {"error": type(error).__name__}})
                continue
            self._abandon(kept)

    def _abandon(self, kept: set[UUID]) -> None:
        """Ends the work on documents that are gone, done or another's."""
        for task, work in list(self._running.items()):
            if work.lease not in kept:
                task.cancel()

    async def _give_back(self) -> None:
        held = dict(self._running)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        await self._swapper.close()
        if held:
            async with transaction(self._sessionmaker) as session:
                await Claims(session).release(list(held.values()), now=self._clock.now())


class IndexingGivenUp(Invalid):
    """The service ended several times while it read this document; have it indexed again once that is mended."""

    code = "INDEXING_GIVEN_UP"


def _check_attempts(work: Work) -> None:
    if work.attempts > MAX_ATTEMPTS:
        raise IndexingGivenUp


def _settle(waiting: _Waiting, result: Swapped | Exception | None) -> None:
    if waiting.done.done():
        return
    if isinstance(result, Exception):
        waiting.done.set_exception(result)
    else:
        waiting.done.set_result(result)


def _reason(error: Exception) -> tuple[str, str, bool]:
    """Code, message for people, and whether it may pass. The message of an error that is not ours may quote content."""
    if isinstance(error, AppError):
        return error.code, error.message, not isinstance(error, _PERMANENT)
    if isinstance(error, DATABASE_AWAY):
        return Unavailable.code, "Something that indexing needs was not there; it is tried again by itself.", True
    return "INDEXING_FAILED", "The document could not be indexed; it is tried again a few times by itself.", True
