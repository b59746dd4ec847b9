"""The decisions of the engine, as pure functions: what to hand out, what becomes of an attempt, why something waits."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core_api.modules.executions.schemas import (
    WAITING,
    Candidate,
    Facts,
    Handed,
    Held,
    Move,
    Reason,
    ReasonCode,
    Room,
    Settlement,
    Status,
    is_legal,
)
from shared_schemas.jobs import AttemptResult, Outcome, RunError

# Of a snapshot that lacks a field: the defaults of a routine's retry policy.
DEFAULT_BACKOFF_SECONDS: Final = 30.0
DEFAULT_BACKOFF_FACTOR: Final = 2.0
DEFAULT_BACKOFF_MAX_SECONDS: Final = 900.0
DEFAULT_JITTER: Final = 0.1


# --- handing out (E3, E4) --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Choice:
    """What a tick does: hand out `queue`, in this order, and take `recall` back first."""

    queue: list[Candidate] = field(default_factory=list)
    recall: list[Handed] = field(default_factory=list)


def choose(candidates: Iterable[Candidate], handed: Iterable[Handed], room: Room) -> Choice:
    """Goes through the candidates in the order of E4 and takes what fits. Counts `room` down.

    Where a queue's places, a pool or a concurrency key are taken by less urgent executions that were handed out and not
    claimed yet, a more urgent candidate takes theirs: what workers find first is always the most urgent work.
    """
    choice = Choice()
    unclaimed = sorted(handed, key=_urgency, reverse=True)
    for candidate in candidates:
        in_the_way = _in_the_way(candidate, unclaimed, room)
        if in_the_way is None:
            continue
        for item in in_the_way:
            unclaimed.remove(item)
            _give_back(item, room)
        _take(candidate, room)
        choice.recall += in_the_way
        choice.queue.append(candidate)
    return choice


def _in_the_way(candidate: Candidate, unclaimed: Sequence[Handed], room: Room) -> list[Handed] | None:
    """What has to be taken back so that the candidate fits; None when it does not fit even so."""
    if room.instances.get(candidate.routine_id, 0) >= candidate.max_instances:
        return None
    if candidate.backfill_id is not None and not _fits_backfill(candidate, candidate.backfill_id, room):
        return None
    found: list[Handed] = []

    def missing(free: int, shares: Callable[[Handed], bool]) -> bool:
        if free > 0 or any(map(shares, found)):
            return False
        item = next((one for one in unclaimed if shares(one) and one not in found), None)
        if item is None or item.priority <= candidate.priority:
            return True
        found.append(item)
        return False

    key, pool, queue = candidate.concurrency_key, candidate.pool, candidate.queue
    if key is not None and missing(key not in room.keys, lambda one: one.concurrency_key == key):
        return None
    if pool is not None and missing(room.pools.get(pool, 1), lambda one: one.pool == pool):
        return None
    return None if missing(room.places.get(queue, 0), lambda one: one.queue == queue) else found


def _fits_backfill(candidate: Candidate, backfill_id: UUID, room: Room) -> bool:
    """E13: within the backfill's own cap, and never in the last free slot of a queue that has more than one."""
    if room.backfills.get(backfill_id, 1) <= 0:
        return False
    return room.slots.get(candidate.queue, 0) <= 1 or room.idle.get(candidate.queue, 0) >= 2


def _urgency(item: Candidate | Handed) -> tuple[int, datetime, UUID]:
    return item.priority, item.slot, item.id


def _take(item: Candidate, room: Room) -> None:
    room.places[item.queue] = room.places.get(item.queue, 0) - 1
    room.idle[item.queue] = room.idle.get(item.queue, 0) - 1
    if item.backfill_id in room.backfills:
        room.backfills[item.backfill_id] -= 1
    if item.pool in room.pools:
        room.pools[item.pool] -= 1
    if item.concurrency_key is not None:
        room.keys.add(item.concurrency_key)
    room.instances[item.routine_id] = room.instances.get(item.routine_id, 0) + 1


def _give_back(item: Handed, room: Room) -> None:
    room.places[item.queue] = room.places.get(item.queue, 0) + 1
    room.idle[item.queue] = room.idle.get(item.queue, 0) + 1
    if item.backfill_id in room.backfills:
        room.backfills[item.backfill_id] += 1
    if item.pool in room.pools:
        room.pools[item.pool] += 1
    if item.concurrency_key is not None:
        room.keys.discard(item.concurrency_key)
    room.instances[item.routine_id] = room.instances.get(item.routine_id, 1) - 1


# --- the end of an attempt (E7, E8, E9) ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Whether a failed attempt is followed by another one, and when."""

    retry_at: datetime | None
    reason: ReasonCode | None


