"""The worker protocol over HTTP: claim, heartbeat, logs, finish (E6-E9)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.executions import add_one, force, row_of, statuses
from factories.workers import LEASE_SECONDS, register
from pydantic import SecretStr
from sqlalchemy import text

from core_api.database import OUTBOX
from core_api.modules.dispatch.public import recover, tick
from shared_schemas.events.executions import (
    ExecutionCancelled,
    ExecutionFailed,
    ExecutionRecovered,
    ExecutionRetrying,
    ExecutionStarted,
    ExecutionSucceeded,
)
from shared_schemas.events.operations import WorkerLost
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.security.internal_key import InternalKeyring
from shared_utils.testing.events import published

AI_KEY = "ai-svc-key-of-the-tests-0123456789abcdef"


async def queued(session: WriteSession, **changes: Any) -> UUID:
    execution = await add_one(session, **changes)
    await force(session, execution, status="QUEUED", sent_count=1)
    await session.commit()
    return execution


async def claim(worker: httpx.AsyncClient, *ids: UUID, worker_id: str = "worker-one") -> dict[str, Any]:
    answer = await worker.post(
        "/internal/v1/executions/claim", json={"worker_id": worker_id, "execution_ids": [str(one) for one in ids]}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def result(
    execution: UUID, clock: FakeClock, *, attempt: int = 1, outcome: str = "SUCCEEDED", **more: Any
) -> dict[str, Any]:
    now = clock.now().isoformat()
    return {
        "execution_id": str(execution),
        "attempt": attempt,
        "outcome": outcome,
        "started_at": now,
        "finished_at": now,
        **more,
    }


async def finish(worker: httpx.AsyncClient, *results: dict[str, Any], worker_id: str = "worker-one") -> dict[str, Any]:
    answer = await worker.post(
        "/internal/v1/executions/finish", json={"worker_id": worker_id, "results": list(results)}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def worker(session: WriteSession, clock: FakeClock) -> str:
    worker_id = await register(session, clock)
    await session.commit()
    return worker_id


async def test_e06_claim_starts_an_attempt(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    reply = await claim(as_worker, execution)

    assert reply["refused"] == []
    [run] = reply["claimed"]
    assert run["execution_id"] == str(execution)
    assert run["attempt"] == 1
    assert run["params"] == {"reference": "business_date"}
    row = await row_of(session, execution)
    assert (row.status, row.attempt, row.worker_id) == ("RUNNING", 1, "worker-one")
    assert row.lease_until == clock.now() + timedelta(seconds=9)
    [event] = await published(session, OUTBOX, ExecutionStarted)
    assert event.payload.worker_id == "worker-one"
    assert event.correlation_id == row.correlation_id


async def test_e08_finish_is_idempotent(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    clock.advance(timedelta(seconds=2))
    report = result(
        execution, clock, result={"data": {"rows": 12226}, "warnings": [{"code": "LATE", "message": "late"}]}
    )

    first = await finish(as_worker, report)
    again = await finish(as_worker, report)

    assert len(first["accepted"]) == len(again["accepted"]) == 1
    assert first["fenced"] == again["fenced"] == []
    row = await row_of(session, execution)
    assert row.status == "SUCCEEDED"
    events = await published(session, OUTBOX, ExecutionSucceeded)
    assert [event.payload.result for event in events] == [{"rows": 12226}]


async def test_e09_a_transient_failure_waits_and_tries_again(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    error = {"code": "TIMEOUT", "message": "no answer", "transient": True}
    await finish(as_worker, result(execution, clock, outcome="FAILED", error=error))

    row = await row_of(session, execution)
    assert (row.status, row.failures) == ("PENDING", 1)
    assert row.due_at == clock.now() + timedelta(seconds=10)
    [event] = await published(session, OUTBOX, ExecutionRetrying)
    assert event.payload.next_attempt_at == row.due_at


async def test_logs_are_written_once(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    line = {
        "execution_id": str(execution),
        "attempt": 1,
        "seq": 1,
        "at": clock.now().isoformat(),
        "level": "INFO",
        "message": "hello\u0000world",
        "fields": {"bad\u0000key": "a\u0000b"},
    }
    for _ in range(2):
        answer = await as_worker.post("/internal/v1/executions/logs", json={"worker_id": "worker-one", "lines": [line]})
        assert answer.status_code == 200, answer.text
    rows = (await session.execute(text("SELECT message, fields FROM core.execution_logs"))).all()
    assert [tuple(row) for row in rows] == [("hello\N{REPLACEMENT CHARACTER}world", {"bad�key": "a�b"})]


# --- registration and heartbeats -------------------------------------------------------------------------------------


async def beat(
    worker: httpx.AsyncClient, *running: tuple[UUID, int], worker_id: str = "worker-one", **more: Any
) -> Any:
    answer = await worker.post(
        f"/internal/v1/workers/{worker_id}/heartbeat",
        json={"running": [{"execution_id": str(one), "attempt": attempt, **more} for one, attempt in running]},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_worker_announces_itself_and_its_jobs(
    session: WriteSession, clock: FakeClock, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    schema = {"type": "object", "properties": {"reference": {"type": "string"}}}
    job = {"name": "b3.cotahist.download", "title": "Baixar COTAHIST", "description": "d", "params_schema": schema}
    registration = {
        "worker_id": "worker-one",
        "host": "host-1",
        "pid": 7,
        "queues": ["default", "default"],
        "slots": 4,
        "version": "0.1.0",
        "jobs": [job, job],
    }
    for _ in range(2):
        answer = await as_worker.post("/internal/v1/workers", json=registration)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"lease_seconds": 9.0, "heartbeat_seconds": 3.0}

    [listed] = (await as_viewer.get("/api/v1/jobs")).json()["data"]
    assert (listed["name"], listed["params_schema"], listed["available"]) == (job["name"], schema, True)
    [worker] = (await as_viewer.get("/api/v1/workers")).json()["data"]
    assert (worker["id"], worker["status"], worker["slots"], worker["jobs"]) == (
        "worker-one",
        "alive",
        4,
        ["b3.cotahist.download"],
    )

    await as_worker.post("/internal/v1/workers", json={**registration, "jobs": [{**job, "name": "other.job"}]})
    jobs = (await as_viewer.get("/api/v1/jobs")).json()["data"]
    assert {item["name"]: item["available"] for item in jobs} == {"b3.cotahist.download": False, "other.job": True}
    assert (await as_viewer.get("/api/v1/jobs/none.such")).json()["code"] == "JOB_NOT_FOUND"


@pytest.mark.parametrize("key", [None, "wrong-key-wrong-key-wrong-key-wrong-key"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/internal/v1/workers"),
        ("POST", "/internal/v1/workers/worker-one/heartbeat"),
        ("POST", "/internal/v1/workers/worker-one/deregister"),
        ("POST", "/internal/v1/executions/claim"),
        ("POST", "/internal/v1/executions/finish"),
        ("POST", "/internal/v1/executions/logs"),
        ("GET", "/internal/v1/executions/00000000-0000-8000-8000-000000000000"),
    ],
)
async def test_internal_routes_need_an_internal_key(
    method: str, path: str, key: str | None, anonymous: httpx.AsyncClient
) -> None:
    answer = await anonymous.request(method, path, json={}, headers={"X-Internal-Key": key} if key else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "INTERNAL_KEY_REQUIRED")


@pytest.mark.parametrize("path", ["workers", "executions/claim", "executions/finish", "executions/logs"])
async def test_another_services_key_does_not_make_a_worker(path: str, api: Any) -> None:
    keys = InternalKeyring({"ai-svc": [SecretStr(AI_KEY)]})
    other = type(api)(api._app, api._state, api._issuer, internal_keyring=keys)
    async with other.client({"X-Internal-Key": AI_KEY}) as client:
        answer = await client.post(f"/internal/v1/{path}", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "WORKERS_ONLY")


async def test_e07_a_heartbeat_renews_leases_and_carries_progress(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    clock.advance(timedelta(seconds=3))
    reply = await beat(as_worker, (execution, 1), progress=0.5, progress_message="half\u0000way")
    assert reply == {"registered": True, "lease_seconds": 9.0, "revoked": [], "cancel": []}
    row = await row_of(session, execution)
    assert row.lease_until == clock.now() + timedelta(seconds=9)
    assert (row.progress, row.progress_message) == (0.5, "half\N{REPLACEMENT CHARACTER}way")
    await beat(as_worker, (execution, 1))
    assert (await row_of(session, execution)).progress == 0.5


async def test_e06_stale_attempts_are_revoked_fenced_and_not_logged(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    """A worker that was frozen: its lease ran out, the run went to another one, and now it comes back."""
    execution = await queued(session)
    await claim(as_worker, execution)
    clock.advance(timedelta(seconds=10))
    await recover(session, clock, lease_seconds=LEASE_SECONDS)
    await session.commit()
    assert [row.status for row in [await row_of(session, execution)]] == ["RECOVERY"]
    await register(session, clock, "worker-two")
    await force(session, execution, status="QUEUED")
    await session.commit()
    [again] = (await claim(as_worker, execution, worker_id="worker-two"))["claimed"]
    assert (again["attempt"], again["recoveries"]) == (2, 1)

    ref = {"execution_id": str(execution), "attempt": 1}
    reply = await beat(as_worker, (execution, 1))
    assert (reply["registered"], reply["revoked"]) == (False, [ref])
    line = {**ref, "seq": 1, "at": clock.now().isoformat(), "level": "INFO", "message": "m"}
    logged = await as_worker.post("/internal/v1/executions/logs", json={"worker_id": "worker-one", "lines": [line]})
    assert logged.json() == {"accepted": 0, "fenced": [ref]}
    assert await finish(as_worker, result(execution, clock)) == {"accepted": [], "fenced": [ref]}
    # Nor may it speak for the other one's attempt.
    assert (await finish(as_worker, result(execution, clock, attempt=2)))["fenced"] == [{**ref, "attempt": 2}]
    assert (await row_of(session, execution)).status == "RUNNING"

    done = await finish(as_worker, result(execution, clock, attempt=2), worker_id="worker-two")
    assert done["accepted"] == [{**ref, "attempt": 2}]
    rows = await session.execute(text("SELECT attempt, worker_id, outcome FROM core.attempts ORDER BY attempt"))
    assert [tuple(row) for row in rows] == [(1, "worker-one", "LOST"), (2, "worker-two", "SUCCEEDED")]


async def test_claim_refuses_what_no_longer_waits(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    waiting = await queued(session)
    pending = await add_one(session)
    other_job = await queued(session, job="not.mine")
    unknown = UUID(int=5)
    reply = await claim(as_worker, pending, waiting, unknown, other_job, waiting)
    assert [run["execution_id"] for run in reply["claimed"]] == [str(waiting)]
    assert set(reply["refused"]) == {str(pending), str(unknown), str(other_job)}
    assert (await claim(as_worker, waiting))["refused"] == [str(waiting)]
    assert await statuses(session, [other_job]) == ["QUEUED"]


async def test_an_unknown_worker_is_told_to_register(as_worker: httpx.AsyncClient) -> None:
    body = {"worker_id": "never-seen", "execution_ids": [str(UUID(int=1))]}
    answer = await as_worker.post("/internal/v1/executions/claim", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "WORKER_NOT_REGISTERED")
    assert (await beat(as_worker, worker_id="never-seen"))["registered"] is False


async def test_finish_handles_a_mixed_batch(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    ids = [await queued(session) for _ in range(6)]
    await claim(as_worker, *ids)
    error = {"code": "BAD_FILE", "message": "trailer", "transient": False, "detail": {"rows": float("1")}}
    reply = await finish(
        as_worker,
        result(ids[0], clock, result={"data": {}}),
        result(ids[1], clock, outcome="FAILED", error=error),
        result(ids[2], clock, outcome="TIMED_OUT"),
        result(ids[3], clock, outcome="CANCELLED"),
        result(ids[4], clock, outcome="HANDED_BACK"),
        result(ids[5], clock, attempt=9),
        result(UUID(int=3), clock),
    )
    assert len(reply["accepted"]) == 5
    assert {ref["execution_id"] for ref in reply["fenced"]} == {str(ids[5]), str(UUID(int=3))}
    expected = ["SUCCEEDED", "FAILED", "PENDING", "CANCELLED", "PENDING", "RUNNING"]
    assert await statuses(session, ids) == expected
    failed = await row_of(session, ids[1])
    assert (failed.reason, failed.error["code"]) == ("PERMANENT_ERROR", "BAD_FILE")
    handed_back = await row_of(session, ids[4])
    assert (handed_back.failures, handed_back.due_at) == (0, clock.now())
    assert len(await published(session, OUTBOX, ExecutionFailed)) == 1
    assert len(await published(session, OUTBOX, ExecutionCancelled)) == 1


async def test_a_goodbye_leaves_nothing_waiting_for_its_lease(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    assert (await as_worker.post("/internal/v1/workers/worker-one/deregister")).status_code == 204
    clock.advance(timedelta(seconds=1))
    await recover(session, clock, lease_seconds=LEASE_SECONDS)
    await session.commit()
    assert await statuses(session, [execution]) == ["RECOVERY"]


# --- E7 --------------------------------------------------------------------------------------------------------------


async def test_e07_a_lost_worker_is_noticed_and_its_runs_start_again(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    clock.advance(timedelta(seconds=8.9))
    assert await recover(session, clock, lease_seconds=LEASE_SECONDS) == []
    clock.advance(timedelta(seconds=0.2))
    await recover(session, clock, lease_seconds=LEASE_SECONDS)
    await session.commit()

    row = await row_of(session, execution)
    assert (row.status, row.recoveries, row.failures, row.due_at) == ("RECOVERY", 1, 0, clock.now())
    [lost] = await published(session, OUTBOX, WorkerLost)
    assert (lost.payload.worker_id, lost.payload.executions) == ("worker-one", 1)
    [recovered] = await published(session, OUTBOX, ExecutionRecovered)
    assert (recovered.payload.worker_id, recovered.payload.recoveries) == ("worker-one", 1)
    notes = (await session.scalars(text("SELECT event FROM core.scheduler_logs ORDER BY id"))).all()
    assert notes == ["WORKER_LOST", "EXECUTION_RECOVERED"]

    await register(session, clock, "worker-two")
    assert (await tick(session, clock)).handed == 1
    await session.commit()
    [run] = (await claim(as_worker, execution, worker_id="worker-two"))["claimed"]
    assert run["attempt"] == 2


async def test_e07_after_too_many_losses_it_fails_and_can_be_tried_again(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient, as_operator: httpx.AsyncClient
) -> None:
    execution = await queued(session, max_recoveries=2)
    for loss in range(1, 4):
        await register(session, clock)
        await force(session, execution, status="QUEUED")
        await session.commit()
        assert len((await claim(as_worker, execution))["claimed"]) == 1
        clock.advance(timedelta(seconds=10))
        await recover(session, clock, lease_seconds=LEASE_SECONDS)
        await session.commit()
        assert await statuses(session, [execution]) == ["FAILED" if loss == 3 else "RECOVERY"]

    read = (await as_operator.get(f"/api/v1/executions/{execution}")).json()["data"]
    assert (read["reason"]["code"], read["error"]["code"]) == ("WORKER_LOST", "WORKER_LOST")
    assert "lost 3 times" in read["error"]["message"]
    attempts = (await as_operator.get(f"/api/v1/executions/{execution}/attempts")).json()["data"]
    assert [item["outcome"] for item in attempts] == ["LOST"] * 3

    again = await as_operator.post(f"/api/v1/executions/{execution}/retry")
    assert again.status_code == 200
    row = await row_of(session, execution)
    assert (row.status, row.recoveries, row.failures, row.attempt) == ("PENDING", 0, 0, 3)


# --- E9 --------------------------------------------------------------------------------------------------------------


async def test_e09_attempts_are_used_up_one_by_one(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session, max_attempts=3)
    error = {"code": "NETWORK", "message": "no answer", "transient": True}
    seen = []
    for attempt in (1, 2, 3):
        await force(session, execution, status="QUEUED")
        await session.commit()
        await claim(as_worker, execution)
        await finish(as_worker, result(execution, clock, attempt=attempt, outcome="FAILED", error=error))
        row = await row_of(session, execution)
        seen.append((row.status, row.failures, (row.due_at - clock.now()).total_seconds()))
    assert seen[:2] == [("PENDING", 1, 10.0), ("PENDING", 2, 20.0)]
    assert seen[2][:2] == ("FAILED", 3)
    assert (await row_of(session, execution)).reason == "ATTEMPTS_USED_UP"


# --- logs ------------------------------------------------------------------------------------------------------------


async def test_logs_are_read_page_by_page(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)
    lines = [
        {
            "execution_id": str(execution),
            "attempt": 1,
            "seq": seq,
            "at": clock.now().isoformat(),
            "level": "INFO",
            "message": f"line {seq}",
        }
        for seq in range(1, 26)
    ]
    answer = await as_worker.post("/internal/v1/executions/logs", json={"worker_id": "worker-one", "lines": lines})
    assert answer.json()["accepted"] == 25

    url, read, cursor = f"/api/v1/executions/{execution}/logs", [], None
    while True:
        page = (await as_viewer.get(url, params={"limit": 10, **({"cursor": cursor} if cursor else {})})).json()
        read += [line["seq"] for line in page["data"]]
        cursor = page["meta"]["next_cursor"]
        if not page["meta"]["has_more"]:
            break
    assert read == list(range(1, 26))
    after = (await as_viewer.get(url, params={"attempt": 1, "after_seq": 20})).json()["data"]
    assert [line["seq"] for line in after] == [21, 22, 23, 24, 25]
    assert (await as_viewer.get(url, params={"cursor": "nonsense"})).json()["code"] == "INVALID_CURSOR"
    missing = await as_viewer.get(f"/api/v1/executions/{UUID(int=1)}/logs")
    assert (missing.status_code, missing.json()["code"]) == (404, "EXECUTION_NOT_FOUND")


async def test_e10_the_worker_is_told_how_long_a_stopped_run_may_clean_up(
    session: WriteSession, worker: str, as_worker: httpx.AsyncClient
) -> None:
    execution = await queued(session, cancel_grace_seconds=77)
    [run] = (await claim(as_worker, execution))["claimed"]
    assert run["cancel_grace_seconds"] == 77


async def test_e15_progress_and_its_end_are_shown(
    session: WriteSession, clock: FakeClock, worker: str, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    execution = await queued(session)
    await claim(as_worker, execution)

    async def beat(**progress: Any) -> dict[str, Any]:
        running = [{"execution_id": str(execution), "attempt": 1, **progress}]
        answer = await as_worker.post("/internal/v1/workers/worker-one/heartbeat", json={"running": running})
        assert answer.json()["revoked"] == []
        return (await as_viewer.get(f"/api/v1/executions/{execution}")).json()["data"]

    shown = await beat(progress=0.5, progress_message="3 of 6", eta_seconds=90)
    assert (shown["progress"], shown["progress_message"]) == (0.5, "3 of 6")
    assert datetime.fromisoformat(shown["eta_at"]) == clock.now() + timedelta(seconds=90)
    back = await beat(progress=0.25)
    assert (back["progress"], back["progress_message"], back["eta_at"]) == (0.25, "3 of 6", None)
