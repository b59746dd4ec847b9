"""What an operator does to executions over HTTP: cancel, retry with what waits for it, run now; one or many."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.executions import DAY, SLOT, add, add_one, force, new_execution, row_of, statuses
from sqlalchemy import text

from core_api.database import OUTBOX
from shared_schemas.events.executions import ExecutionCancelled, ExecutionReopened
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.testing.events import published

URL = "/api/v1/executions"


# --- cancel ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["PENDING", "QUEUED", "RECOVERY"])
async def test_cancelling_what_waits_is_immediate(
    status: str, session: WriteSession, as_operator: httpx.AsyncClient
) -> None:
    execution = await add_one(session)
    await force(session, execution, status=status)
    await session.commit()
    answer = await as_operator.post(f"{URL}/{execution}/cancel")
    assert answer.status_code == 200, answer.text
    read = answer.json()["data"]
    assert read["status"] == "CANCELLED"
    assert read["reason"] == {
        "code": "CANCELLED",
        "message": "Cancelada por Test operator.",
        "context": {"by": "Test operator"},
    }
    [event] = await published(session, OUTBOX, ExecutionCancelled)
    assert event.payload.cancelled_by == "Test operator"
    audit = (await session.execute(text("SELECT action, actor, before, after FROM core.audit_log"))).one()
    assert (audit.action, audit.actor.startswith("operator-"), audit.before["status"], audit.after["status"]) == (
        "execution.cancel",
        True,
        status,
        "CANCELLED",
    )


async def test_cancelling_what_runs_asks_and_waits_for_the_worker(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient, as_worker: httpx.AsyncClient
) -> None:
    execution = await add_one(session)
    await force(
        session,
        execution,
        status="RUNNING",
        attempt=1,
        worker_id="worker-one",
        started_at=clock.now(),
        lease_until=clock.now(),
    )
    await session.execute(
        text(
            "INSERT INTO core.attempts (execution_id, attempt, worker_id, started_at) VALUES (:id, 1, 'worker-one', :now)"
        ),
        {"id": execution, "now": clock.now()},
    )
    await session.commit()
    read = (await as_operator.post(f"{URL}/{execution}/cancel")).json()["data"]
    assert (read["status"], read["cancel_requested"], read["actions"]["cancel"]) == ("RUNNING", True, False)

    ref = {"execution_id": str(execution), "attempt": 1}
    beat = await as_worker.post("/internal/v1/workers/worker-one/heartbeat", json={"running": [ref]})
    assert beat.json()["cancel"] == [ref]
    now = clock.now().isoformat()
    report = {**ref, "outcome": "CANCELLED", "started_at": now, "finished_at": now}
    await as_worker.post("/internal/v1/executions/finish", json={"worker_id": "worker-one", "results": [report]})
    assert await statuses(session, [execution]) == ["CANCELLED"]
    [event] = await published(session, OUTBOX, ExecutionCancelled)
    assert event.payload.cancelled_by == "Test operator"


# --- retry and run now -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED", "SKIPPED"])
async def test_a_retry_starts_over(
    status: str, session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    execution = await add_one(session)
    await force(
        session,
        execution,
        status=status,
        attempt=3,
        failures=3,
        recoveries=2,
        reason="PERMANENT_ERROR",
        finished_at=clock.now(),
        cancel_requested_by="ana",
    )
    await session.execute(
        text('UPDATE core.executions SET error = \'{"code": "X", "message": "m", "transient": false}\'')
    )
    await session.commit()
    read = (await as_operator.post(f"{URL}/{execution}/retry", json={"with_downstream": False})).json()["data"]
    assert (read["status"], read["error"], read["cancel_requested"], read["failures"], read["attempt"]) == (
        "PENDING",
        None,
        False,
        0,
        3,
    )
    row = await row_of(session, execution)
    assert (row.due_at, row.recoveries, row.finished_at, row.reason) == (clock.now(), 0, None, None)
    assert row.requested_by == ("Test operator" if status == "SKIPPED" else None)
    assert len(await published(session, OUTBOX, ExecutionReopened)) == 1


@pytest.mark.parametrize(("wanted", "moved"), [(True, True), (False, False)])
async def test_downstream_comes_along_unless_it_should_not(
    wanted: bool, moved: bool, session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    first, evening = UUID(int=1), clock.now() + timedelta(hours=6)
    download = await add_one(session, routine_id=first, slot=evening)
    load = await add_one(session, depends_on=(first,), slot=evening)
    await session.commit()
    answer = await as_operator.post(f"{URL}/{download}/run-now", json={"with_downstream": wanted})
    assert answer.status_code == 200, answer.text
    assert (await row_of(session, download)).due_at == clock.now()
    assert ((await row_of(session, load)).due_at == clock.now()) is moved


@pytest.mark.parametrize(
    ("action", "status"),
    [
        *(("cancel", one) for one in ("SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED")),
        *(("retry", one) for one in ("PENDING", "QUEUED", "RUNNING", "RECOVERY", "SUCCEEDED")),
        *(("run-now", one) for one in ("QUEUED", "RUNNING", "RECOVERY", "SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED")),
    ],
)
async def test_what_the_state_does_not_allow_is_a_conflict_with_advice(
    action: str, status: str, session: WriteSession, as_operator: httpx.AsyncClient
) -> None:
    execution = await add_one(session)
    await force(session, execution, status=status)
    await session.commit()
    answer = await as_operator.post(f"{URL}/{execution}/{action}")
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "EXECUTION_STATE")
    assert body["details"]["status"] == status
    assert status in body["message"]
    assert len(body["message"].split(". ")) == 2
    assert await statuses(session, [execution]) == [status]


@pytest.mark.parametrize("action", ["cancel", "retry", "run-now"])
async def test_who_may_act(
    action: str,
    session: WriteSession,
    anonymous: httpx.AsyncClient,
    as_viewer: httpx.AsyncClient,
    as_worker: httpx.AsyncClient,
    as_operator: httpx.AsyncClient,
) -> None:
    execution = await add_one(session)
    await session.commit()
    refused = await anonymous.post(f"{URL}/{execution}/{action}")
    assert (refused.status_code, "Bearer" in refused.headers["WWW-Authenticate"]) == (401, True)
    assert (await as_worker.post(f"{URL}/{execution}/{action}")).status_code == 401
    assert (await as_viewer.post(f"{URL}/{execution}/{action}")).status_code == 403
    assert (await as_operator.post(f"{URL}/{UUID(int=1)}/{action}")).status_code == 404


# --- run again from a failure, with what waits for it ------------------------------------------------------------------

A, B, C, D = (UUID(int=n) for n in (0xA, 0xB, 0xC, 0xD))


async def chain(session: WriteSession) -> dict[str, UUID]:
    """A failed; B and C, which wait for it, did not come to run; D, which waits for C, had run before A did again."""
    made = {
        "a": await add_one(session, routine_id=A, routine_name="a"),
        "b": await add_one(session, routine_id=B, routine_name="b", depends_on=(A,)),
        "c": await add_one(session, routine_id=C, routine_name="c", depends_on=(B,)),
        "d": await add_one(session, routine_id=D, routine_name="d", depends_on=(C,), params={"n": 1}, tags=("x",)),
        "missed": await add_one(session, routine_id=B, depends_on=(A,), slot=SLOT - timedelta(hours=1)),
        "other day": await add_one(
            session,
            routine_id=B,
            depends_on=(A,),
            slot=SLOT - timedelta(days=1),
            business_date=DAY - timedelta(days=1),
        ),
        "stranger": await add_one(session),
    }
    states = {"a": "FAILED", "b": "SKIPPED", "c": "CANCELLED", "d": "SUCCEEDED"}
    for name, execution in made.items():
        await force(session, execution, status=states.get(name, "SKIPPED"), attempt=1)
    for name, reason in {"b": "UPSTREAM_FAILED", "missed": "MISFIRED", "other day": "UPSTREAM_FAILED"}.items():
        await force(session, made[name], reason=reason)
    await session.commit()
    return made


async def retry(client: httpx.AsyncClient, execution: UUID, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"{URL}/{execution}/retry", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_e09_a_retry_brings_with_it_what_waited_for_it_and_did_not_come_to_run(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    made = await chain(session)
    meta = (await retry(as_operator, made["a"], with_downstream=True))["meta"]
    assert {(one["routine_name"], one["outcome"]) for one in meta["downstream"]} == {
        ("b", "reopened"),
        ("c", "reopened"),
    }
    found = dict(zip(made, await statuses(session, list(made.values())), strict=True))
    assert found == {
        **dict.fromkeys(("a", "b", "c"), "PENDING"),
        "d": "SUCCEEDED",
        **dict.fromkeys(("missed", "other day", "stranger"), "SKIPPED"),
    }
    assert len(await published(session, OUTBOX, ExecutionReopened)) == 3
    audited = await session.scalars(text("SELECT entity_id FROM core.audit_log WHERE action = 'execution.retry'"))
    assert set(audited) == {str(made[name]) for name in "abc"}
    waiting = (await as_operator.get(f"{URL}/{made['c']}")).json()["data"]
    assert waiting["reason"]["code"] == "WAITING_DEPENDENCY"


async def test_e09_a_retry_of_everything_runs_again_what_had_succeeded_after_it(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    made = await chain(session)
    meta = (await retry(as_operator, made["a"], mode="all"))["meta"]
    [again] = [one for one in meta["downstream"] if one["outcome"] == "runs_again"]
    old, new = await row_of(session, made["d"]), await row_of(session, UUID(again["execution_id"]))
    assert (old.status, new.status, new.origin, new.requested_by) == ("SUCCEEDED", "PENDING", "manual", "Test operator")
    for same in ("routine_id", "business_date", "job", "params", "depends_on", "upstream_dates", "tags", "priority"):
        assert getattr(new, same) == getattr(old, same), same
    read = (await as_operator.get(f"{URL}/{new.id}")).json()["data"]
    assert (read["reason"]["code"], read["reason"]["context"]["upstream"][0]["name"]) == ("WAITING_DEPENDENCY", "c")


async def test_e09_without_downstream_only_the_one_is_opened(
    session: WriteSession, as_operator: httpx.AsyncClient
) -> None:
    made = await chain(session)
    answer = await retry(as_operator, made["a"], with_downstream=False)
    assert answer["meta"] == {"downstream": []}
    assert await statuses(session, [made["a"], made["b"], made["c"]]) == ["PENDING", "SKIPPED", "CANCELLED"]


async def test_e09_what_a_later_success_made_up_for_stays_as_it_is(
    session: WriteSession, as_operator: httpx.AsyncClient
) -> None:
    made = await chain(session)
    later = await add_one(session, routine_id=B, depends_on=(A,), slot=SLOT + timedelta(hours=1), origin="manual")
    await force(session, later, status="SUCCEEDED")
    await session.commit()
    meta = (await retry(as_operator, made["a"]))["meta"]
    assert [one["routine_name"] for one in meta["downstream"]] == ["c"]


async def test_e09_the_next_days_wait_for_this_one_too(session: WriteSession, as_operator: httpx.AsyncClient) -> None:
    """Dependencies on an earlier business date (D-1) carry a failure from day to day, and a retry mends all of it."""
    days = [DAY + timedelta(days=n) for n in range(4)]
    ids = [
        await add_one(
            session,
            routine_id=A,
            slot=SLOT + timedelta(days=n),
            business_date=day,
            depends_on=(A,),
            upstream_dates=(day - timedelta(days=1),),
        )
        for n, day in enumerate(days)
    ]
    await force(session, ids[0], status="FAILED", attempt=1)
    for one in ids[1:]:
        await force(session, one, status="SKIPPED", reason="UPSTREAM_FAILED")
    await session.commit()
    await retry(as_operator, ids[0])
    assert await statuses(session, ids) == ["PENDING"] * 4


# --- many at once --------------------------------------------------------------------------------------------------------


async def bulk(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"{URL}/bulk", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def test_many_at_once_each_on_its_own(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    ids = await add(session, *(new_execution(slot=SLOT + timedelta(minutes=n)) for n in range(4)))
    for execution, status in zip(ids, ("PENDING", "QUEUED", "RUNNING", "SUCCEEDED"), strict=True):
        await force(session, execution, status=status)
    await session.commit()
    unknown = UUID(int=1)
    done = await bulk(as_operator, action="cancel", ids=[str(one) for one in (*ids, unknown, ids[0])])
    assert (done["done"], done["refused"], done["more"]) == (3, 2, False)
    assert [(item["execution_id"], item["outcome"], item["status"]) for item in done["items"]] == [
        (str(ids[0]), "done", "CANCELLED"),
        (str(ids[1]), "done", "CANCELLED"),
        (str(ids[2]), "done", "RUNNING"),
        (str(ids[3]), "refused", "SUCCEEDED"),
        (str(unknown), "not_found", None),
    ]
    assert "run the routine" in done["items"][3]["message"]
    assert await statuses(session, ids) == ["CANCELLED", "CANCELLED", "RUNNING", "SUCCEEDED"]
    assert (await row_of(session, ids[2])).cancel_requested_by == "Test operator"
    assert len(await published(session, OUTBOX, ExecutionCancelled)) == 2
    audit = await session.execute(text("SELECT entity_id, action, before, after FROM core.audit_log ORDER BY id"))
    assert {(row.entity_id, row.action, row.before["status"], row.after["status"]) for row in audit} == {
        (str(ids[0]), "execution.cancel", "PENDING", "CANCELLED"),
        (str(ids[1]), "execution.cancel", "QUEUED", "CANCELLED"),
        (str(ids[2]), "execution.cancel", "RUNNING", "RUNNING"),
    }


async def test_what_a_filter_finds_is_retried_or_run_now(
    session: WriteSession, clock: FakeClock, as_operator: httpx.AsyncClient
) -> None:
    evening = clock.now() + timedelta(hours=6)
    ids = await add(session, *(new_execution(slot=evening + timedelta(minutes=n)) for n in range(3)))
    await force(session, ids[0], status="FAILED")
    await force(session, ids[1], status="SUCCEEDED")
    await session.commit()
    wanted = {"business_date": DAY.isoformat()}
    retried = await bulk(as_operator, action="retry", filter=wanted)
    assert [item["execution_id"] for item in retried["items"]] == [str(ids[0])]
    moved = await bulk(as_operator, action="run_now", filter=wanted | {"status": ["PENDING", "SUCCEEDED"]})
    assert (moved["done"], moved["refused"]) == (2, 1)
    assert (await row_of(session, ids[2])).due_at == clock.now()


async def test_a_filter_that_finds_too_many_says_so(session: WriteSession, as_operator: httpx.AsyncClient) -> None:
    await add(session, *(new_execution(slot=SLOT + timedelta(seconds=n)) for n in range(1001)))
    await session.commit()
    wanted = {"business_date": DAY.isoformat()}
    first = await bulk(as_operator, action="cancel", filter=wanted)
    second = await bulk(as_operator, action="cancel", filter=wanted)
    assert [(one["done"], one["more"]) for one in (first, second)] == [(1000, True), (1, False)]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "cancel"},
        {"action": "cancel", "ids": []},
        {"action": "cancel", "filter": {}},
        {"action": "cancel", "ids": [str(UUID(int=1))], "filter": {"q": "x"}},
        {"action": "delete", "ids": [str(UUID(int=1))]},
        {"action": "cancel", "ids": [str(UUID(int=n)) for n in range(1001)]},
        {"action": "cancel", "filter": {"q": "a\x00b"}},
    ],
)
async def test_bulk_requests_that_make_no_sense_are_refused(
    body: dict[str, Any], as_operator: httpx.AsyncClient
) -> None:
    assert (await as_operator.post(f"{URL}/bulk", json=body)).status_code == 422


async def test_a_viewer_acts_on_nothing(as_viewer: httpx.AsyncClient) -> None:
    answer = await as_viewer.post(f"{URL}/bulk", json={"action": "cancel", "ids": [str(UUID(int=1))]})
    assert answer.status_code == 403
