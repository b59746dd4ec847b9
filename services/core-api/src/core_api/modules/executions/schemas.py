"""The state machine and the values that travel between the queue and those who work on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LOW_BITS: Final = (1 << 62) - 1


class Status(StrEnum):
    PENDING = "PENDING"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    RECOVERY = "RECOVERY"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"


class Move(StrEnum):
    """What may happen to an execution. Every statement that writes a status is one of these."""

    QUEUE = "queue"
    RECALL = "recall"
    CLAIM = "claim"
    SUCCEED = "succeed"
    FAIL = "fail"
    RETRY_LATER = "retry_later"
    HAND_BACK = "hand_back"
    LOSE = "lose"
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    CONFIRM_CANCEL = "confirm_cancel"
    SKIP = "skip"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Transition:
    """From where a move may start, where it ends, and who makes it."""

    sources: frozenset[Status]
    target: Status
    made_by: str
    meaning: str


def _move(*sources: Status, to: Status, by: str, meaning: str) -> Transition:
    return Transition(frozenset(sources), to, by, meaning)


TRANSITIONS: Final[Mapping[Move, Transition]] = MappingProxyType(
    {
        Move.QUEUE: _move(
            Status.PENDING,
            Status.RECOVERY,
            to=Status.QUEUED,
            by="dispatcher",
            meaning="everything it waits for is there",
        ),
        Move.RECALL: _move(
            Status.QUEUED, to=Status.PENDING, by="dispatcher", meaning="unclaimed, and more urgent work needs its place"
        ),
        Move.CLAIM: _move(
            Status.QUEUED, to=Status.RUNNING, by="worker", meaning="compare-and-set; attempt + 1, a lease"
        ),
        Move.SUCCEED: _move(Status.RUNNING, to=Status.SUCCEEDED, by="worker", meaning="finished"),
        Move.FAIL: _move(
            Status.RUNNING, to=Status.FAILED, by="worker", meaning="permanent error, or no attempt is left"
        ),
        Move.RETRY_LATER: _move(
            Status.RUNNING,
            to=Status.PENDING,
            by="worker",
            meaning="transient error or timeout; due again after the backoff",
        ),
        Move.HAND_BACK: _move(
            Status.RUNNING, to=Status.PENDING, by="worker", meaning="the worker is stopping; no attempt is used up"
        ),
        Move.LOSE: _move(
            Status.RUNNING, to=Status.RECOVERY, by="sweep", meaning="the lease ran out; it will run again elsewhere"
        ),
        Move.GIVE_UP: _move(
            Status.RUNNING, Status.RECOVERY, to=Status.FAILED, by="sweep", meaning="its worker was lost too often"
        ),
        Move.CANCEL: _move(
            *(Status.PENDING, Status.QUEUED, Status.RECOVERY),
            to=Status.CANCELLED,
            by="person",
            meaning="nothing runs yet",
        ),
        Move.CONFIRM_CANCEL: _move(
            Status.RUNNING,
            to=Status.CANCELLED,
            by="worker or sweep",
            meaning="asked to stop, and nothing runs any more",
        ),
        Move.SKIP: _move(Status.PENDING, to=Status.SKIPPED, by="scheduler", meaning="will not run, and says why"),
        Move.REOPEN: _move(
            *(Status.FAILED, Status.CANCELLED, Status.SKIPPED),
            to=Status.PENDING,
            by="person",
            meaning="try again, with all attempts anew",
        ),
    }
)
"""The state machine. Statements take their sources and targets from here; `.docs/state-machine.md` shows it."""

FINAL: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.SKIPPED})
WAITING: Final = TRANSITIONS[Move.QUEUE].sources


@cache
def sources_of(move: Move) -> tuple[str, ...]:
    """The statuses from which `move` is legal, as a statement's parameter."""
    return tuple(sorted(TRANSITIONS[move].sources))


def target_of(move: Move) -> str:
    """The status in which `move` ends."""
    return TRANSITIONS[move].target.value


def bind(move: Move, **parameters: Any) -> dict[str, Any]:
    """Parameters of a statement that makes `move`: its sources and target, and the statement's own."""
    return {"sources": sources_of(move), "target": target_of(move), **parameters}


def is_legal(move: Move, status: str) -> bool:
    """Whether `move` may start from `status`."""
    return status in TRANSITIONS[move].sources


