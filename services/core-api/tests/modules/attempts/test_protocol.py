"""The worker protocol over HTTP: claim, heartbeat, logs, finish (E6-E9)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from core_api.database import OUTBOX
from factories.executions import add_one, force, row_of
from factories.workers import register
from sqlalchemy import text

from shared_schemas.events.executions import ExecutionRetrying, ExecutionStarted, ExecutionSucceeded
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.testing.events import published


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
