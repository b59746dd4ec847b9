"""Runs: what a client streams goes on without it for a while, and can be taken up again where it was lost.

A run's events are a small Redis stream, so any replica can show any run. Each run has exactly one terminal event, also
when its process dies: whoever follows a run whose heart has stopped writes the end, once.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import redis.asyncio
from redis.exceptions import RedisError, ResponseError

from shared_utils.errors import NotFound
from shared_utils.logging import get_logger

logger = get_logger(__name__)

KEPT_SECONDS: Final = 120
HEART_SECONDS: Final = 3.0
HEART_STOPPED_SECONDS: Final = 15
ABANDONED_SECONDS: Final = 60
"""Without anybody following for so long, a run is stopped: nobody will read what it costs."""
BLOCK_MILLISECONDS: Final = 1000
HANDED_OVER_SECONDS: Final = 8.0
"""So long a process that ends lets an answer of its own go on; shorter than the server's grace time."""
MOST_EVENTS: Final = 20_000
TERMINAL: Final = frozenset({"done", "error"})
LOST: Final = {"code": "RUN_LOST", "message": "The process that was answering has ended; ask again."}

STOPPED: Final = {"code": "RUN_STOPPED", "message": "The answer was stopped."}


class RunNotFound(NotFound):
    """There is no such run, or it ended more than two minutes ago: ask again."""

    code = "RUN_NOT_FOUND"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One event of a run. `seq` counts from 1 without gaps; `done` and `error` are terminal."""

    seq: int
    name: str
    data: dict[str, Any]


def _events(run_id: UUID) -> str:
    return f"ai:run:{{{run_id}}}:events"


def _owner(run_id: UUID) -> str:
    return f"ai:run:{{{run_id}}}:owner"


def _heart(run_id: UUID) -> str:
    return f"ai:run:{{{run_id}}}:heart"


def _watched(run_id: UUID) -> str:
    return f"ai:run:{{{run_id}}}:watched"


def _stopped(run_id: UUID) -> str:
    return f"ai:run:{{{run_id}}}:stopped"


class Runs:
    """All runs. `waiting` is a client for blocking reads.

    Once `leaving` is set the process is about to end: followers of a run of another process leave at once, those of a
    run of this one after `HANDED_OVER_SECONDS`. Their stream ends in order, without a terminal event, and is taken up
    elsewhere.
    """

    def __init__(
        self, client: redis.asyncio.Redis, waiting: redis.asyncio.Redis, *, leaving: asyncio.Event | None = None
    ) -> None:
        self._redis: Any = client
        self._waiting: Any = waiting
        self._mine: dict[UUID, asyncio.Task[None]] = {}
        self._leaving = leaving or asyncio.Event()
        self._closing = False

    async def begin(self, run_id: UUID, *, owner: str, produced: AsyncIterator[tuple[str, dict[str, Any]]]) -> None:
        """Starts a run in the background; its events can be followed from now on."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(_owner(run_id), owner, ex=KEPT_SECONDS)
            pipeline.set(_heart(run_id), "1", ex=HEART_STOPPED_SECONDS)
            pipeline.set(_watched(run_id), "1", ex=ABANDONED_SECONDS)
            await pipeline.execute()
        task = asyncio.create_task(self._run(run_id, produced), name=f"run-{run_id}")
        self._mine[run_id] = task
        task.add_done_callback(lambda _: self._mine.pop(run_id, None))

    async def close(self) -> None:
        """Ends the runs of this process; their followers are told."""
        self._closing = True
        tasks = list(self._mine.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self, run_id: UUID, *, owner: str) -> None:
        """Ends a run because its owner says so. Raises `RunNotFound`."""
        await self.check_owner(run_id, owner)
        task = self._mine.get(run_id)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        else:
            # Another replica has it: its heart looks here at each beat.
            await self._redis.set(_stopped(run_id), "1", ex=KEPT_SECONDS)

    async def erase(self, owner: str) -> int:
        """Ends and forgets every run of a person; returns how many there were.

        One that another replica writes ends within `HEART_SECONDS`; nobody can follow it from now on, and what it
        still writes is gone after `KEPT_SECONDS` as everything here.
        """
        keys = [key async for key in self._redis.scan_iter(match="ai:run:*:owner", count=1000)]
        owners = [await self._redis.get(key) for key in keys]  # one by one: on a cluster they are in many places
        mine = [key for key, one in zip(keys, owners, strict=True) if one == owner]
        for run_id in (UUID(key.removeprefix("ai:run:{").removesuffix("}:owner")) for key in mine):
            with contextlib.suppress(RunNotFound):  # it ended by itself meanwhile
                await self.stop(run_id, owner=owner)
            await self._redis.unlink(_events(run_id), _owner(run_id))
        return len(mine)

    async def follow(self, run_id: UUID, *, owner: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """Events after `after` until the terminal one, or until this process leaves. Raises `RunNotFound`."""
        await self.check_owner(run_id, owner)
        until: float | None = None
        while True:
            if self._leaving.is_set():
                now = asyncio.get_running_loop().time()
                until = until or now + (HANDED_OVER_SECONDS if run_id in self._mine else 0)
                if now >= until:
                    return
            await self._redis.set(_watched(run_id), "1", ex=ABANDONED_SECONDS)
            found = await self._waiting.xread({_events(run_id): f"{after}-1"}, block=BLOCK_MILLISECONDS, count=500)
            entries = found[0][1] if found else []
            for entry_id, fields in entries:
                event = RunEvent(int(entry_id.partition("-")[0]), fields["name"], json.loads(fields["data"]))
                after = event.seq
                yield event
                if event.name in TERMINAL:
                    return
            if not entries and not await self._redis.exists(_heart(run_id)):
                await self._write_end(run_id, LOST)

    async def check_owner(self, run_id: UUID, owner: str) -> None:
        """Raises `RunNotFound` when the run is somebody else's, too."""
        if await self._redis.get(_owner(run_id)) != owner:
            raise RunNotFound

    async def _write_end(self, run_id: UUID, error: dict[str, str]) -> None:
        """Ends a run that has no end yet."""
        newest = await self._redis.xrevrange(_events(run_id), count=1)
        if newest and newest[0][1]["name"] in TERMINAL:
            return
        seq = int(newest[0][0].partition("-")[0]) if newest else 0
        # Redis refuses an id that is not greater than the last one: only one end gets in.
        with contextlib.suppress(ResponseError):
            await self._append(run_id, seq, [("error", error)])

    async def _append(self, run_id: UUID, seq: int, events: Sequence[tuple[str, dict[str, Any]]]) -> int:
        key = _events(run_id)
        async with self._redis.pipeline(transaction=True) as pipeline:
            for name, data in events:
                seq += 1
                fields = {"name": name, "data": json.dumps(data, ensure_ascii=False)}
                pipeline.xadd(key, fields, id=f"{seq}-1")
            pipeline.expire(key, KEPT_SECONDS)
            pipeline.expire(_owner(run_id), KEPT_SECONDS)
            await pipeline.execute()
        return seq

    async def _run(self, run_id: UUID, produced: AsyncIterator[tuple[str, dict[str, Any]]]) -> None:
        """Writes what is produced in bunches, and the end whatever happens."""
        queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(maxsize=1000)
        maker = asyncio.create_task(_make(produced, queue), name=f"make-{run_id}")
        heart = asyncio.create_task(self._beat(run_id, maker), name=f"heart-{run_id}")
        seq = 0
        try:
            ended = False
            while not ended:
                bunch = [await queue.get()]
                while not queue.empty():
                    bunch.append(queue.get_nowait())
                ended = bunch[-1][0] in TERMINAL
                seq = await _unbroken(self._append(run_id, seq, bunch))
        except asyncio.CancelledError:
            # First what produces: closing it is what ends the call at the provider.
            maker.cancel()
            await asyncio.gather(maker, return_exceptions=True)
            with contextlib.suppress(RedisError, OSError):
                await self._write_end(run_id, LOST if self._closing else STOPPED)
            raise
        except (RedisError, OSError):
            logger.exception("a run's events could not be written", extra={"fields": {"run_id": str(run_id)}})
        finally:
            for task in (maker, heart):
                task.cancel()
            await asyncio.gather(maker, heart, return_exceptions=True)

    async def _beat(self, run_id: UUID, maker: asyncio.Task[None]) -> None:
        """Says that the run lives, and ends it when nobody follows it any more or its owner stopped it."""
        while not maker.done():
            await asyncio.sleep(HEART_SECONDS)
            try:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    pipeline.set(_heart(run_id), "1", ex=HEART_STOPPED_SECONDS)
                    pipeline.exists(_watched(run_id))
                    pipeline.exists(_stopped(run_id))
                    _, watched, stopped = await pipeline.execute()
            except (RedisError, OSError):
                continue  # the writer finds out, and says so
            if stopped or not watched:
                task = self._mine.get(run_id)
                if task is not None:
                    task.cancel()


async def _unbroken[T](work: Awaitable[T]) -> T:
    """Waits for `work` to its end also when the waiting is cancelled: half a bunch must not be written later."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


async def _make(
    produced: AsyncIterator[tuple[str, dict[str, Any]]], queue: asyncio.Queue[tuple[str, dict[str, Any]]]
) -> None:
    """Puts what is produced into the queue, and an error after it when the end does not come by itself."""
    ended = False
    try:
        count = 0
        async for event in produced:
            count += 1
            await queue.put(event)
            ended = event[0] in TERMINAL
            if ended:
                break
            if count >= MOST_EVENTS:
                break
    except asyncio.CancelledError:
        raise
    except Exception:
        logger.exception("a run failed")
    finally:
        # Closing what produces reaches the provider: nothing goes on that nobody reads.
        closing: Any = getattr(produced, "aclose", None)
        if closing is not None:
            await closing()
    if not ended:
        await queue.put(("error", {"code": "INTERNAL_ERROR", "message": "The answer broke off; ask again."}))
