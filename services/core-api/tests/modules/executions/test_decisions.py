"""The engine's decisions as pure functions: what is handed out (E3, E4), retries (E9), losses (E7), reasons (E3)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_api.modules.executions.public import (
    Candidate,
    Facts,
    Handed,
    Held,
    Move,
    ReasonCode,
    Room,
    Waiting,
    choose,
    explain,
    settle_loss,
    settle_result,
)
from core_api.modules.executions.service import decide_retry, possible_actions
from shared_schemas.jobs import AttemptResult, Outcome, RunError, RunResult, RunWarning

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = {"max_attempts": 3, "backoff_seconds": 10, "backoff_factor": 2, "backoff_max_seconds": 60, "jitter": 0}


# --- handing out -----------------------------------------------------------------------------------------------------

ROUTINES = [UUID(int=n) for n in range(4)]


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    made = [
        Candidate(
            id=UUID(int=1000 + n),
            routine_id=(routine := draw(st.sampled_from(ROUTINES))),
            queue=draw(st.sampled_from(["default", "heavy"])),
            priority=draw(st.integers(1, 40)),
            slot=NOW + timedelta(minutes=draw(st.integers(0, 5))),
            pool=draw(st.sampled_from([None, "b3", "carga"])),
            concurrency_key=draw(st.sampled_from([None, "a", "b"])),
            max_instances=1 + routine.int % 3,
            business_date=NOW.date(),
        )
        for n in range(draw(st.integers(0, 30)))
    ]
    return sorted(made, key=lambda item: (item.priority, item.slot, item.id))


@st.composite
def handed_out(draw: st.DrawFn) -> list[Handed]:
    return [
        Handed(
            id=UUID(int=9000 + n),
            routine_id=draw(st.sampled_from(ROUTINES)),
            queue=draw(st.sampled_from(["default", "heavy"])),
            priority=draw(st.integers(1, 40)),
            slot=NOW,
            pool=draw(st.sampled_from([None, "b3"])),
            concurrency_key=None,
        )
        for n in range(draw(st.integers(0, 6)))
    ]


def a_room(places: dict[str, int], pools: dict[str, int], handed: list[Handed]) -> Room:
    return Room(
        places=dict(places),
        offered=[],
        pools=dict(pools),
        keys={"b"},
        instances=dict(Counter(item.routine_id for item in handed)),
    )


@given(
    waiting=candidates(),
    handed=handed_out(),
    places=st.fixed_dictionaries({"default": st.integers(-3, 6), "heavy": st.integers(-3, 6)}),
    pools=st.fixed_dictionaries({"b3": st.integers(0, 3), "carga": st.integers(0, 3)}),
)
def test_e04_no_limit_is_ever_exceeded(
    waiting: list[Candidate], handed: list[Handed], places: dict[str, int], pools: dict[str, int]
) -> None:
    choice = choose(waiting, handed, a_room(places, pools, handed))

    recalled = Counter(item.queue for item in choice.recall)
    for queue, free in places.items():
        given_out = sum(item.queue == queue for item in choice.queue)
        assert given_out - recalled[queue] <= max(free, 0)
    for pool, free in pools.items():
        back = sum(item.pool == pool for item in choice.recall)
        assert sum(item.pool == pool for item in choice.queue) <= free + back
    keys = Counter(item.concurrency_key for item in choice.queue if item.concurrency_key)
    assert keys["a"] <= 1
    assert keys["b"] == 0
    left = [item for item in handed if item not in choice.recall]
    active = Counter(item.routine_id for item in [*left, *choice.queue])
    for item in choice.queue:
        assert active[item.routine_id] <= item.max_instances


@given(waiting=candidates(), handed=handed_out(), free=st.integers(0, 6))
def test_e04_what_is_handed_out_is_the_most_urgent(waiting: list[Candidate], handed: list[Handed], free: int) -> None:
    """Without pools, keys and instances nothing that waits is more urgent than anything handed out in its queue."""
    plain = [replace(item, pool=None, concurrency_key=None, max_instances=10_000) for item in waiting]
    open_handed = [replace(item, pool=None) for item in handed]
    choice = choose(plain, open_handed, a_room({"default": free, "heavy": free}, {}, open_handed))

    out = [*(item for item in open_handed if item not in choice.recall), *choice.queue]
    left = [*choice.recall, *(item for item in plain if item not in choice.queue)]
    for queue in ("default", "heavy"):
        worst = max((item.priority for item in out if item.queue == queue), default=None)
        best = min((item.priority for item in left if item.queue == queue), default=None)
        assert worst is None or best is None or worst <= best
    assert [item.id for item in choice.queue] == [item.id for item in plain if item in choice.queue]


def test_e04_an_urgent_late_comer_takes_the_place_of_the_least_urgent_unclaimed_one() -> None:
    urgent = Candidate(
        id=uuid4(),
        routine_id=uuid4(),
        queue="default",
        priority=1,
        slot=NOW,
        pool=None,
        concurrency_key=None,
        max_instances=1,
        business_date=NOW.date(),
    )
    handed = [
        Handed(
            id=UUID(int=n),
            routine_id=uuid4(),
            queue="default",
            priority=20 + n,
            slot=NOW,
            pool=None,
            concurrency_key=None,
        )
        for n in range(3)
    ]
    choice = choose([urgent], handed, a_room({"default": -3}, {}, handed))
    assert choice.queue == [urgent]
    assert choice.recall == [handed[2]]


def test_e04_equal_priority_recalls_nothing() -> None:
    later = Candidate(
        id=uuid4(),
        routine_id=uuid4(),
        queue="default",
        priority=5,
        slot=NOW,
        pool=None,
        concurrency_key=None,
        max_instances=1,
        business_date=NOW.date(),
    )
    handed = [
        Handed(id=uuid4(), routine_id=uuid4(), queue="default", priority=5, slot=NOW, pool=None, concurrency_key=None)
    ]
    choice = choose([later], handed, a_room({"default": 0}, {}, handed))
    assert choice.queue == choice.recall == []


# --- retries ---------------------------------------------------------------------------------------------------------

policies = st.fixed_dictionaries(
    {
        "backoff_seconds": st.floats(0, 86_400),
        "backoff_factor": st.floats(1, 10),
        "backoff_max_seconds": st.floats(0, 86_400),
        "jitter": st.floats(0, 1),
    }
)


@given(
    policy=policies, failures=st.integers(1, 60), attempts=st.integers(1, 50), spread=st.floats(0, 1, exclude_max=True)
)
def test_e09_a_retry_comes_within_the_policy(
    policy: dict[str, float], failures: int, attempts: int, spread: float
) -> None:
    decision = decide_retry(
        transient=True, failures=failures, max_attempts=attempts, policy=policy, now=NOW, spread=spread
    )
    if failures >= attempts:
        assert decision.retry_at is None
        assert decision.reason is ReasonCode.ATTEMPTS_USED_UP
        return
    assert decision.retry_at is not None
    wait = (decision.retry_at - NOW).total_seconds()
    exact = min(policy["backoff_seconds"] * policy["backoff_factor"] ** (failures - 1), policy["backoff_max_seconds"])
    assert exact * (1 - policy["jitter"]) - 1e-3 <= wait <= exact * (1 + policy["jitter"]) + 1e-3


@given(policy=policies, failures=st.integers(1, 60), attempts=st.integers(1, 50))
def test_e09_a_permanent_error_is_never_retried(policy: dict[str, float], failures: int, attempts: int) -> None:
    decision = decide_retry(
        transient=False, failures=failures, max_attempts=attempts, policy=policy, now=NOW, spread=0.5
    )
    assert decision.retry_at is None
    assert decision.reason is ReasonCode.PERMANENT_ERROR


@pytest.mark.parametrize(("failures", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 60), (9, 60)])
def test_e09_waits_grow_and_are_capped(failures: int, seconds: int) -> None:
    decision = decide_retry(transient=True, failures=failures, max_attempts=50, policy=POLICY, now=NOW, spread=0.9)
    assert decision.retry_at == NOW + timedelta(seconds=seconds)


# --- the end of an attempt -------------------------------------------------------------------------------------------


def held(**changes: Any) -> Held:
    example = Held(
        id=uuid4(),
        routine_id=uuid4(),
        routine_name="r",
        job="j",
        business_date=date(2026, 11, 20),
        slot=NOW,
        origin="schedule",
        attempt=2,
        correlation_id="c",
        traceparent=None,
        status="RUNNING",
        worker_id="worker-one",
        started_at=NOW,
        failures=0,
        recoveries=0,
        max_attempts=3,
        max_recoveries=3,
        retry=POLICY,
        cancel_requested_by=None,
    )
    return replace(example, **changes)


def report(outcome: Outcome, **changes: Any) -> AttemptResult:
    return AttemptResult(
        execution_id=uuid4(),
        attempt=2,
        outcome=outcome,
        started_at=changes.pop("started_at", NOW),
        finished_at=changes.pop("finished_at", NOW + timedelta(seconds=5)),
        **changes,
    )


TRANSIENT = RunError(code="NETWORK", message="no answer", transient=True)
PERMANENT = RunError(code="TRAILER_MISMATCH", message="1,745 expected, 506 found", transient=False)
LATER = NOW + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("outcome", "error", "row", "move"),
    [
        (Outcome.SUCCEEDED, None, {}, Move.SUCCEED),
        (Outcome.SUCCEEDED, None, {"cancel_requested_by": "ana"}, Move.SUCCEED),
        (Outcome.FAILED, TRANSIENT, {}, Move.RETRY_LATER),
        (Outcome.FAILED, TRANSIENT, {"failures": 2}, Move.FAIL),
        (Outcome.FAILED, TRANSIENT, {"cancel_requested_by": "ana"}, Move.CONFIRM_CANCEL),
        (Outcome.FAILED, PERMANENT, {}, Move.FAIL),
        (Outcome.FAILED, None, {}, Move.FAIL),
        (Outcome.TIMED_OUT, None, {}, Move.RETRY_LATER),
        (Outcome.TIMED_OUT, PERMANENT, {"failures": 2}, Move.FAIL),
        (Outcome.CANCELLED, None, {"cancel_requested_by": "ana"}, Move.CONFIRM_CANCEL),
        (Outcome.CANCELLED, None, {}, Move.CONFIRM_CANCEL),
        (Outcome.HANDED_BACK, None, {}, Move.HAND_BACK),
        (Outcome.HANDED_BACK, None, {"cancel_requested_by": "ana"}, Move.CONFIRM_CANCEL),
    ],
)
def test_what_becomes_of_a_report(outcome: Outcome, error: RunError | None, row: dict[str, Any], move: Move) -> None:
    assert settle_result(held(**row), report(outcome, error=error), now=LATER).move is move


def test_only_failures_and_timeouts_use_up_an_attempt() -> None:
    counted = {
        outcome: settle_result(held(), report(outcome, error=TRANSIENT), now=LATER).failures for outcome in Outcome
    }
    assert {outcome for outcome, failures in counted.items() if failures == 1} == {Outcome.FAILED, Outcome.TIMED_OUT}


def test_a_success_keeps_result_and_warnings() -> None:
    run = RunResult(data={"rows": 12226}, warnings=[RunWarning(code="MISSING", message="one file was not there")])
    settlement = settle_result(held(), report(Outcome.SUCCEEDED, result=run), now=LATER)
    assert settlement.result == {"rows": 12226}
    assert settlement.warnings == [{"code": "MISSING", "message": "one file was not there", "context": {}}]


@given(started=st.integers(-3600, 3600), lasted=st.integers(-3600, 3600))
def test_a_workers_wrong_clock_cannot_bend_the_order_of_events(started: int, lasted: int) -> None:
    begin = NOW + timedelta(seconds=started)
    told = report(Outcome.SUCCEEDED, started_at=begin, finished_at=begin + timedelta(seconds=lasted))
    settlement = settle_result(held(), told, now=LATER)
    assert settlement.started_at is not None
    assert settlement.finished_at is not None
    assert NOW <= settlement.started_at <= settlement.finished_at <= LATER


def test_e07_a_loss_uses_up_no_attempt_but_only_so_many_recoveries() -> None:
    first = settle_loss(held(recoveries=0, failures=1), now=LATER)
    assert (first.move, first.recoveries, first.failures, first.due_at) == (Move.LOSE, 1, 1, LATER)
    last = settle_loss(held(recoveries=3, failures=1), now=LATER)
    assert (last.move, last.recoveries, last.failures) == (Move.GIVE_UP, 3, 1)
    assert last.error is not None
    assert last.error["code"] == "WORKER_LOST"
    assert "lost 4 times" in last.error["message"]
    assert settle_loss(held(max_recoveries=0), now=LATER).move is Move.GIVE_UP


def test_e07_what_was_asked_to_stop_is_not_started_again() -> None:
    assert settle_loss(held(cancel_requested_by="ana"), now=LATER).move is Move.CONFIRM_CANCEL


# --- reasons ---------------------------------------------------------------------------------------------------------

FREE = Facts(
    unmet=[],
    paused=False,
    offered=True,
    pool_slots=2,
    pool_free=1,
    rate=None,
    key_holder=None,
    instances=0,
    backfill=None,
)
WAITS = Waiting(
    status="PENDING",
    due_at=NOW - timedelta(seconds=1),
    attempt=0,
    pool="b3",
    concurrency_key="k",
    max_instances=1,
    job="j",
    queue="default",
    reason=None,
    reason_context=None,
    error=None,
    cancel_requested_by=None,
)


@pytest.mark.parametrize(
    ("row", "facts", "alive", "code"),
    [
        ({"due_at": LATER}, None, True, "NOT_DUE"),
        ({"due_at": LATER, "attempt": 1}, None, True, "WAITING_RETRY"),
        ({}, replace(FREE, unmet=[{"routine_id": "x", "name": "d", "status": "FAILED"}]), True, "WAITING_DEPENDENCY"),
        ({}, replace(FREE, offered=False), True, "NO_CAPABLE_WORKER"),
        ({}, replace(FREE, pool_free=0), True, "WAITING_POOL"),
        ({}, replace(FREE, key_holder="other"), True, "WAITING_KEY"),
        ({}, replace(FREE, instances=1), True, "WAITING_INSTANCE"),
        ({}, FREE, True, "WAITING_CAPACITY"),
        ({}, FREE, False, "SCHEDULER_SILENT"),
        ({"status": "RECOVERY"}, FREE, True, "WAITING_CAPACITY"),
        ({"status": "QUEUED"}, None, True, "WAITING_CAPACITY"),
        ({"status": "FAILED", "reason": "WORKER_LOST", "error": {"code": "WORKER_LOST"}}, None, True, "WORKER_LOST"),
        ({"status": "SKIPPED", "reason": "HOLIDAY"}, None, True, "HOLIDAY"),
        ({"status": "CANCELLED", "reason": "CANCELLED", "cancel_requested_by": "ana"}, None, True, "CANCELLED"),
        ({"status": "RUNNING"}, None, True, None),
        ({"status": "SUCCEEDED"}, None, True, None),
    ],
)
def test_e03_everything_that_does_not_run_says_why(
    row: dict[str, Any], facts: Facts | None, alive: bool, code: str | None
) -> None:
    reason = explain(replace(WAITS, **row), facts, scheduler_alive=alive, now=NOW)
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        ("PENDING", LATER, {"cancel", "run_now"}),
        ("PENDING", NOW, {"cancel"}),
        ("QUEUED", NOW, {"cancel"}),
        ("RUNNING", NOW, {"cancel"}),
        ("RECOVERY", NOW, {"cancel"}),
        ("FAILED", NOW, {"retry"}),
        ("CANCELLED", NOW, {"retry"}),
        ("SUCCEEDED", NOW, set()),
        ("SKIPPED", NOW, {"retry"}),
    ],
)
def test_the_buttons_of_each_state(status: str, due: datetime, expected: set[str]) -> None:
    actions = possible_actions(status=status, due_at=due, cancel_requested=False, now=NOW)
    assert {name for name, possible in actions.items() if possible} == expected