def decide_retry(
    *,
    transient: bool,
    failures: int,
    max_attempts: int,
    policy: Mapping[str, Any],
    now: datetime,
    spread: float,
) -> RetryDecision:
    """E9: only what is transient is tried again, and only while attempts are left. `failures` counts this one.

    The wait grows by the policy's factor up to its maximum. `spread` in [0, 1) moves it within the policy's jitter, a
    fraction of the wait to both sides, so that runs that failed together do not come back together.
    """
    if not transient:
        return RetryDecision(None, ReasonCode.PERMANENT_ERROR)
    if failures >= max_attempts:
        return RetryDecision(None, ReasonCode.ATTEMPTS_USED_UP)
    base = float(policy.get("backoff_seconds", DEFAULT_BACKOFF_SECONDS))
    factor = float(policy.get("backoff_factor", DEFAULT_BACKOFF_FACTOR))
    longest = float(policy.get("backoff_max_seconds", DEFAULT_BACKOFF_MAX_SECONDS))
    # The exponent is capped: a factor to the power of some thousand attempts is more than a float holds.
    wait = min(base * factor ** min(failures - 1, 64), longest)
    wait *= 1 + float(policy.get("jitter", DEFAULT_JITTER)) * (2 * spread - 1)
    return RetryDecision(now + timedelta(seconds=wait), None)


def settle_result(held: Held, result: AttemptResult, *, now: datetime, spread: float | None = None) -> Settlement:
    """What a worker's report makes of an execution. A stop that a person asked for wins over all but a success."""
    started, finished = _clamp(held, result, now=now)
    error = result.error or RunError(code="UNKNOWN", message="The worker gave no reason.", transient=False)
    common: dict[str, Any] = {
        "execution_id": held.id,
        "attempt": held.attempt,
        "started_at": started,
        "finished_at": finished,
        "recoveries": held.recoveries,
    }
    if result.outcome is Outcome.SUCCEEDED:
        run = result.result
        return Settlement(
            move=Move.SUCCEED,
            failures=held.failures,
            result=run.data if run else {},
            warnings=[warning.model_dump(mode="json") for warning in run.warnings] if run else [],
            **common,
        )
    if held.cancel_requested_by is not None or result.outcome is Outcome.CANCELLED:
        return Settlement(
            move=Move.CONFIRM_CANCEL,
            failures=held.failures,
            reason=ReasonCode.CANCELLED,
            error=_error_of(result),
            **common,
        )
    if result.outcome is Outcome.HANDED_BACK:
        return Settlement(move=Move.HAND_BACK, failures=held.failures, due_at=now, **common)
    if spread is None:
        spread = random.random()  # noqa: S311  spreads load, guards nothing
    return _settle_failure(held, result, error, now=now, spread=spread, common=common)


def _settle_failure(
    held: Held, result: AttemptResult, error: RunError, *, now: datetime, spread: float, common: dict[str, Any]
) -> Settlement:
    failures = held.failures + 1
    decision = decide_retry(
        transient=error.transient or result.outcome is Outcome.TIMED_OUT,
        failures=failures,
        max_attempts=held.max_attempts,
        policy=held.retry,
        now=now,
        spread=spread,
    )
    document = error.model_dump(mode="json")
    if decision.retry_at is not None:
        return Settlement(move=Move.RETRY_LATER, failures=failures, due_at=decision.retry_at, error=document, **common)
    return Settlement(move=Move.FAIL, failures=failures, reason=decision.reason, error=document, **common)


def settle_loss(held: Held, *, now: datetime) -> Settlement:
    """What becomes of an execution whose lease ran out (E7). It uses up no attempt, but only so many recoveries."""
    common: dict[str, Any] = {
        "execution_id": held.id,
        "attempt": held.attempt,
        "started_at": held.started_at,
        "failures": held.failures,
    }
    if held.cancel_requested_by is not None:
        return Settlement(
            move=Move.CONFIRM_CANCEL, recoveries=held.recoveries, finished_at=now, reason=ReasonCode.CANCELLED, **common
        )
    if held.recoveries >= held.max_recoveries:
        return Settlement(
            move=Move.GIVE_UP,
            recoveries=held.recoveries,
            finished_at=now,
            reason=ReasonCode.WORKER_LOST,
            error=_lost_error(held),
            **common,
        )
    return Settlement(move=Move.LOSE, recoveries=held.recoveries + 1, finished_at=None, due_at=now, **common)


