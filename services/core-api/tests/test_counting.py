"""What is announced is counted, once, when it is committed."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY

from core_api.announcing import outbox_for
from core_api.metrics import REASONS, count
from core_api.modules.executions.public import ReasonCode
from shared_schemas.events.executions import ExecutionFailed, ExecutionSkipped
from shared_schemas.events.operations import WorkerLost
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

LOST = WorkerLost(worker_id="w", host="h", executions=0)


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_only_what_is_committed_counts(session: WriteSession, clock: FakeClock) -> None:
    before = value("workers_lost_total")
    outbox_for(session, clock).add(LOST)
    await session.rollback()
    outbox = outbox_for(session, clock)
    outbox.add(LOST)
    savepoint = await session.begin_nested()
    outbox.add(LOST)
    await outbox.flush()
    await savepoint.rollback()
    assert value("workers_lost_total") == before
    await session.commit()
    assert value("workers_lost_total") == before + 1
    await session.commit()
    assert value("workers_lost_total") == before + 1


def skips() -> Iterator[tuple[str, str]]:
    for code in ("MISFIRED", "SUPERSEDED", "COALESCED", "UPSTREAM_FAILED", "UPSTREAM_SKIPPED", "UPSTREAM_NOT_PLANNED"):
        yield ReasonCode(code), code.lower()
    yield "SOMETHING_NEW", "other"


@pytest.mark.parametrize(("reason", "told"), list(skips()))
def test_reasons_of_skips_are_a_closed_set(reason: str, told: str) -> None:
    before = value("executions_finished_total", status="SKIPPED", reason=told)
    count([ExecutionSkipped.model_construct(reason=reason)])
    assert value("executions_finished_total", status="SKIPPED", reason=told) == before + 1
    assert told in REASONS["SKIPPED"]


@pytest.mark.parametrize(
    ("code", "told"), [("TIMED_OUT", "timeout"), ("WORKER_LOST", "worker_lost"), ("TEAMS_OWN_CODE", "error")]
)
def test_a_teams_own_error_codes_make_no_series(code: str, told: str) -> None:
    before = value("executions_finished_total", status="FAILED", reason=told)
    count([ExecutionFailed.model_construct(error_code=code)])
    assert value("executions_finished_total", status="FAILED", reason=told) == before + 1
