"""Events start routines (DESIGN, E2): which event starts which routine, and the loop that listens."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import redis.asyncio
from pydantic import ValidationError

from core_api.database import INBOX
from core_api.modules.business_days.public import OutsideCoverage
from core_api.modules.daily_loads.public import fields_when_asked
from core_api.modules.executions.public import EnqueueResult, NewExecution, to_millisecond
from core_api.modules.planning.public import Plan
from core_api.modules.reactions.schemas import Happening
from core_api.modules.routines.public import PlannedRoutine, RoutineSnapshot, Watcher
from core_api.modules.schedulers.public import LogEvent, Note
from shared_schemas.events.envelope import event_stream
from shared_schemas.events.executions import ExecutionEvent
from shared_schemas.events.operations import DatasetLoaded, FileArrived
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, WriteSession, read_transaction
from shared_utils.messaging.consumer import StreamConsumer, StreamMessage

GROUP: Final = "core-reactions"
WATCH_SECONDS: Final = 2.0
"""How soon every scheduler knows a new trigger: what happens in these seconds after it was saved may pass it by."""
CLAIM_SECONDS: Final = 15.0
MAX_CHAIN: Final = 100
"""How often one chain of events may start a routine in a day: a loop over data sets or files ends there."""
STATUS_OF: Final = {
    "execution.succeeded": "SUCCEEDED",
    "execution.failed": "FAILED",
    "execution.cancelled": "CANCELLED",
    "execution.skipped": "SKIPPED",
}
DATASET_LOADED: Final = DatasetLoaded.event_type
FILE_ARRIVED: Final = FileArrived.event_type


class Queue(Protocol):
    """What reactions need of their neighbours, within one transaction."""

    async def plan(self, routine_ids: Sequence[UUID]) -> Plan: ...
    async def enqueue(self, new: Sequence[NewExecution], *, now: datetime) -> EnqueueResult: ...
    async def started_in_chain(
        self, routine_ids: Sequence[UUID], *, correlation_id: str, since: datetime
    ) -> dict[UUID, int]: ...
    async def note(self, notes: Sequence[Note], *, now: datetime) -> None: ...


def event_types_of(watchers: Sequence[Watcher]) -> frozenset[str]:
    """The types of events for which somebody waits."""
    wanted = set[str]()
    for watcher in watchers:
        match watcher.trigger["on"]:
            case "execution":
                wanted |= {kind for kind, status in STATUS_OF.items() if status in watcher.trigger["statuses"]}
            case "dataset":
                wanted.add(DATASET_LOADED)
            case "file":
                wanted.add(FILE_ARRIVED)
    return frozenset(wanted)


def matches(watcher: Watcher, event: Happening) -> bool:
    """Whether an event is one that a routine waits for, and not older than its waiting."""
    trigger = watcher.trigger
    if event.occurred_at < watcher.since:
        return False
    match trigger["on"]:
        case "execution":
            return event.routine_id == UUID(trigger["routine"]) and event.status in trigger["statuses"]
        case "dataset":
            return bool(event.dataset == trigger["dataset"])
        case "file" if event.file is not None:
            # Of fnmatch's signs only * and ? are ours, and names differ in more than their case.
            return fnmatchcase(event.file.casefold(), trigger["pattern"].casefold().replace("[", "[[]"))
    return False


class ReactionService:
    """Starts the routines that wait for an event."""

    def __init__(self, queue: Queue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock

    async def react(self, event: Happening, watchers: Sequence[Watcher]) -> list[UUID]:
        """Puts an execution of each routine that waits for the event into the queue; returns their ids.

        The same event again gives the same executions. The business date is the event's own; a routine whose day group
        leaves that date out does not run, which is noted.
        """
        wanted = [watcher.routine_id for watcher in watchers if matches(watcher, event)]
        if not wanted:
            return []
        now = self._clock.now()
        plan = await self._queue.plan(wanted)
        since = event.occurred_at.replace(hour=0, minute=0, second=0, microsecond=0)
        chain = await self._queue.started_in_chain(wanted, correlation_id=event.correlation_id, since=since)
        new, notes = list[NewExecution](), list[Note]()
        for routine in plan.routines:
            answer = self._execution(plan, routine, event, now=now, started=chain.get(_id(routine), 0))
            if isinstance(answer, NewExecution):
                new.append(answer)
            else:
                notes.append(answer)
        await self._queue.enqueue(new, now=now)
        await self._queue.note(notes, now=now)
        return [execution.id for execution in new]

    def _execution(
        self, plan: Plan, routine: PlannedRoutine, event: Happening, *, now: datetime, started: int
    ) -> NewExecution | Note:
        snapshot = RoutineSnapshot(**routine.snapshot)
        zone = ZoneInfo(snapshot.time_zone)
        business_date = event.business_date or event.occurred_at.astimezone(zone).date()
        if started >= MAX_CHAIN:
            return _passed_over(snapshot, event, business_date, "LOOP", f"its own chain started it {started} times")
        try:
            if not plan.has_date(snapshot.routine_id, business_date):
                return _passed_over(snapshot, event, business_date, "DAY_GROUP", "its day group leaves the date out")
            edges = plan.edges_when_asked(snapshot.routine_id, business_date)
        except OutsideCoverage as error:
            return _passed_over(snapshot, event, business_date, error.code, error.message)
        return NewExecution(
            **fields_when_asked(snapshot, edges),
            slot=to_millisecond(event.occurred_at),
            business_date=business_date,
            origin="event",
            run_key=event.event_id.hex,
            due_at=now,
            cause=event.cause,
            correlation_id=event.correlation_id,
            traceparent=event.traceparent,
        )


def _passed_over(snapshot: RoutineSnapshot, event: Happening, day: date, reason: str, why: str) -> Note:
    return Note(
        event=LogEvent.EVENT_PASSED_OVER,
        level="WARNING" if reason == "LOOP" else "INFO",
        message=f"{event.event_type} did not start routine {snapshot.routine_name} for {day}: {why}.",
        fields={
            "routine_id": str(snapshot.routine_id),
            "event_id": str(event.event_id),
            "business_date": day.isoformat(),
            "reason": reason,
        },
    )


def _id(routine: PlannedRoutine) -> UUID:
    found: UUID = routine.snapshot["routine_id"]
    return found


# --- the scheduler's loop --------------------------------------------------------------------------------------------


class EventLoop:
    """Hands events to the routines that wait for them. Without any such routine it reads nothing at all."""

    name: Final = "events"

    def __init__(
        self,
        sessionmaker: SessionFactory,
        streams: redis.asyncio.Redis,
        *,
        consumer: str,
        watchers: Callable[[WriteSession], Awaitable[Sequence[Watcher]]],
        service_for: Callable[[WriteSession], ReactionService],
        block_ms: int = 1000,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._streams = streams
        self._name = consumer
        self._read_watchers = watchers
        self._service_for = service_for
        self._block_ms = block_ms
        self._watchers: Sequence[Watcher] = ()
        self._read_at: float | None = None
        self._types: frozenset[str] = frozenset()
        self._consumer: StreamConsumer | None = None
        self._claim_at = 0.0

    async def step(self) -> float:
        """Waits for events and handles them. Returns at once for the next ones, or when to look for routines again."""
        await self._look()
        if not self._types:
            return WATCH_SECONDS
        try:
            consumer = self._consumer or await self._begin()
            if time.monotonic() >= self._claim_at:
                self._claim_at = time.monotonic() + CLAIM_SECONDS
                await consumer.claim_abandoned()
            await consumer.consume_new()
        except BaseException:
            self._consumer = None  # the groups may be gone, and what was delivered meanwhile is read again
            raise
        return 0.0

    async def _look(self) -> None:
        if self._read_at is not None and time.monotonic() - self._read_at < WATCH_SECONDS:
            return
        async with read_transaction(self._sessionmaker) as session:
            self._watchers = await self._read_watchers(WriteSession(session))
        self._read_at = time.monotonic()
        types = event_types_of(self._watchers)
        if types != self._types:
            self._types, self._consumer = types, None

    async def _begin(self) -> StreamConsumer:
        self._consumer = StreamConsumer(
            self._streams,
            group=GROUP,
            consumer=self._name,
            streams=[event_stream(name) for name in sorted(self._types)],
            handler=self._handle,
            sessionmaker=self._sessionmaker,
            inbox=INBOX,
            block_ms=self._block_ms,
            wanted=self._is_wanted,
        )
        await self._consumer.create_groups()
        await self._consumer.consume_pending()
        return self._consumer

    def _is_wanted(self, message: StreamMessage) -> bool:
        try:
            event = happening_of(message)
        except ValidationError:
            return True  # the handler fails on it, too, and then it is put aside with its error
        return any(matches(watcher, event) for watcher in self._watchers)

    async def _handle(self, session: WriteSession, message: StreamMessage) -> None:
        await self._service_for(session).react(happening_of(message), self._watchers)


def happening_of(message: StreamMessage) -> Happening:
    """An event as far as it can start routines. Raises `ValidationError` when it is not what its type promises."""
    envelope = message.envelope
    common: dict[str, Any] = {
        "event_id": envelope.event_id,
        "event_type": envelope.event_type,
        "occurred_at": envelope.occurred_at,
        "correlation_id": envelope.correlation_id,
        "traceparent": envelope.traceparent,
    }
    known = {"type": "event", "event_type": envelope.event_type, "event_id": str(envelope.event_id)}
    if envelope.event_type == DATASET_LOADED:
        loaded = message.read(DatasetLoaded)
        cause = known | loaded.model_dump(mode="json")
        return Happening(**common, business_date=loaded.reference_date, dataset=loaded.dataset, cause=cause)
    if envelope.event_type == FILE_ARRIVED:
        arrived = message.read(FileArrived)
        cause = known | arrived.model_dump(mode="json")
        return Happening(**common, business_date=arrived.reference_date, file=arrived.name, cause=cause)
    ended = message.read(ExecutionEvent)
    status = STATUS_OF[envelope.event_type]
    cause = known | {"status": status} | ended.model_dump(mode="json", include=set(_TOLD))
    return Happening(
        **common, business_date=ended.business_date, routine_id=ended.routine_id, status=status, cause=cause
    )


_TOLD: Final = ("execution_id", "routine_id", "routine_name", "business_date", "slot")
