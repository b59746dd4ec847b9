import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared_schemas.auth import AuthContext, Role
from shared_schemas.events.envelope import EventEnvelope
from shared_schemas.events.operations import WorkerLost
from shared_schemas.jobs import (
    MAX_BATCH,
    ClaimRequest,
    Heartbeat,
    JobDescriptor,
    LogLine,
    RunningAttempt,
    WorkerRegistration,
    band_of,
    wake_stream,
    work_stream,
)

ALL = [Role.VIEWER, Role.OPERATOR, Role.ADMIN]


@pytest.mark.parametrize(
    ("held", "may"),
    [
        ([], []),
        ([Role.VIEWER], [Role.VIEWER]),
        ([Role.OPERATOR], [Role.VIEWER, Role.OPERATOR]),
        ([Role.ADMIN], ALL),
        ([Role.VIEWER, Role.ADMIN], ALL),
    ],
)
def test_a_role_may_do_what_the_ones_below_it_may(held, may):
    caller = AuthContext(subject="ana", issuer="https://id", roles=frozenset(held))
    assert [role for role in ALL if caller.may(role)] == may


def test_a_caller_cannot_be_changed():
    caller = AuthContext(subject="ana", issuer="https://id")
    with pytest.raises(ValidationError, match="frozen"):
        caller.roles = frozenset({Role.ADMIN})


@pytest.mark.parametrize(
    ("priority", "band"), [(-5, 1), (0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3), (99, 3), (32767, 3)]
)
def test_bands(priority, band):
    assert band_of(priority) == band


@given(st.integers(), st.integers())
def test_a_more_urgent_priority_is_never_in_a_later_band(one, other):
    urgent, patient = sorted((one, other))
    assert band_of(urgent) <= band_of(patient)


def test_keys_of_one_queue_share_a_hash_tag():
    assert work_stream("default", 2) == "queue:worker:{default}:p2"
    assert wake_stream("default") == "queue:worker:{default}:wake"


@pytest.mark.parametrize("queue", ["", "Default", "a b", "a}b", "x" * 41, "-a"])
def test_queue_names_that_would_break_a_key_are_refused(queue):
    with pytest.raises(ValidationError):
        WorkerRegistration(worker_id="worker-1", host="h", pid=1, queues=[queue], slots=1, version="1", jobs=[])


@pytest.mark.parametrize("name", ["job_baixar_arquivos_b3", "b3.cotahist.download", "system.check"])
def test_the_names_of_the_seed_are_job_names(name):
    assert JobDescriptor(name=name, title="t", description="d", params_schema={}).name == name


def test_batches_have_a_limit():
    ids = [uuid4() for _ in range(MAX_BATCH + 1)]
    with pytest.raises(ValidationError):
        ClaimRequest(worker_id="worker-1", execution_ids=ids)
    with pytest.raises(ValidationError):
        ClaimRequest(worker_id="worker-1", execution_ids=[])
    assert len(ClaimRequest(worker_id="worker-1", execution_ids=ids[:-1]).execution_ids) == MAX_BATCH


@pytest.mark.parametrize("progress", [-0.1, 1.1])
def test_progress_is_a_fraction(progress):
    with pytest.raises(ValidationError):
        RunningAttempt(execution_id=uuid4(), attempt=1, progress=progress)


def test_a_log_line_counts_from_one():
    with pytest.raises(ValidationError):
        LogLine(execution_id=uuid4(), attempt=1, seq=0, at=datetime(2026, 1, 1, tzinfo=UTC), level="INFO", message="x")


def test_readers_ignore_what_they_do_not_know():
    assert Heartbeat.model_validate({"running": [], "added_later": 1}) == Heartbeat(running=[])
    envelope = {
        "event_id": str(uuid4()),
        "event_type": "worker.lost",
        "version": 1,
        "occurred_at": "2026-11-20T12:00:00Z",
        "correlation_id": "c",
        "source_service": "core-api",
        "added_later": True,
        "payload": {"worker_id": "w", "host": "h", "executions": 1, "added_later": []},
    }
    read = EventEnvelope[WorkerLost].model_validate_json(json.dumps(envelope))
    assert read.payload == WorkerLost(worker_id="w", host="h", executions=1)
    assert read.traceparent is None
