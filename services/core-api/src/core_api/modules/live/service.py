"""Live streams: what happens in the system, and the log of one execution, sent to those who watch."""

import asyncio
import json
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, Final, Protocol
from uuid import UUID

import redis.asyncio
from redis.exceptions import RedisError

from core_api.database import LOG_CHANNEL
from core_api.modules.attempts.public import LogLineRead, LogPosition, log_reads_for
from core_api.modules.executions.public import FINAL
from core_api.modules.live.schemas import RESYNC, Announced, LogNews
from core_api.modules.queue.public import ExecutionRead, reads_for
from shared_schemas.events.envelope import event_stream
from shared_utils.clock import Clock
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, read_transaction
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first

logger = get_logger(__name__)

WATCHED: Final = ("execution.", "daily_load.", "worker.", "routine.", "incident.", "deadline.")
BLOCK_MILLISECONDS: Final = 5000
UNWATCHED_SECONDS: Final = 1.0
WAITING_EVENTS: Final = 500
"""Events kept for a reader who does not keep up; with more, the reader is told to resync."""
LOG_PAGE: Final = 500
LOG_POLL_SECONDS: Final = 1.0
LONGEST_STREAM: Final = timedelta(minutes=15)
"""A stream ends after this time, and its reader comes back with a fresh token: access that was withdrawn ends."""


class Subscriber:
    """A reader of the feed. One that falls behind loses its backlog and gets `RESYNC` instead."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Announced] = asyncio.Queue(WAITING_EVENTS)

    def put(self, event: Announced) -> None:
        if self._events.full():
            while not self._events.empty():
                self._events.get_nowait()
            self._events.put_nowait(RESYNC)
        self._events.put_nowait(event)

    async def next(self) -> Announced:
        return await self._events.get()


class EventFeed:
    """Reads the event streams once per process, without a group, and passes every event to all readers."""

    def __init__(self, client: redis.asyncio.Redis, event_types: list[str]) -> None:
        self._redis = client
        self._streams = [event_stream(name) for name in event_types if name.startswith(WATCHED)]
        self._subscribers: set[Subscriber] = set()
        self._joined = asyncio.Event()

    @contextmanager
    def subscribe(self) -> Iterator[Subscriber]:
        """A reader of everything that happens from now on."""
        subscriber = Subscriber()
        self._subscribers.add(subscriber)
        self._joined.set()
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    async def run(self, stop: asyncio.Event) -> None:
        """Reads until `stop` is set. After an outage of Redis it goes on where it was.

        While nobody watches, events are not read, only passed over: a reader who comes gets those of the last moment.
        """
        backoff = Backoff(maximum=1.0)
        position: dict[str, str] = {}
        while not stop.is_set():
            try:
                if not position or not self._subscribers:
                    position = await self._newest()
                if not self._subscribers:
                    self._joined.clear()
                    await wait_first(stop, self._joined, timeout=UNWATCHED_SECONDS)
                    continue
                for stream, entries in await self._read(position):
                    position[stream] = entries[-1][0]
                    for _, fields in entries:
                        self.announce(fields)
                backoff.reset()
            except (RedisError, OSError) as error:
                logger.warning("the event feed lost Redis", extra={"fields": {"error": repr(error)}})
                await wait_first(stop, timeout=backoff.next())

    async def _read(self, position: dict[str, str]) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
        # redis-py's annotation covers every protocol and option at once; with decoded answers it is this.
        wanted: Any = position
        found: Any = await self._redis.xread(wanted, block=BLOCK_MILLISECONDS, count=1000)
        return found or []

    async def _newest(self) -> dict[str, str]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for stream in self._streams:
                pipeline.xrevrange(stream, count=1)
            newest = await pipeline.execute()
        return {stream: found[0][0] if found else "0-0" for stream, found in zip(self._streams, newest, strict=True)}

    def announce(self, fields: dict[str, str]) -> None:
        """Passes the event of a stream's entry to every reader."""
        try:
            envelope = json.loads(fields["data"])
            event = Announced(envelope["event_id"], envelope["event_type"], json.dumps(envelope["payload"]))
        except (KeyError, TypeError, ValueError):
            logger.warning("an entry of an event stream is no event and was passed over")
            return
        for subscriber in self._subscribers:
            subscriber.put(event)