def _lost_error(held: Held) -> dict[str, Any]:
    times = held.recoveries + 1
    error = RunError(
        code=ReasonCode.WORKER_LOST,
        message=f"The worker was lost {times} {'time' if times == 1 else 'times'} while running this; "
        "it may be what kills the worker. Retry it once the cause is known.",
        transient=False,
        detail={"times": times, "worker_id": held.worker_id},
    )
    return error.model_dump(mode="json")


def _error_of(result: AttemptResult) -> dict[str, Any] | None:
    return result.error.model_dump(mode="json") if result.error else None


def _clamp(held: Held, result: AttemptResult, *, now: datetime) -> tuple[datetime, datetime]:
    """The worker's times, kept between the claim and now: its clock may be wrong, the order of events is not."""
    claimed = held.started_at or now
    started = min(max(result.started_at, claimed), now)
    return started, min(max(result.finished_at, started), now)


# --- reasons (E3) ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An execution as far as its reason depends on the row itself."""

    status: str
    due_at: datetime
    attempt: int
    pool: str | None
    concurrency_key: str | None
    max_instances: int
    job: str
    queue: str
    reason: str | None
    reason_context: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    cancel_requested_by: str | None


def explain(row: Waiting, facts: Facts | None, *, scheduler_alive: bool, now: datetime) -> Reason | None:
    """Why it is not running; nothing when it runs or succeeded. `facts` are needed for what is waiting and due."""
    if row.status in (Status.RUNNING, Status.SUCCEEDED):
        return None
    if row.status == Status.QUEUED:
        return Reason(ReasonCode.WAITING_CAPACITY, {"queue": row.queue})
    if row.status not in WAITING:
        return _final_reason(row)
    if row.due_at > now:
        code = ReasonCode.WAITING_RETRY if row.attempt > 0 else ReasonCode.NOT_DUE
        return Reason(code, {"at": row.due_at.isoformat()})
    ready = Reason(ReasonCode.WAITING_CAPACITY, {"queue": row.queue})
    if not scheduler_alive:
        ready = Reason(ReasonCode.SCHEDULER_SILENT, {})
    return (_blocked(row, facts) if facts is not None else None) or ready


def _blocked(row: Waiting, facts: Facts) -> Reason | None:
    return next(_what_blocks(row, facts), None)


def _what_blocks(row: Waiting, facts: Facts) -> Iterator[Reason]:
    if facts.paused:
        yield Reason(ReasonCode.PAUSED, {})
    if facts.unmet:
        yield Reason(ReasonCode.WAITING_DEPENDENCY, {"upstream": facts.unmet})
    if not facts.offered:
        yield Reason(ReasonCode.NO_CAPABLE_WORKER, {"job": row.job, "queue": row.queue})
    if facts.rate is not None:
        yield Reason(ReasonCode.RATE_LIMIT, {"pool": row.pool, **facts.rate})
    if facts.pool_free is not None and facts.pool_free <= 0:
        yield Reason(ReasonCode.WAITING_POOL, {"pool": row.pool, "slots": facts.pool_slots})
    if facts.key_holder is not None:
        yield Reason(ReasonCode.WAITING_KEY, {"key": row.concurrency_key, "held_by": facts.key_holder})
    if facts.instances >= row.max_instances:
        yield Reason(ReasonCode.WAITING_INSTANCE, {"max_instances": row.max_instances, "active": facts.instances})
    if (backfill := facts.backfill) is None:
        return
    if backfill["status"] == "PAUSED":
        yield Reason(ReasonCode.BACKFILL_PAUSED, {"backfill": backfill["name"]})
    if backfill["active"] >= backfill["max_active"] or not backfill["spare"]:
        named = {key: backfill[key] for key in ("max_active", "active")}
        yield Reason(ReasonCode.BACKFILL_CAP, {"backfill": backfill["name"], **named})


def _final_reason(row: Waiting) -> Reason | None:
    if row.reason is None:
        return None
    if row.status == Status.CANCELLED:
        return Reason(row.reason, {"by": row.cancel_requested_by})
    if row.status == Status.FAILED and row.error:
        return Reason(row.reason, {"error_code": row.error.get("code"), **(row.error.get("detail") or {})})
    return Reason(row.reason, dict(row.reason_context or {}))


def possible_actions(*, status: str, due_at: datetime, cancel_requested: bool, now: datetime) -> dict[str, bool]:
    """What a person may do to an execution in this state; the app shows these buttons."""
    active = status in (Status.PENDING, Status.QUEUED, Status.RECOVERY, Status.RUNNING)
    return {
        "cancel": active and not cancel_requested,
        "retry": is_legal(Move.REOPEN, status),
        "run_now": status == Status.PENDING and due_at > now,
    }


def unique(ids: Sequence[UUID]) -> list[UUID]:
    """Each id once, in the order given."""
    return list(dict.fromkeys(ids))