def execution_id(routine_id: UUID, slot: datetime, run_key: str = "") -> UUID:
    """The id of an execution: a version 8 UUID of the slot's milliseconds and a hash of routine, slot and run key.

    The primary key is thereby the ledger of slots (E1: nothing twice) although the table is partitioned by time.
    """
    milliseconds = (slot - _EPOCH) // _MILLISECOND
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError(f"slot {slot.isoformat()} is outside of what an execution id can hold")
    digest = sha256(routine_id.bytes + milliseconds.to_bytes(8) + run_key.encode()).digest()
    bits = int.from_bytes(digest[:10])
    return UUID(
        int=(milliseconds << 80) | (0x8 << 76) | ((bits >> 62 & 0xFFF) << 64) | (0b10 << 62) | (bits & _LOW_BITS)
    )


def first_id(instant: datetime) -> UUID:
    """The lowest id that an execution whose slot is this instant can have: ids are in the order of slots."""
    return UUID(int=((instant - _EPOCH) // _MILLISECOND) << 80)


def to_millisecond(instant: datetime) -> datetime:
    """`instant` as a slot: ids carry milliseconds, so finer time would not survive."""
    return instant - (instant - _EPOCH) % _MILLISECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExecution:
    """An execution to be written, with a snapshot of everything that its run needs of its routine."""

    routine_id: UUID
    routine_name: str
    title: str
    slot: datetime
    business_date: date
    job: str
    params: Mapping[str, Any]
    queue: str
    priority: int
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    depends_on: tuple[UUID, ...]
    max_attempts: int
    max_recoveries: int
    retry: Mapping[str, Any]
    timeout_seconds: int | None
    tags: tuple[str, ...] = ()
    catch_up: str = "latest"
    misfire_grace_seconds: int | None = None
    coalesce: bool = False
    cancel_grace_seconds: int = 10
    upstream_dates: tuple[date, ...] | None = None
    """Parallel to `depends_on`; None means the business date itself for each."""
    upstream_rules: tuple[str, ...] | None = None
    """Parallel to `depends_on`: "on_failure on_skip"; None means "wait skip" for each."""
    skip_reason: str | None = None
    """Written as SKIPPED for this reason: the ledger says that it was planned, and why it does not run."""
    backfill_id: UUID | None = None
    cause: Mapping[str, Any] | None = None
    origin: str = "schedule"
    run_key: str = ""
    due_at: datetime | None = None
    correlation_id: str | None = None
    traceparent: str | None = None
    requested_by: str | None = None
    created_at: datetime | None = None
    """Only of an execution that was in the queue before: since when; else now."""

    @property
    def id(self) -> UUID:
        return execution_id(self.routine_id, self.slot, self.run_key)


@dataclass(frozen=True, slots=True)
class Series:
    """Executions that differ in their slots only: `execution` on each of `slots` instead of its own."""

    execution: NewExecution
    slots: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An execution that was taken out of the queue untouched."""

    id: UUID
    routine_id: UUID
    business_date: date
    slot: datetime
    created_at: datetime
    requested_by: str | None


@dataclass(frozen=True, slots=True)
class EnqueueResult:
    created: int
    already_there: int


@dataclass(frozen=True, slots=True)
class Identity:
    """What every event says about an execution. Fields stand in the order of the statements' columns."""

    id: UUID
    routine_id: UUID
    routine_name: str
    job: str
    business_date: date
    slot: datetime
    origin: str
    attempt: int
    correlation_id: str
    traceparent: str | None
    """Of whoever asked for the run; a scheduled one has its own trace, see `trace_of`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A waiting execution for which everything but room is there."""

    id: UUID
    routine_id: UUID
    queue: str
    priority: int
    slot: datetime
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    business_date: date
    backfill_id: UUID | None = None
    verdict: int = 0
    """What its dependencies say; see `Verdict`."""
    missed: bool = False
    """Nobody could have started it within its grace (E11)."""
    overtaken: bool = False
    """It coalesces, and a newer slot of its routine is due."""

    @property
    def doomed(self) -> bool:
        """Whether it has to be judged before it may run."""
        return self.verdict > Verdict.MET or self.missed or self.overtaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An execution that was handed out and not claimed yet."""

    id: UUID
    routine_id: UUID
    queue: str
    priority: int
    slot: datetime
    pool: str | None
    concurrency_key: str | None
    backfill_id: UUID | None = None


class Verdict(IntEnum):
    """What the dependencies of an execution say together; the statements return these numbers."""

    MET = 0
    WAIT = 1
    UPSTREAM_SKIPPED = 2
    UPSTREAM_FAILED = 3


@dataclass(slots=True, kw_only=True)
class Room:
    """What is free and what is taken, under the dispatcher's lock. `choose` counts it down."""

    places: dict[str, int]
    """Per queue: how many more executions may be handed out (free slots x 2, less what is handed out)."""
    offered: list[tuple[str, str]]
    """(queue, job) pairs that a live worker offers."""
    pools: dict[str, int]
    """Free slots per pool."""
    keys: set[str]
    """Concurrency keys in use."""
    instances: dict[UUID, int]
    """Active executions per routine."""
    idle: dict[str, int] = field(default_factory=dict)
    """Per queue: free slots that nothing was handed out for."""
    slots: dict[str, int] = field(default_factory=dict)
    """Per queue: slots of its live workers."""
    backfills: dict[UUID, int] = field(default_factory=dict)
    """How many more executions each open backfill may have active; 0 while it is paused."""
    refills: dict[UUID, int] = field(default_factory=dict)
    """Backfills, open ones and others, of which something waits: the priority of the most urgent."""
    paused: set[UUID] = field(default_factory=set)
    """Paused routines: of these only what a person asked for starts."""
    parked: bool = False
    """Whether some executions are parked: blocked, and not looked at until what blocks them changes."""
    last_turn_at: datetime | None = None
    """When the dispatcher last noted a turn."""
    next_due_at: datetime | None = None
    """When the next waiting execution falls due, if one does."""


@dataclass(frozen=True, slots=True)
class Started(Identity):
    """A claimed execution, with everything that a worker needs."""

    params: dict[str, Any]
    timeout_seconds: int | None
    max_attempts: int
    recoveries: int
    worker_id: str
    cancel_grace_seconds: int
    queue: str
    priority: int
    due_at: datetime
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Held(Identity):
    """A locked execution whose attempt is about to end."""

    status: str
    worker_id: str | None
    started_at: datetime | None
    failures: int
    recoveries: int
    max_attempts: int
    max_recoveries: int
    retry: dict[str, Any]
    cancel_requested_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an attempt ended and what becomes of its execution."""

    execution_id: UUID
    attempt: int
    move: Move
    due_at: datetime | None = None
    failures: int
    recoveries: int
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """An execution that will not run, and why."""

    execution_id: UUID
    reason: str
    context: dict[str, Any]


LOST: Final = "LOST"
"""The outcome of an attempt whose worker went silent; workers report the ones of `Outcome`."""


class ReasonCode(StrEnum):
    """Why an execution is not running, for programs. The app translates it."""

    NOT_DUE = "NOT_DUE"
    WAITING_RETRY = "WAITING_RETRY"
    WAITING_DEPENDENCY = "WAITING_DEPENDENCY"
    NO_CAPABLE_WORKER = "NO_CAPABLE_WORKER"
    WAITING_POOL = "WAITING_POOL"
    WAITING_KEY = "WAITING_KEY"
    WAITING_INSTANCE = "WAITING_INSTANCE"
    WAITING_CAPACITY = "WAITING_CAPACITY"
    RATE_LIMIT = "RATE_LIMIT"
    PAUSED = "PAUSED"
    BACKFILL_PAUSED = "BACKFILL_PAUSED"
    BACKFILL_CAP = "BACKFILL_CAP"
    SCHEDULER_SILENT = "SCHEDULER_SILENT"
    MISFIRED = "MISFIRED"
    SUPERSEDED = "SUPERSEDED"
    COALESCED = "COALESCED"
    UPSTREAM_FAILED = "UPSTREAM_FAILED"
    UPSTREAM_SKIPPED = "UPSTREAM_SKIPPED"
    UPSTREAM_NOT_PLANNED = "UPSTREAM_NOT_PLANNED"
    WORKER_LOST = "WORKER_LOST"
    ATTEMPTS_USED_UP = "ATTEMPTS_USED_UP"
    PERMANENT_ERROR = "PERMANENT_ERROR"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the dispatcher's conditions say about one waiting execution, read for people."""

    unmet: list[dict[str, Any]]
    """Edges that are not met: `{"routine_id", "name", "status", "business_date"}` of each upstream."""
    paused: bool
    """Its routine is paused, and nobody asked for this execution."""
    offered: bool
    pool_slots: int | None
    pool_free: int | None
    rate: dict[str, Any] | None
    """Of a pool with a rate that allows no start now: `{"rate_count", "rate_seconds", "at"}`."""
    key_holder: str | None
    instances: int
    backfill: dict[str, Any] | None
    """Of a backfill that is open: `{"name", "status", "max_active", "active", "spare"}`."""