@asynccontextmanager
async def running_feed(feed: EventFeed) -> AsyncIterator[EventFeed]:
    """The feed, reading in the background."""
    stop = asyncio.Event()
    task = asyncio.create_task(feed.run(stop), name="event-feed")
    try:
        yield feed
    finally:
        stop.set()
        # The read may block for seconds yet; nothing is lost by leaving it.
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def watch_events(feed: EventFeed, *, stop: asyncio.Event, clock: Clock) -> AsyncIterator[Announced]:
    """Everything that happens, until the process stops or the stream has lasted long enough."""
    until = clock.now() + LONGEST_STREAM
    with feed.subscribe() as subscriber:
        while (event := await _next_before(subscriber, until=until, stop=stop, clock=clock)) is not None:
            yield event


async def _next_before(
    subscriber: Subscriber, *, until: datetime, stop: asyncio.Event, clock: Clock
) -> Announced | None:
    remaining = (until - clock.now()).total_seconds()
    if remaining <= 0 or stop.is_set():
        return None
    waits = {asyncio.create_task(subscriber.next()), asyncio.create_task(stop.wait())}
    try:
        done, _ = await asyncio.wait(waits, timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
        results = [task.result() for task in done]
    finally:
        for task in waits:
            task.cancel()
    return next((result for result in results if isinstance(result, Announced)), None)


class Names(Protocol):
    """Payloads of notifications that came since the last look."""

    def take(self) -> list[str]: ...


class LogFollower:
    """Follows one execution's log: what is there, then what comes, until the execution is final and all is sent.

    Every look is a short transaction of its own, so that a reader holds no connection while nothing happens.
    """

    def __init__(self, sessionmaker: SessionFactory, listener: Listener, clock: Clock, *, stop: asyncio.Event) -> None:
        self._sessionmaker = sessionmaker
        self._listener = listener
        self._clock = clock
        self._stop = stop

    async def follow(self, execution_id: UUID, *, after: LogPosition) -> AsyncIterator[LogNews]:
        """The news of one execution, in order, from after a position on."""
        until = self._clock.now() + LONGEST_STREAM
        shown: dict[str, Any] | None = None
        async with self._listener.subscribe(LOG_CHANNEL) as wake:
            while not self._stop.is_set() and self._clock.now() < until:
                wake.clear()
                execution, lines = await self._look(execution_id, after)
                for line in lines:
                    after = LogPosition(line.attempt, line.seq)
                    yield LogNews("line", f"{line.attempt}:{line.seq}", line)
                if len(lines) == LOG_PAGE:
                    continue
                if (visible := _visible(execution)) != shown:
                    shown = visible
                    yield LogNews("status", None, execution)
                if execution.status in FINAL:
                    yield LogNews("end", None, {"status": execution.status})
                    return
                await self._wait(wake, execution_id)

    async def _look(self, execution_id: UUID, after: LogPosition) -> tuple[ExecutionRead, list[LogLineRead]]:
        # The status first: lines that were written before the end are then seen with it.
        async with read_transaction(self._sessionmaker) as session:
            execution = await reads_for(session, clock=self._clock).get(execution_id)
            lines = await log_reads_for(session).after(execution_id, after, limit=LOG_PAGE)
        return execution, lines

    async def _wait(self, wake: Any, execution_id: UUID) -> None:
        """Until something is told about this execution; others' news wake us too, and are slept through."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LOG_POLL_SECONDS
        while (remaining := until - loop.time()) > 0 and not self._stop.is_set():
            woken = await wait_first(wake, self._stop, timeout=remaining)
            names = wake.take()
            # A reconnected listener wakes us without a name: anything may have happened meanwhile.
            if not woken or not names or any(str(execution_id) in name for name in names):
                return


def _visible(execution: ExecutionRead) -> dict[str, Any]:
    """What of an execution is worth telling when it changes; its duration alone is not."""
    return execution.model_dump(exclude={"duration_seconds"})


@contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` as soon as the process is asked to end, before the server waits for its open streams.

    The server's own handlers stay in charge; where there are none, none are put in.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    previous = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)
        handler = previous[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    chained = [number for number, handler in previous.items() if callable(handler)]
    for number in chained:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in chained:
            signal.signal(number, previous[number])
